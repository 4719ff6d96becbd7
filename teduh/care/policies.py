"""May they? Decisions of the spine."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, F, Q

from teduh.care.levels import receiving_roles
from teduh.care.models import Alert, CareTeamMember, Episode, HelpRequest, Referral
from teduh.care.models.request import INTAKE_ROLES
from teduh.care.states import EpisodeState, LevelKey, TeamPart
from teduh.kernel.errors import NotVisible
from teduh.kernel.prepared import Prepared
from teduh.people.access import Actor, Decision
from teduh.people.models import Exclusion
from teduh.people.models.person import in_force

_SHUT_OUT = Prepared(
    lambda actor, person, at: Exclusion.objects.filter(
        in_force(at), person_id=person, excluded_id=actor
    ).values_list("pk")[:1],
    actor=int,
    person=int,
    at=datetime,
)


def excluded(actor: Actor, person_id: int | None) -> bool:
    """Tell whether the actor is shut out from a person's matters; it wins over every role and membership."""
    if person_id is None or actor.person_id is None:
        return False
    return bool(_SHUT_OUT.rows(actor=actor.person_id, person=person_id, at=actor.at))


#: Purposes that open an episode for reading only: who received the referral reads what led to it.
READ_ONLY = frozenset({"referral"})


class Membership(NamedTuple):
    """What somebody is on a care team as, and why."""

    part: str
    purpose: str


_MEMBER = Prepared(
    lambda actor, episode, person, at: (
        CareTeamMember.objects.filter(in_force(at), member_id=actor)
        .filter(Q(episode_id=episode) | Q(episode__isnull=True, person_id=person))
        .exclude(Exists(Exclusion.objects.filter(in_force(at), person_id=person, excluded_id=actor)))
        .order_by(F("episode_id").asc(nulls_last=True), "pk")
        .values_list("part", "purpose")[:1]
    ),
    actor=int,
    episode=int,
    person=int,
    at=datetime,
)


def membership(actor: Actor, episode: Episode) -> Membership | None:
    """Return the actor's present membership of an episode's care team, or None; excluded means None."""
    if actor.person_id is None:
        return None
    rows = _MEMBER.rows(actor=actor.person_id, episode=episode.pk, person=episode.person_id, at=actor.at)
    return Membership(*rows[0]) if rows else None


def part_in(actor: Actor, episode: Episode) -> TeamPart | None:
    """Return the actor's present part in an episode's care team, or None."""
    member = membership(actor, episode)
    return TeamPart(member.part) if member else None


def may_view_episode(actor: Actor, episode: Episode) -> Decision:
    """The care team may; nobody else, whatever their role."""
    part = part_in(actor, episode)
    return Decision(part is not None, part or "not_on_team")


def may_write_in(actor: Actor, episode: Episode) -> Decision:
    """The care team may write in an active episode, save who is there to read what led to a referral."""
    if episode.state != EpisodeState.ACTIVE:
        return Decision(False, "closed")
    member = membership(actor, episode)
    if member is None:
        return Decision(False, "not_on_team")
    return Decision(member.purpose not in READ_ONLY, member.purpose)


def may_lead(actor: Actor, episode: Episode) -> Decision:
    """The lead may close, refer and change the team; in a peer's episode the supervisor may as well."""
    part = part_in(actor, episode)
    allowed = part == TeamPart.LEAD or (part == TeamPart.SUPERVISOR and episode.level == LevelKey.PEER)
    return Decision(allowed, part or "not_on_team")


def may_pass_on(actor: Actor, episode: Episode) -> Decision:
    """The lead names another lead while the episode runs; peers are matched anew instead, which is their room's rule."""
    if episode.state != EpisodeState.ACTIVE or episode.level == LevelKey.PEER:
        return Decision(False, "not_here")
    part = part_in(actor, episode)
    return Decision(part == TeamPart.LEAD, part or "not_on_team")


def may_intake(actor: Actor, request: HelpRequest) -> Decision:
    """Counsellors of the school may, unless excluded from the person."""
    if excluded(actor, request.person_id):
        return Decision(False, "excluded")
    return Decision(actor.has(*INTAKE_ROLES, organisation_id=request.organisation_id), "intake_role")


def may_receive(actor: Actor, referral: Referral) -> Decision:
    """Whoever answers referrals at that level in the receiving organisation, unless excluded from the person."""
    if excluded(actor, referral.person_id):
        return Decision(False, "excluded")
    roles = receiving_roles(referral.to_level)
    return Decision(actor.has(*roles, organisation_id=referral.to_organisation_id), "receiving_role")


def may_handle(actor: Actor, alert: Alert) -> Decision:
    """Whoever can see the alert may take it: the one assigned, those it climbed over, lead and supervisor."""
    return Decision(Alert.objects.visible_to(actor).filter(pk=alert.pk).exists(), "sees_alert")


def insist(decision: Decision) -> None:
    """Go on only where the decision allows it.

    Raises NotVisible otherwise: who may not act must not learn that there is something.
    """
    if not decision:
        raise NotVisible
