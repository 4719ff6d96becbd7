"""Make the root key."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from teduh.kernel.sealing.root import make_root_key


class Command(BaseCommand):
    """Make the root key where there is none, with a clear word about keeping it."""

    help = "Make the root key (once)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say that it is there."""
        if make_root_key():
            self.stdout.write(f"A root key was made: {settings.ROOT_KEY_FILE}")
            self.stdout.write(
                "Keep a copy in another place. Without it no note and no message can ever be read again."
            )
            self.stdout.write(
                "Whoever has it and the database can read everything: never keep both copies together."
            )
        else:
            self.stdout.write("A root key is there already; nothing was changed.")
