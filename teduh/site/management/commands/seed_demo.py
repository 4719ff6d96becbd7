"""Seed the demo school."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from teduh.site.demo.seed import is_seeded, seed

#: The stories are past: what they would enqueue (reminders, new offers) has had its time.
QUIET = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}


class Command(BaseCommand):
    """Fill an empty demo installation with invented people; once."""

    help = "Seed the fictional school (demo mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, unless it is there.

        Raises CommandError outside demo and test mode.
        """
        if settings.MODE == "production":
            raise CommandError("the demo school is never seeded into a real installation")
        if is_seeded():
            self.stdout.write("The demo school is there.")
            return
        started = time.monotonic()
        with override_settings(TASKS=QUIET):
            made = seed()
        self.stdout.write(
            f"The demo school was seeded in {time.monotonic() - started:.0f} s: {made.persons} people, "
            f"{made.requests} requests, {made.episodes} episodes, {made.messages} messages, "
            f"{made.referrals} referrals, {made.alerts} alerts. All of it is invented."
        )
