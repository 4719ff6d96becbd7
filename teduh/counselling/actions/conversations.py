"""The conversation by message between a student and the counsellor who leads: opened, handed on, closed."""

from datetime import datetime

from django.db import transaction

from teduh.care.models import Episode
from teduh.counselling import policies
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.messaging.actions import close_room, join_room, leave_room, open_room
from teduh.messaging.models import Participant, Room
from teduh.messaging.states import Part, RoomKind
from teduh.people.access import Actor, system_actor
from teduh.people.models import Person
from teduh.people.told import told


@transaction.atomic
def open_conversation(*, episode: Episode, by: Actor, at: datetime) -> Room:
    """Return the one conversation of a counselling episode, opened now where there is none yet.

    The lead alone opens it, and whoever led before is let out. The episode's row is held, so that two taps, a
    hand-over or a closing at the same moment cannot leave a second or an ownerless room. Raises NotVisible for
    everybody else and for an episode that is closed or of another level.
    """
    # The row alone is held: what is joined to it must stay free for others.
    held = Episode.objects.select_for_update(of=("self",)).select_related("organisation", "person", "lead")
    current = held.get(pk=episode.pk)
    if not policies.may_converse(by, current):
        raise NotVisible
    known = _open_room(current)
    room = open_room(
        organisation=current.organisation,
        kind=RoomKind.CARE,
        subject=current.person,
        matter=current.public_id,
        participants=[(current.person, Part.SEEKER, current.person.called)],
        by=by,
        at=at,
    )
    _seat(room, current.lead, by, at)
    if known is None:
        audit.record(told(by, "counselling.conversation.open", current, subject=current.person), at=at)
    return room


@transaction.atomic
def pass_conversation_on(*, episode: Episode, former: Person, at: datetime) -> None:
    """Let the former lead out of the conversation and the present one in; without a room nothing happens."""
    current = Episode.objects.select_related("lead").get(pk=episode.pk)
    room = _open_room(current)
    if room is None:
        return
    leave_room(room=room, person=former, by=system_actor(), at=at)
    if current.lead_id != former.pk:
        _seat(room, current.lead, system_actor(), at)


@transaction.atomic
def close_conversation(*, episode: Episode, at: datetime) -> None:
    """Close the conversation with its episode: both may still read it, nobody writes any more."""
    room = _open_room(episode)
    if room is not None:
        close_room(room=room, by=system_actor(), at=at)


def _open_room(episode: Episode) -> Room | None:
    rows = Room.objects.select_related("organisation", "subject")
    return rows.filter(kind=RoomKind.CARE, matter=episode.public_id, closed_at__isnull=True).first()


def _seat(room: Room, lead: Person, by: Actor, at: datetime) -> None:
    """One helper at a time: whoever else listened here leaves before the lead joins."""
    others = Participant.objects.filter(room=room, part=Part.HELPER, left_at__isnull=True)
    for other in others.exclude(person=lead).select_related("person"):
        leave_room(room=room, person=other.person, by=by, at=at)
    join_room(room=room, person=lead, part=Part.HELPER, shown_as=lead.full_name, by=by, at=at)
