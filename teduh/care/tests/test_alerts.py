"""Alerts: a clock runs until a human has it, and nothing is clicked away."""

from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions import alerts
from teduh.care.models import Alert
from teduh.care.states import AlertSource, AlertState, Severity
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import system_actor


def raised(cast: Any, **changes: Any) -> Alert:
    fields: dict[str, Any] = {
        "organisation": cast.school,
        "person": cast.ayu,
        "source": AlertSource.CALL,
        "severity": Severity.URGENT,
        "category": "call",
        "evidence": "kata-kata",
        "assigned_to": cast.citra,
        "by": system_actor(),
        "at": clock.now(),
    }
    return alerts.raise_alert(**(fields | changes))


def test_an_overdue_alert_climbs_to_the_next_person_and_both_keep_it(cast: Any) -> None:
    alert = raised(cast)
    assert alerts.climb_overdue(at=alert.due_at + timedelta(seconds=1)) == 1
    alert.refresh_from_db()
    assert alert.assigned_to_id == cast.kirana.pk
    assert Alert.objects.visible_to(cast.actor("citra")).exists()
    assert Alert.objects.visible_to(cast.actor("kirana")).exists()


def test_climbing_twice_in_one_pass_changes_nothing(cast: Any) -> None:
    alert = raised(cast)
    late = alert.due_at + timedelta(seconds=1)
    assert alerts.climb_overdue(at=late) == 1
    assert alerts.climb_overdue(at=late) == 0


def test_acknowledging_stops_the_clock(cast: Any) -> None:
    alert = raised(cast)
    alerts.acknowledge_alert(alert=alert, by=cast.actor("citra"), at=clock.now())
    alerts.acknowledge_alert(alert=alert, by=cast.actor("citra"), at=clock.now())
    assert alerts.climb_overdue(at=alert.due_at + timedelta(days=1)) == 0
    assert alert.events.filter(step="acknowledge").count() == 1


def test_an_alert_is_never_clicked_away(cast: Any) -> None:
    alert = raised(cast)
    alerts.acknowledge_alert(alert=alert, by=cast.actor("citra"), at=clock.now())
    with pytest.raises(Refused, match="resolution_empty"):
        alerts.resolve_alert(alert=alert, resolution="", by=cast.actor("citra"), at=clock.now())
    alerts.resolve_alert(alert=alert, resolution="Sudah bertemu.", by=cast.actor("citra"), at=clock.now())
    assert alert.state == AlertState.RESOLVED


@pytest.mark.parametrize(
    "who", ["ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana"]
)
def test_nobody_who_was_not_told_handles_an_alert(cast: Any, who: str) -> None:
    alert = raised(cast)
    with pytest.raises(NotVisible):
        alerts.acknowledge_alert(alert=alert, by=cast.actor(who), at=clock.now())


def test_a_flood_of_findings_joins_the_open_alert(cast: Any) -> None:
    import uuid

    matter = uuid.uuid4()
    first = raised(cast, matter=matter)
    assert raised(cast, matter=matter).pk == first.pk
    assert raised(cast, matter=matter, severity=Severity.CONCERN).pk == first.pk


def test_a_graver_finding_is_an_alert_of_its_own(cast: Any) -> None:
    import uuid

    matter = uuid.uuid4()
    first = raised(cast, matter=matter, severity=Severity.CONCERN)
    assert raised(cast, matter=matter, severity=Severity.URGENT).pk != first.pk
