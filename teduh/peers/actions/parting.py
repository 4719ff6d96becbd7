"""Who loses a role, or is shut out, leaves the conversation at once; the seeker is not left alone in it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from teduh.care.duty import who_watches
from teduh.care.states import EpisodeState
from teduh.kernel import audit
from teduh.messaging.actions import leave_room
from teduh.messaging.models import Participant
from teduh.messaging.states import Part, RoomKind
from teduh.peers.actions.conversations import bring_in
from teduh.peers.actions.offers import take_from
from teduh.peers.models import Offer, Supporter
from teduh.people.access import Actor, actor_of
from teduh.people.models import Person, RoleGrant
from teduh.people.states import Role
from teduh.people.told import told

_STEPS_IN = (Role.PEER_SUPERVISOR, Role.COUNSELLOR, Role.LEAD_COUNSELLOR)


@transaction.atomic
def part_with_role(*, grant: RoleGrant, by: Actor, at: datetime) -> None:
    """Let a supporter, or a supervisor whom no other role keeps there, out of the school's conversations.

    A supporter gets no more offers, and what waited is taken back.
    """
    if grant.role == Role.PEER_SUPPORTER:
        _stop(grant, by, at)
        _leave(grant.person, (Part.HELPER,), by, at, organisation_id=grant.organisation_id)
    elif grant.role in _STEPS_IN and not actor_of(grant.person, at=at).has(
        *_STEPS_IN, organisation_id=grant.organisation_id
    ):
        _leave(grant.person, (Part.SUPERVISOR,), by, at, organisation_id=grant.organisation_id)


@transaction.atomic
def part_from_person(*, person: Person, member: Person, by: Actor, at: datetime) -> None:
    """Let somebody who was just shut out from a seeker out of that seeker's conversations."""
    _leave(member, (Part.HELPER, Part.SUPERVISOR), by, at, subject_id=person.pk)


def _stop(grant: RoleGrant, by: Actor, at: datetime) -> None:
    supporter = Supporter.objects.filter(person=grant.person, organisation_id=grant.organisation_id).first()
    if supporter is None:
        return
    audit.hold(grant.organisation.public_id)
    if Supporter.objects.filter(pk=supporter.pk, is_active=True).update(is_active=False):
        entry = told(
            by, "peers.supporter.stop", supporter, subject=grant.person, scope=grant.organisation.public_id
        )
        audit.record(entry, at=at)
    take_from(supporter=supporter, by=by, at=at)


def _leave(member: Person, parts: Collection[Part], by: Actor, at: datetime, **of_room: int) -> None:
    seats = Participant.objects.filter(
        person=member,
        part__in=parts,
        left_at__isnull=True,
        room__kind=RoomKind.PEER,
        **{f"room__{name}": value for name, value in of_room.items()},
    )
    for seat in seats.select_related("room__organisation", "room__subject").order_by("pk"):
        leave_room(room=seat.room, person=member, by=by, at=at)
        if seat.part == Part.HELPER and seat.room.closed_at is None:
            _send_supervisor(seat, by, at)


def _send_supervisor(seat: Participant, by: Actor, at: datetime) -> None:
    offer = (
        Offer.objects.filter(room=seat.room)
        .select_related("episode__organisation", "episode__person")
        .first()
    )
    episode = offer.episode if offer is not None else None
    if episode is None or episode.state != EpisodeState.ACTIVE:
        return
    watcher = who_watches(episode, episode.organisation, episode.person)
    if watcher is not None:
        bring_in(room=seat.room, episode=episode, supervisor=watcher, by=by, at=at)
