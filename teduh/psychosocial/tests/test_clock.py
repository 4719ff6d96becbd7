"""What is overdue comes before a human, once."""

from datetime import timedelta
from typing import Any

from teduh.care.actions.alerts import acknowledge_alert, resolve_alert
from teduh.care.models import Alert, FollowUp
from teduh.care.states import AlertSource
from teduh.kernel import clock
from teduh.psychosocial import actions
from teduh.psychosocial.jobs import tell_overdue
from teduh.psychosocial.tests.helpers import a_case, assessed, planned


def categories() -> list[str]:
    return sorted(Alert.objects.values_list("category", flat=True))


def test_nothing_is_told_before_its_day_has_passed(cast: Any) -> None:
    now = clock.now()
    assessed(cast, a_case(cast), at=now)
    planned(cast, a_case(cast, person="bima"), at=now)
    tell_overdue(now + timedelta(hours=1))
    assert categories() == []


def test_a_step_and_a_follow_up_are_told_to_their_owner_once(cast: Any) -> None:
    now = clock.now()
    planned(cast, a_case(cast), at=now)
    for days in (4, 4, 5):
        tell_overdue(now + timedelta(days=days))
    assert categories() == ["plan_step_overdue"]
    for days in (8, 8, 30):
        tell_overdue(now + timedelta(days=days))
    assert categories() == ["follow_up_overdue", "plan_step_overdue", "plan_step_overdue"]
    for alert in Alert.objects.all():
        assert (alert.source, alert.assigned_to, alert.person) == (AlertSource.CLOCK, cast.dewi, cast.ayu)
        assert alert.episode is not None
        assert "Kunjungan" not in alert.evidence.open()


def test_what_was_resolved_is_not_told_again(cast: Any) -> None:
    now = clock.now()
    planned(cast, a_case(cast), at=now)
    later = now + timedelta(days=4)
    tell_overdue(later)
    alert = Alert.objects.get()
    acknowledge_alert(alert=alert, by=cast.actor("dewi"), at=later)
    resolve_alert(alert=alert, resolution="Besok pagi.", by=cast.actor("dewi"), at=later)
    tell_overdue(later + timedelta(hours=1))
    assert Alert.objects.count() == 1


def test_what_is_done_or_replaced_is_not_told(cast: Any) -> None:
    now = clock.now()
    case = a_case(cast)
    planned(cast, case, at=now)
    with clock.at(now + timedelta(days=1)):
        plan = planned(cast, case, follow_up_on=(now + timedelta(days=40)).date())
        for step in plan.steps.select_related("plan__episode__person"):
            actions.finish_step(step=step, by=cast.actor("dewi"), at=clock.now())
    tell_overdue(now + timedelta(days=10))
    assert categories() == []


def test_an_assessment_that_nobody_acted_on_is_told_after_its_clock(cast: Any) -> None:
    now = clock.now()
    case = a_case(cast, at=now)
    assessed(cast, case, risk="high", at=now)
    tell_overdue(now + timedelta(hours=23))
    assert categories() == []
    for hours in (25, 26):
        tell_overdue(now + timedelta(hours=hours))
    assert categories() == ["response_overdue"]


def test_a_plan_is_an_answer_to_the_risk(cast: Any) -> None:
    now = clock.now()
    case = a_case(cast, at=now)
    assessed(cast, case, risk="high", at=now)
    planned(cast, case, at=now + timedelta(hours=1))
    tell_overdue(now + timedelta(hours=30))
    assert categories() == []
    assert FollowUp.objects.count() == 1
