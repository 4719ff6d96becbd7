"""What the spine does when a lower room announces danger: an alert before a human, in the same transaction."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from teduh.care import labels
from teduh.care.actions.alerts import raise_alert
from teduh.care.actions.parting import part_from_person, part_with_role
from teduh.care.duty import who_watches
from teduh.care.models import Alert, CareTeamMember, Episode
from teduh.care.states import AlertSource, LevelKey, Severity
from teduh.measures.hooks import Someone
from teduh.people.access import Actor, system_actor

if TYPE_CHECKING:
    from teduh.measures.models import Sheet
    from teduh.messaging.models import Message, Room
    from teduh.people.models import Exclusion, RoleGrant
    from teduh.risk import Finding


logger = logging.getLogger("teduh.care")


def _episode_of(matter: Any) -> Episode | None:
    if matter is None:
        return None
    return Episode.objects.select_related("lead", "organisation").filter(public_id=matter).first()


def on_danger_found(message: "Message", room: "Room", finding: "Finding", at: datetime) -> None:
    """Raise an alert about a message, with the words that were found as sealed evidence."""
    episode = _episode_of(room.matter)
    watcher = who_watches(episode, room.organisation, room.subject)
    if watcher is None:
        logger.error(
            "danger was found where nobody can be told", extra={"organisation": room.organisation.pk}
        )
        return
    raise_alert(
        organisation=room.organisation,
        person=room.subject,
        source=AlertSource.MESSAGE,
        severity=Severity(finding.severity.value),
        category=finding.category.value,
        evidence=finding.evidence,
        assigned_to=watcher,
        by=system_actor(),
        at=at,
        episode=episode,
        matter=room.public_id,
    )


def on_safety_item(sheet: "Sheet", item: str, at: datetime) -> None:
    """Raise an alert about a positive safety item; the answer itself stays in the sheet."""
    episode = _episode_of(sheet.matter)
    watcher = who_watches(episode, sheet.organisation, sheet.person)
    if watcher is None:
        logger.error(
            "danger was found where nobody can be told", extra={"organisation": sheet.organisation.pk}
        )
        return
    raise_alert(
        organisation=sheet.organisation,
        person=sheet.person,
        source=AlertSource.MEASURE,
        severity=Severity.URGENT,
        category="safety_item",
        evidence=f"{sheet.instrument} {item}",
        assigned_to=watcher,
        by=system_actor(),
        at=at,
        episode=episode,
        matter=sheet.public_id,
    )


def alerted_about(sheet: "Sheet") -> list[Someone]:
    """Return who has really been told about a positive safety item of a sheet; the thank-you page names them."""
    rows = Alert.objects.filter(matter=sheet.public_id).select_related("assigned_to")
    return [Someone(name) for name in dict.fromkeys(row.assigned_to.full_name for row in rows)]


def readers_of(sheet: "Sheet") -> list[Someone]:
    """Return who besides the one who asked reads a sheet's result: the professionals on the episode's team."""
    episode = _episode_of(sheet.matter)
    if episode is None or episode.level == LevelKey.PEER:
        return []
    team = (
        CareTeamMember.objects.filter(episode=episode, ends_at__isnull=True)
        .exclude(member_id=sheet.assigned_by_id)
        .select_related("member")
    )
    return [Someone(row.member.full_name, str(labels.PURPOSES.get(row.purpose, ""))) for row in team]


def on_role_ended(grant: "RoleGrant", by: Actor, at: datetime) -> None:
    """Close what the role opened, and find somebody else for whom it served."""
    part_with_role(grant=grant, by=by, at=at)


def on_person_shut_out(row: "Exclusion", by: Actor, at: datetime) -> None:
    """Find somebody else for whoever relied on the one who is shut out."""
    part_from_person(person=row.person, member=row.excluded, by=by, at=at)
