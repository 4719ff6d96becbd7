"""Rotate keys."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from teduh.kernel.sealing import keyring, rotation


class Command(BaseCommand):
    """Rewrap what the previous root key holds, then rotate or resume the scope keys."""

    help = "Rotate keys: root (with TEDUH_PREVIOUS_ROOT_KEY set) and, with --scopes, the key of every organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose between a new round and going on with one that was stopped."""
        parser.add_argument("--scopes", action="store_true", help="make a new key for every organisation")
        parser.add_argument("--resume", action="store_true", help="go on with a rotation that was stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and print what was moved."""
        self.stdout.write(f"scope keys under the present root key: {keyring.rewrap_root()} rewrapped")
        if options["scopes"] or options["resume"]:
            for scope in rotation.scopes():
                moved = rotation.rotate_scope(scope) if options["scopes"] else rotation.resume_scope(scope)
                self.stdout.write(f"organisation {scope}: {moved} data keys moved")
