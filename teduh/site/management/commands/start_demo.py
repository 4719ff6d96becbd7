"""Start the demo school on one address."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teduh.kernel.sealing.root import make_root_key
from teduh.site.tour import DEMO_PASSWORD, TOUR


class Command(BaseCommand):
    """Set up what a first start needs, seed the demo school once, print the way in, and serve."""

    help = "Set up, migrate, seed the fictional school and serve it on one address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve.

        Raises CommandError outside demo mode: a real school is never seeded with invented people.
        """
        if not settings.DEMO:
            raise CommandError(
                "start_demo runs in demo mode only (TEDUH_MODE=demo); see `init_school` for a real school"
            )
        if make_root_key():
            self.stdout.write(
                f"A root key was made: {settings.ROOT_KEY_FILE}. Without it nothing sealed can be read."
            )
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_demo")
        host = options["host"] if ":" not in options["host"] else f"[{options['host']}]"
        self.stdout.write(f"\nTeduh, demo school (fictional data): http://{host}:{options['port']}/\n")
        self.stdout.write(f"One log-in per role; the password of each is {DEMO_PASSWORD}\n")
        for stop in TOUR:
            self.stdout.write(f"  {stop.key:<8} {stop.label}")
        self.stdout.write("")
        self.stdout.flush()
        call_command("serve", host=options["host"], port=options["port"])
