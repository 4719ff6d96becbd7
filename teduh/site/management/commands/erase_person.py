"""Erase a person for good."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.care.models import Alert, Episode, HelpRequest
from teduh.care.states import EpisodeState
from teduh.kernel import clock
from teduh.people.access import system_actor
from teduh.people.actions.erasure import erase_person
from teduh.people.models import Person


class Command(BaseCommand):
    """Destroys the keys of what is written about a person, and takes their name out of every table of people.

    Refused while somebody still cares for them: an alert that nobody can open any more would help nobody.
    """

    help = "Erase a person: keys, names, numbers, log-in. It cannot be taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and that it is meant."""
        parser.add_argument("public_id", type=uuid.UUID, help="id of the person, as in the page's address")
        parser.add_argument("--yes", action="store_true", help="it is meant, and cannot be taken back")

    def handle(self, *args: Any, public_id: uuid.UUID, yes: bool, **options: Any) -> None:
        """Check, then erase."""
        person = Person.objects.filter(public_id=public_id).first()
        if person is None:
            raise CommandError("There is no such person.")
        if not yes:
            raise CommandError("Nothing was changed. This cannot be taken back: repeat it with --yes.")
        waiting = {
            "episodes": Episode.objects.filter(person=person).exclude(state=EpisodeState.CLOSED),
            "alerts": Alert.objects.open().filter(person=person),
            "requests": HelpRequest.objects.waiting().filter(person=person),
        }
        unfinished = [name for name, rows in waiting.items() if rows.exists()]
        if unfinished:
            raise CommandError(
                f"Nothing was changed. Close first what is open about this person: {', '.join(unfinished)}."
            )
        if erase_person(person=person, by=system_actor(), at=clock.now()):
            self.stdout.write(self.style.SUCCESS("Erased. Copies of the database still hold the person;"))
            self.stdout.write("after a restore run replay_erasures, then this command again.")
        else:
            self.stdout.write("This person was erased before. Nothing was changed.")
