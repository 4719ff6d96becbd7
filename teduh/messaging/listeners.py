"""What messaging does when people are erased."""

from datetime import datetime
from typing import TYPE_CHECKING

from teduh.messaging.actions.rooms import close_room
from teduh.messaging.models import Participant, Room

if TYPE_CHECKING:
    from teduh.people.access import Actor
    from teduh.people.models import Person

#: The name that the others see from then on.
NOBODY = "—"


def on_person_erased(person: "Person", by: "Actor", at: datetime) -> None:
    """Close the conversations that served the person, and take their name out of every conversation."""
    rooms = Room.objects.filter(subject=person, closed_at__isnull=True)
    for room in rooms.select_related("subject", "organisation").order_by("pk"):
        close_room(room=room, by=by, at=at)
    Participant.objects.filter(person=person).exclude(shown_as=NOBODY).update(shown_as=NOBODY)
