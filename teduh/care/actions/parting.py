"""Who loses a role, or is shut out, leaves the care teams at once; nobody is left without a lead."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from teduh.care import hooks
from teduh.care.actions.alerts import raise_alert
from teduh.care.actions.episodes import join_team
from teduh.care.clocks import clocks
from teduh.care.duty import on_duty, wake_persons, who_watches
from teduh.care.models import Alert, AlertEvent, CareTeamMember, Episode, FollowUp
from teduh.care.states import AlertSource, AlertState, EpisodeState, LevelKey, Severity, TeamPart
from teduh.kernel import audit
from teduh.people.access import Actor, actor_of
from teduh.people.models import Person, RoleGrant
from teduh.people.states import CARE_ROLES, Role
from teduh.people.told import told

logger = logging.getLogger("teduh.care")

_SCHOOL = frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR})
#: Which roles let somebody stay on the teams of a level.
OPENED_BY: dict[LevelKey, frozenset[Role]] = {
    LevelKey.PEER: frozenset({Role.PEER_SUPPORTER, Role.PEER_SUPERVISOR}) | _SCHOOL,
    LevelKey.COUNSELLING: _SCHOOL | {Role.PEER_SUPERVISOR},
    LevelKey.PSYCHOSOCIAL: frozenset({Role.CASEWORKER}),
}


@transaction.atomic
def part_with_role(*, grant: RoleGrant, by: Actor, at: datetime) -> None:
    """Close what an ended role opened: memberships that no other role still carries, and open alerts.

    Each episode they led is given to who is on duty, who is told; a peer's is put before the supervisor.
    """
    if grant.role not in CARE_ROLES:
        return
    left = actor_of(grant.person, at=at)
    rows = CareTeamMember.objects.filter(member=grant.person, ends_at__isnull=True)
    gone = [row for row in _with_episodes(rows) if not _still_opened(row, grant, left)]
    _part(gone, grant.person, by, at)
    if not left.has(*CARE_ROLES, organisation_id=grant.organisation_id):
        _pass_on(Alert.objects.filter(assigned_to=grant.person, organisation=grant.organisation), by, at)


@transaction.atomic
def part_from_person(*, person: Person, member: Person, by: Actor, at: datetime) -> None:
    """Take who was just shut out off one person's teams; what they led or had in hand goes to another."""
    rows = CareTeamMember.objects.filter(member=member, person=person, ends_at__isnull=True)
    _part(_with_episodes(rows), member, by, at)
    _pass_on(Alert.objects.filter(assigned_to=member, person=person), by, at)


def _with_episodes(rows: "QuerySet[CareTeamMember]") -> list[CareTeamMember]:
    related = ("episode__organisation", "episode__person__data_key", "person")
    return list(rows.select_related(*related).order_by("pk"))


def _still_opened(row: CareTeamMember, grant: RoleGrant, left: Actor) -> bool:
    """Tell whether a membership stands on another role; the ended one may not be what it stood on at all."""
    if row.episode is None:
        return left.has(*CARE_ROLES)
    opened_by = OPENED_BY[LevelKey(row.episode.level)]
    if row.purpose == "referral":
        return left.has(*CARE_ROLES)
    if row.episode.level == LevelKey.PEER and row.part == TeamPart.LEAD:
        opened_by = frozenset({Role.PEER_SUPPORTER})
    if grant.role not in opened_by or row.episode.organisation_id != grant.organisation_id:
        return True
    return left.has(*opened_by, organisation_id=grant.organisation_id)


def _part(rows: list[CareTeamMember], member: Person, by: Actor, at: datetime) -> None:
    # All episodes first, then the audit chain: the order in which every other action locks them.
    episodes = Episode.objects.filter(pk__in=[row.episode_id for row in rows if row.episode_id])
    list(episodes.select_for_update().order_by("pk"))
    for row in rows:
        row.ends_at = at
        row.save(update_fields=["ends_at"])
        audit.record(told(by, "care.team.leave", row.episode or row, subject=row.person), at=at)
        if row.episode is not None and row.part == TeamPart.LEAD and row.episode.state == EpisodeState.ACTIVE:
            _find_another(row.episode, member, by, at)
            hooks.lead_changed.announce(row.episode, member, at)
    if rows:
        wake_persons([member])


def _find_another(episode: Episode, former: Person, by: Actor, at: datetime) -> None:
    """Give an episode without a lead to who is on duty; of a peer's, only the supervisor is told."""
    if episode.level == LevelKey.PEER:
        next_one = who_watches(episode, episode.organisation, episode.person)
    else:
        next_one = on_duty(episode.organisation, episode.person)
        if next_one is not None:
            Episode.objects.filter(pk=episode.pk, lead=former).update(lead=next_one)
            CareTeamMember.objects.filter(episode=episode, member=next_one, ends_at__isnull=True).update(
                ends_at=at
            )
            join_team(episode=episode, member=next_one, part=TeamPart.LEAD, purpose="lead", by=by, at=at)
            FollowUp.objects.filter(episode=episode, owner=former, done_at__isnull=True).update(
                owner=next_one
            )
            audit.record(told(by, "care.episode.change_lead", episode, subject=episode.person), at=at)
    if next_one is None:
        logger.error("an episode is without a lead", extra={"organisation": episode.organisation_id})
        return
    raise_alert(
        organisation=episode.organisation,
        person=episode.person,
        source=AlertSource.CLOCK,
        severity=Severity.URGENT,
        category="lead_gone",
        evidence="",
        assigned_to=next_one,
        by=by,
        at=at,
        episode=episode,
        matter=episode.public_id,
    )
    wake_persons([episode.person, next_one])


def _pass_on(alerts: "QuerySet[Alert]", by: Actor, at: datetime) -> None:
    """Put unresolved alerts before another; one in hand counts as not taken, so that its clock runs."""
    open_ones = alerts.exclude(state=AlertState.RESOLVED)
    for alert in open_ones.select_related("organisation", "person"):
        next_one = on_duty(alert.organisation, alert.person)
        if next_one is None or next_one.pk == alert.assigned_to_id:
            continue
        alert.assigned_to, alert.state = next_one, AlertState.RAISED
        alert.acknowledged_by, alert.acknowledged_at = None, None
        alert.due_at = at + clocks().climb[alert.severity]
        alert.save(update_fields=["assigned_to", "state", "acknowledged_by", "acknowledged_at", "due_at"])
        AlertEvent.objects.create(alert=alert, step="pass_on", by_id=by.person_id, told=next_one, at=at)
        wake_persons([next_one])
