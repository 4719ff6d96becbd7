"""Raise, acknowledge, resolve, and let climb what was not acknowledged in time."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.clocks import clocks
from teduh.care.duty import next_in_line, wake_persons
from teduh.care.models import Alert, AlertEvent, Episode, HelpRequest
from teduh.care.states import ALERT_RULES, AlertSource, AlertState, AlertStep, Severity
from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.kernel.machine import move, rule_for
from teduh.kernel.models import DataKey
from teduh.kernel.sealing.keyring import new_data_key
from teduh.people.access import Actor, system_actor
from teduh.people.models import Organisation, Person
from teduh.people.told import told


@transaction.atomic
def raise_alert(
    *,
    organisation: Organisation,
    person: Person | None,
    source: AlertSource,
    severity: Severity,
    category: str,
    evidence: str,
    assigned_to: Person,
    by: Actor,
    at: datetime,
    episode: Episode | None = None,
    help_request: HelpRequest | None = None,
    matter: uuid.UUID | None = None,
) -> Alert:
    """Put an alert before a human and start its clock; a second finding in the same place while one is open joins it.

    A flood of findings must not bury the first: an open alert about the same matter and category only grows graver.
    """
    if matter is not None:
        open_one = (
            Alert.objects.select_for_update()
            .filter(matter=matter, category=category, source=source)
            .exclude(state=AlertState.RESOLVED)
            .first()
        )
        if open_one is not None and (open_one.severity == severity or severity == Severity.CONCERN):
            return open_one
    key: DataKey = person.data_key if person is not None else new_data_key(organisation.public_id)
    alert = Alert.objects.create(
        organisation=organisation,
        sealing_key=key,
        person=person,
        episode=episode,
        help_request=help_request,
        source=source,
        matter=matter,
        severity=severity,
        category=category,
        evidence=evidence,
        raised_at=at,
        due_at=at + clocks().alert[severity],
        assigned_to=assigned_to,
    )
    AlertEvent.objects.create(alert=alert, step="raise", by_id=by.person_id, told=assigned_to, at=at)
    audit.record(
        told(by, "care.alert.raise", alert, subject=person, scope=organisation, severity=severity.value), at=at
    )
    wake_persons([assigned_to])
    hooks.alert_raised.announce(alert, at)
    return alert


@transaction.atomic
def acknowledge_alert(*, alert: Alert, by: Actor, at: datetime) -> None:
    """Say "I have it": the clock stops; saying it again changes nothing."""
    policies.insist(policies.may_handle(by, alert))
    if alert.state != AlertState.RAISED:
        return
    rule = rule_for(ALERT_RULES, AlertState(alert.state), AlertStep.ACKNOWLEDGE)
    move(alert, rule, acknowledged_by_id=by.person_id, acknowledged_at=at, assigned_to_id=by.person_id)
    AlertEvent.objects.create(alert=alert, step="acknowledge", by_id=by.person_id, told_id=by.person_id, at=at)
    audit.record(told(by, "care.alert.acknowledge", alert, subject=alert.person), at=at)
    wake_persons([by.person_public_id])


@transaction.atomic
def resolve_alert(*, alert: Alert, resolution: str, by: Actor, at: datetime) -> None:
    """Close an alert with a word about what was done; resolving again changes nothing.

    Raises Refused where nothing is said: an alert is never clicked away.
    """
    policies.insist(policies.may_handle(by, alert))
    if alert.state == AlertState.RESOLVED:
        return
    if not resolution.strip():
        raise Refused("resolution_empty", _("Write in a few words what was done."), field="resolution")
    rule = rule_for(ALERT_RULES, AlertState(alert.state), AlertStep.RESOLVE)
    move(alert, rule, resolved_by_id=by.person_id, resolved_at=at)
    alert.resolution = resolution
    alert.save(update_fields=["resolution"])
    AlertEvent.objects.create(alert=alert, step="resolve", by_id=by.person_id, at=at)
    audit.record(told(by, "care.alert.resolve", alert, subject=alert.person), at=at)
    wake_persons([by.person_public_id])


def climb_overdue(*, at: datetime) -> int:
    """Give every overdue alert to the next person; return how many climbed. Idempotent: each climb restarts the clock."""
    count = 0
    for alert in Alert.objects.filter(state=AlertState.RAISED, due_at__lte=at).select_related(
        "organisation", "person", "assigned_to"
    )[:200]:
        with transaction.atomic():
            following = next_in_line(alert)
            receiver = following or alert.assigned_to
            changed = Alert.objects.filter(pk=alert.pk, state=AlertState.RAISED, due_at=alert.due_at).update(
                due_at=at + clocks().climb[alert.severity],
                climbed=alert.climbed + 1,
                assigned_to=receiver,
            )
            if not changed:
                continue
            AlertEvent.objects.create(alert=alert, step="climb", told=receiver, at=at)
            audit.record(
                told(system_actor(), "care.alert.climb", alert, subject=alert.person, scope=alert.organisation),
                at=at,
            )
            wake_persons([alert.assigned_to, receiver])
            count += 1
    return count
