"""Take an offer up, step in as supervisor, and end the conversation with its episode."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.episodes import join_team, open_episode
from teduh.care.actions.requests import take_at_level
from teduh.care.models import Episode
from teduh.care.policies import insist
from teduh.care.states import EpisodeState, LevelKey, TeamPart
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.machine import rule_for
from teduh.messaging.actions import close_room, join_room, leave_room, open_room
from teduh.messaging.states import Part, RoomKind
from teduh.peers import policies
from teduh.peers.actions.offers import lock_request, offer_next, standing_bars, step_offer, waits_for_peer
from teduh.peers.matching import Bar
from teduh.peers.models import Offer, Supporter
from teduh.peers.names import shown_name, supervisor_name
from teduh.peers.states import OFFER_RULES, OfferState, OfferStep
from teduh.people.access import Actor, system_actor
from teduh.people.models import Person

if TYPE_CHECKING:
    from teduh.messaging.models import Room

#: What a supporter is told when a rule stands against taking a conversation; the rest is nobody's business.
_WHY_NOT: dict[Bar, str | Promise] = {
    Bar.RESTING: _("You are resting now. Somebody else is asked, so nobody is left alone."),
    Bar.FULL: _("You already carry as many conversations as you may. Somebody else is asked."),
}


def running(supporter: Supporter) -> int:
    """Count the conversations a supporter carries now."""
    return Offer.objects.filter(
        supporter=supporter, state=OfferState.ACCEPTED, episode__state=EpisodeState.ACTIVE
    ).count()


def accept(*, offer: Offer, by: Actor, at: datetime) -> Offer:
    """Take the conversation up: opens the episode, the supervisor joins the team, the room opens under a
    pseudonym.

    Capacity, rest and every other hard rule are checked again under the supporter's lock, so that two at
    once cannot exceed them. Accepting again gives the same conversation.

    Raises Refused where a rule stands against it (the next supporter is asked) or the request no longer
    waits.
    """
    with transaction.atomic():
        refusal = _accept(offer, by, at)
    if refusal is not None:
        raise refusal
    return offer


def _accept(offer: Offer, by: Actor, at: datetime) -> Refused | None:
    insist(policies.may_answer(by, offer))
    request = lock_request(offer.help_request_id)
    supporter = Supporter.objects.select_related("person", "supervisor").get(pk=offer.supporter_id)
    offer.refresh_from_db(fields=["state", "episode", "room"])
    if offer.state == OfferState.ACCEPTED:
        return None
    rule_for(OFFER_RULES, OfferState(offer.state), OfferStep.ACCEPT)
    if not waits_for_peer(request) or request.person is None:
        return Refused("not_waiting", _("This request is no longer waiting for a peer."))
    standing = standing_bars(offer, at=at)
    if running(supporter) >= supporter.capacity:
        standing = (*standing, Bar.FULL)
    if standing:
        # Not raised here: what follows for the seeker must be kept.
        step_offer(offer, OfferStep.WITHDRAW, system_actor(), at)
        offer_next(help_request=request, by=system_actor(), at=at)
        told_why = next((_WHY_NOT[bar] for bar in standing if bar in _WHY_NOT), None)
        return Refused("ruled_out", told_why or _("This conversation is no longer offered to you."))
    episode = open_episode(
        organisation=offer.organisation,
        person=request.person,
        level=LevelKey.PEER,
        lead=supporter.person,
        topic=request.topic,
        by=by,
        at=at,
        help_request=request,
    )
    join_team(
        episode=episode,
        member=supporter.supervisor,
        part=TeamPart.SUPERVISOR,
        purpose="supervision",
        by=by,
        at=at,
    )
    name = shown_name(
        request.person.nickname, request.person.full_name, request.public_id, names_taken(supporter)
    )
    room = open_room(
        organisation=offer.organisation,
        kind=RoomKind.PEER,
        subject=request.person,
        matter=episode.public_id,
        participants=[
            (request.person, Part.SEEKER, name),
            (supporter.person, Part.HELPER, supporter.person.called),
        ],
        by=by,
        at=at,
    )
    take_at_level(request=request, episode=episode, by=by, at=at)
    step_offer(offer, OfferStep.ACCEPT, by, at, episode=episode, room=room)
    return None


def names_taken(supporter: Supporter) -> set[str]:
    """Return the names under which others write to this supporter now, so that no two are called alike."""
    return {
        name
        for name in Offer.objects.filter(
            supporter=supporter, state=OfferState.ACCEPTED, episode__state=EpisodeState.ACTIVE
        ).values_list("room__participants__shown_as", flat=True)
        if name
    }


def _person(by: Actor) -> Person:
    if by.person_id is None:
        raise NotVisible
    return Person.objects.get(pk=by.person_id)


@transaction.atomic
def step_in(*, offer: Offer, by: Actor, at: datetime) -> None:
    """Let the supervisor take part, visible to both; doing it again changes nothing.

    Raises Refused where the conversation has ended, NotVisible for whoever does not supervise it or is
    excluded.
    """
    insist(policies.may_join(by, offer))
    if offer.room is None or offer.episode is None or offer.episode.state != EpisodeState.ACTIVE:
        raise Refused("not_running", _("This conversation has ended."))
    bring_in(room=offer.room, episode=offer.episode, supervisor=_person(by), by=by, at=at)


def bring_in(*, room: "Room", episode: Episode, supervisor: Person, by: Actor, at: datetime) -> None:
    """Let an adult into a conversation, visible to both; whoever calls this has decided that they may."""
    join_team(
        episode=episode,
        member=supervisor,
        part=TeamPart.SUPERVISOR,
        purpose="supervision",
        by=by,
        at=at,
    )
    join_room(
        room=room,
        person=supervisor,
        part=Part.SUPERVISOR,
        shown_as=supervisor_name(supervisor.called, supervisor.sex),
        by=by,
        at=at,
    )


@transaction.atomic
def go_on_with(*, episode: Episode, taker: Person, at: datetime) -> None:
    """Bring the counsellor who took over into the conversation, visible to both; the spine has decided
    that they may."""
    offer = Offer.objects.select_related("room").filter(episode=episode).first()
    if offer is not None and offer.room is not None and episode.state == EpisodeState.ACTIVE:
        bring_in(room=offer.room, episode=episode, supervisor=taker, by=system_actor(), at=at)


@transaction.atomic
def step_out(*, offer: Offer, by: Actor, at: datetime) -> None:
    """Let the supervisor leave the conversation to the two; the supervision itself goes on."""
    insist(policies.may_join(by, offer))
    if offer.room is not None:
        leave_room(room=offer.room, person=_person(by), by=by, at=at)


@transaction.atomic
def end_with(*, episode: Episode, at: datetime) -> None:
    """Close the room of an episode that is closed; both may still read it."""
    with_room = Offer.objects.select_related("room__organisation", "room__subject")
    offer = with_room.filter(episode=episode).first()
    if offer is not None and offer.room is not None:
        close_room(room=offer.room, by=system_actor(), at=at)


def note_contacts() -> int:
    """Let the spine know when a conversation last had a message, so that its clock of silence tells the
    truth."""
    count = 0
    running_now = Offer.objects.filter(state=OfferState.ACCEPTED, episode__state=EpisodeState.ACTIVE)
    for episode_id, last in running_now.annotate(last=Max("room__messages__sent_at")).values_list(
        "episode_id", "last"
    ):
        if last is not None:
            newer = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=last)
            count += Episode.objects.filter(newer, pk=episode_id).update(last_contact_at=last)
    return count
