"""Erase again what a restore brought back."""

from typing import Any

from django.core.management.base import BaseCommand

from teduh.kernel import clock
from teduh.kernel.sealing.keyring import replay_erasures


class Command(BaseCommand):
    """Run after every restore: keys named by the erasure ledger are destroyed again."""

    help = "Destroy again every data key that the erasure ledger names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, and print how many keys a restore had brought back."""
        self.stdout.write(
            f"{replay_erasures(at=clock.now())} erased keys had come back and were destroyed again"
        )
