"""Print who reaches which address."""

from typing import Any

from django.core.management.base import BaseCommand

from teduh.site.access_table import draw_table, read_table


class Command(BaseCommand):
    """Print the table that the tests prove: every address and method, for ten actors and a visitor."""

    help = "Print the access matrix: every URL and method by actor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        self.stdout.write(draw_table(read_table()))
