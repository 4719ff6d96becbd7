"""Raise, acknowledge, resolve, and let climb what was not acknowledged in time."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.actions.once import insist_same
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

#: Evidence is kept up to about this many characters; a flood says no more after it.
EVIDENCE_LIMIT = 2000


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

    A flood of findings must not bury the first; but what comes after a human took the first in hand, and had time to
    look, is news again and gets a clock of its own.
    """
    joined = _joins(matter, category, source, severity, at)
    if joined is not None:
        if source == AlertSource.CLOCK:
            return joined
        AlertEvent.objects.create(alert=joined, step="again", by_id=by.person_id, at=at)
        known = joined.evidence.open()
        if evidence and evidence not in known and len(known) < EVIDENCE_LIMIT:
            joined.evidence = f"{known}\n{evidence}" if known else evidence
            joined.save(update_fields=["evidence"])
        wake_persons([joined.assigned_to])
        return joined
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
        told(by, "care.alert.raise", alert, subject=person, scope=organisation, severity=severity.value),
        at=at,
    )
    wake_persons([assigned_to])
    hooks.alert_raised.announce(alert, at)
    return alert


def _joins(
    matter: uuid.UUID | None, category: str, source: AlertSource, severity: Severity, at: datetime
) -> Alert | None:
    if matter is None:
        return None
    same = Alert.objects.open().filter(matter=matter, category=category, source=source)
    if severity == Severity.URGENT:
        # A graver finding is never hidden behind a mere concern.
        same = same.filter(severity=Severity.URGENT)
    if source != AlertSource.CLOCK:
        fresh = at - clocks().alert[severity]
        same = same.filter(Q(state=AlertState.RAISED) | Q(acknowledged_at__gt=fresh))
    return same.select_for_update(of=("self",)).select_related("assigned_to").order_by("-raised_at").first()


@transaction.atomic
def acknowledge_alert(*, alert: Alert, by: Actor, at: datetime) -> None:
    """Say "I have it": the clock stops; saying it again changes nothing."""
    policies.insist(policies.may_handle(by, alert))
    if alert.state != AlertState.RAISED:
        return
    rule = rule_for(ALERT_RULES, AlertState(alert.state), AlertStep.ACKNOWLEDGE)
    move(alert, rule, acknowledged_by_id=by.person_id, acknowledged_at=at, assigned_to_id=by.person_id)
    AlertEvent.objects.create(
        alert=alert, step="acknowledge", by_id=by.person_id, told_id=by.person_id, at=at
    )
    audit.record(told(by, "care.alert.acknowledge", alert, subject=alert.person), at=at)
    wake_persons([by.person_public_id])


@transaction.atomic
def resolve_alert(*, alert: Alert, resolution: str, by: Actor, at: datetime) -> None:
    """Close an alert with a word about what was done; resolving again changes nothing.

    Raises Refused where nothing is said: an alert is never clicked away.
    """
    policies.insist(policies.may_handle(by, alert))
    if alert.state == AlertState.RESOLVED:
        insist_same(alert.resolved_by_id == by.person_id)
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
    overdue = Alert.objects.filter(state=AlertState.RAISED, due_at__lte=at).order_by("due_at", "pk")
    for alert in overdue.select_related("organisation", "person", "assigned_to")[:200]:
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
                told(
                    system_actor(), "care.alert.climb", alert, subject=alert.person, scope=alert.organisation
                ),
                at=at,
            )
            wake_persons([alert.assigned_to, receiver])
            count += 1
    return count
