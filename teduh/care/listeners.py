"""What the spine does when a lower room announces danger: an alert before a human, in the same transaction."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from teduh.care.actions.alerts import raise_alert
from teduh.care.duty import on_duty
from teduh.care.models import CareTeamMember, Episode
from teduh.care.states import AlertSource, LevelKey, Severity, TeamPart
from teduh.people.access import system_actor
from teduh.people.models import Organisation, Person

if TYPE_CHECKING:
    from teduh.measures.models import Sheet
    from teduh.messaging.models import Message, Room
    from teduh.risk import Finding


def who_watches(episode: Episode | None, organisation: Organisation, person: Person) -> Person | None:
    """Return who is told about danger: the supervisor of a peer's episode, the lead of another, else who is on duty."""
    if episode is not None:
        if episode.level != LevelKey.PEER:
            return episode.lead
        row = (
            CareTeamMember.objects.filter(episode=episode, part=TeamPart.SUPERVISOR, ends_at__isnull=True)
            .select_related("member")
            .first()
        )
        if row is not None:
            return row.member
    return on_duty(organisation, person)


def _episode_of(matter: Any) -> Episode | None:
    if matter is None:
        return None
    return Episode.objects.select_related("lead").filter(public_id=matter).first()


def on_danger_found(message: "Message", room: "Room", finding: "Finding", at: datetime) -> None:
    """Raise an alert about a message, with the words that were found as sealed evidence."""
    episode = _episode_of(room.matter)
    watcher = who_watches(episode, room.organisation, room.subject)
    if watcher is None:
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
