"""How views load: what the actor may not see is not there."""

import uuid
from datetime import datetime
from functools import cache

from teduh.care.models import Alert, Episode, FollowUp, Goal, HelpRequest, Referral
from teduh.kernel.errors import NotVisible
from teduh.kernel.prepared import Prepared
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.states import Role

_EPISODE_RELATED = ("person__data_key", "organisation", "lead", "help_request")


@cache
def _visible_episode(related: tuple[str, ...]) -> Prepared:
    return Prepared(
        lambda person, at, public_id: (
            Episode.objects.visible_to(Actor(person_id=person, at=at))
            .select_related(*related)
            .filter(public_id=public_id)
        ),
        person=int,
        at=datetime,
        public_id=uuid.UUID,
    )


def visible_episode(
    actor: Actor, public_id: uuid.UUID, related: tuple[str, ...] = _EPISODE_RELATED
) -> Episode:
    """Return an episode that the actor may see, with what is related, or raise NotVisible."""
    if actor.person_id is None:
        raise NotVisible
    query = _visible_episode(related)
    found: list[Episode] = query.instances(person=actor.person_id, at=actor.at, public_id=public_id)
    if not found:
        raise NotVisible
    return found[0]


def visible_request(actor: Actor, public_id: uuid.UUID) -> HelpRequest:
    """Return a request that the actor may see, or raise NotVisible."""
    related = ("person__data_key", "organisation", "sent_by")
    row = HelpRequest.objects.visible_to(actor).select_related(*related).filter(public_id=public_id).first()
    if row is None:
        raise NotVisible
    return row


def visible_referral(actor: Actor, public_id: uuid.UUID) -> Referral:
    """Return a referral that the actor sees as a side or is about, or raise NotVisible."""
    related = (
        "person__data_key",
        "organisation",
        "to_organisation",
        "made_by",
        "from_episode__lead",
        "to_episode",
    )
    both = (
        Referral.objects.visible_to(actor).values("pk").union(Referral.objects.of_person(actor).values("pk"))
    )
    row = (
        Referral.objects.select_related(*related, "answered_by", "consent", "from_episode__person")
        .filter(pk__in=both, public_id=public_id)
        .first()
    )
    if row is None:
        raise NotVisible
    return row


def visible_alert(actor: Actor, public_id: uuid.UUID) -> Alert:
    """Return an alert that the actor may see, or raise NotVisible."""
    row = (
        Alert.objects.visible_to(actor)
        .select_related("person", "organisation")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotVisible
    return row


def visible_follow_up(actor: Actor, public_id: uuid.UUID) -> FollowUp:
    """Return a follow-up of an episode that the actor may see, or raise NotVisible."""
    row = (
        FollowUp.objects.filter(episode__in=Episode.objects.visible_to(actor), public_id=public_id)
        .select_related("episode__person", "owner")
        .first()
    )
    if row is None:
        raise NotVisible
    return row


def student_of_school(actor: Actor, organisation_id: int, public_id: uuid.UUID) -> Person:
    """Return a student of a school from whom the actor is not excluded, or raise NotVisible."""
    found = (
        Person.objects.with_role(Role.STUDENT, organisation_id)
        .not_excluding(actor.person_id)
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def goal_of(episode: Episode, public_id: uuid.UUID) -> Goal:
    """Return a goal of an episode that was loaded for the actor, or raise NotVisible."""
    related = ("episode__person", "sealing_key__scope_key")
    row = Goal.objects.select_related(*related).filter(episode=episode, public_id=public_id).first()
    if row is None:
        raise NotVisible
    return row


def own_person(actor: Actor) -> Person:
    """Return the actor's own person."""
    return Person.objects.get(pk=actor.own_id)
