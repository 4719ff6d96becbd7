"""Draws the state diagrams of the documentation from the transition tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.site.diagrams import FOLDER, stale, write


class Command(BaseCommand):
    help = "Draw docs/diagrams/*.mmd from the transition tables of the rooms."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where a drawing is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if found := stale():
                raise CommandError(f"stale: {', '.join(found)}")
            self.stdout.write("All diagrams are current.")
            return
        for name in write():
            self.stdout.write(f"drawn {FOLDER.name}/{name}")
