"""The clocks: what waits too long comes before a human, once, and one broken row stops none of the others."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from teduh.care.actions import alerts, contacts, followups, referrals
from teduh.care.jobs import (
    alerts_climb,
    episodes_quiet,
    follow_ups_overdue,
    referrals_overdue,
    requests_overdue,
)
from teduh.care.levels import level_of
from teduh.care.models import Alert, Episode, FollowUp, HelpRequest
from teduh.care.states import AlertSource, LevelKey, Severity
from teduh.care.tests.helpers import ask, episode, referral
from teduh.care.tests.test_alerts import raised
from teduh.kernel import clock
from teduh.kernel.sealing.keyring import destroy
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude


def told_about(category: str) -> list[Alert]:
    return list(Alert.objects.filter(category=category).order_by("pk"))


def follow_up(cast: Any, of: Episode, days: int = 1) -> FollowUp:
    return followups.plan_follow_up(
        episode=of,
        due_on=clock.today() + timedelta(days=days),
        owner=cast.citra,
        by=cast.actor("citra"),
        at=clock.now(),
        client_id=uuid.uuid4(),
    )


def test_a_request_that_nobody_answers_is_told_once(cast: Any) -> None:
    request = ask(cast)
    requests_overdue(request.due_at - timedelta(minutes=1))
    assert told_about("request_overdue") == []
    requests_overdue(request.due_at)
    requests_overdue(request.due_at + timedelta(days=1))
    [alert] = told_about("request_overdue")
    assert alert.help_request_id == request.pk
    assert alert.assigned_to_id in {cast.citra.pk, cast.kirana.pk}


def test_a_request_about_nobody_known_is_told_as_well(cast: Any) -> None:
    from teduh.care.states import Door

    request = ask(cast, "bima", door=Door.FRIEND, about="Ayu", text="dia sering nangis")
    requests_overdue(request.due_at)
    assert len(told_about("request_overdue")) == 1


def test_an_episode_that_is_quiet_too_long_is_told_to_its_lead(cast: Any) -> None:
    of = episode(cast)
    days = level_of(LevelKey.COUNSELLING).quiet_days
    episodes_quiet(of.opened_at + timedelta(days=days, hours=-1))
    assert told_about("episode_quiet") == []
    late = of.opened_at + timedelta(days=days, minutes=1)
    episodes_quiet(late)
    episodes_quiet(late + timedelta(hours=1))
    assert [alert.assigned_to_id for alert in told_about("episode_quiet")] == [cast.citra.pk]


def test_a_contact_sets_the_quiet_clock_back(cast: Any) -> None:
    of = episode(cast)
    at = clock.now() + timedelta(days=5)
    with clock.at(at):
        contacts.write_contact(
            episode=of,
            activity="individual_counselling",
            happened_at=at,
            minutes=30,
            note="Catatan.",
            by=cast.actor("citra"),
            at=at,
            client_id=uuid.uuid4(),
        )
    episodes_quiet(of.opened_at + timedelta(days=level_of(LevelKey.COUNSELLING).quiet_days, minutes=1))
    assert told_about("episode_quiet") == []


def test_a_day_of_looking_again_that_passed_is_told_to_its_owner_once(cast: Any) -> None:
    row = follow_up(cast, episode(cast))
    follow_ups_overdue(clock.now() + timedelta(days=1))
    assert told_about("follow_up_overdue") == []
    follow_ups_overdue(clock.now() + timedelta(days=2))
    follow_ups_overdue(clock.now() + timedelta(days=3))
    [alert] = told_about("follow_up_overdue")
    assert (alert.matter, alert.assigned_to_id) == (row.public_id, cast.citra.pk)


def test_looking_again_in_time_is_told_to_nobody(cast: Any) -> None:
    row = follow_up(cast, episode(cast))
    followups.finish_follow_up(follow_up=row, result="Baik.", by=cast.actor("citra"), at=clock.now())
    follow_ups_overdue(clock.now() + timedelta(days=9))
    assert told_about("follow_up_overdue") == []


def test_an_owner_who_is_shut_out_is_not_told_but_somebody_is(cast: Any) -> None:
    follow_up(cast, episode(cast))
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=clock.now())
    with clock.at(clock.now() + timedelta(days=2)):
        follow_ups_overdue(clock.now())
    assert [alert.assigned_to_id for alert in told_about("follow_up_overdue")] == [cast.kirana.pk]


Clock = Callable[[datetime], None]


def test_an_erased_person_stops_no_clock(cast: Any) -> None:
    broken, whole = ask(cast), ask(cast, "bima")
    destroy(cast.ayu.data_key, at=clock.now())
    requests_overdue(broken.due_at + timedelta(minutes=1))
    assert whole.public_id in {alert.matter for alert in told_about("request_overdue")}


def test_a_referral_comes_back_to_who_leads_now(cast: Any) -> None:
    from teduh.care.actions.leading import change_lead

    of = episode(cast)
    row = referral(cast, of)
    referrals.answer_consent(
        referral=row, agrees=True, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )
    change_lead(episode=of, lead=cast.kirana, stays=False, by=cast.actor("citra"), at=clock.now())
    referrals_overdue(clock.now() + timedelta(days=4))
    assert [alert.assigned_to_id for alert in told_about("referral_overdue")] == [cast.kirana.pk]


def test_an_alert_climbs_until_a_human_has_it(cast: Any) -> None:
    alert = raised(cast)
    alerts_climb(alert.due_at)
    alert.refresh_from_db()
    assert (alert.assigned_to_id, alert.climbed) == (cast.kirana.pk, 1)
    alerts_climb(alert.due_at)
    alert.refresh_from_db()
    # Everybody has been told: it stays with the last one and keeps ringing.
    assert (alert.assigned_to_id, alert.climbed) == (cast.kirana.pk, 2)


def test_news_after_somebody_had_time_to_look_is_an_alert_of_its_own(cast: Any) -> None:
    matter = uuid.uuid4()
    first = raised(cast, matter=matter, source=AlertSource.MESSAGE)
    alerts.acknowledge_alert(alert=first, by=cast.actor("citra"), at=clock.now())
    soon = raised(cast, matter=matter, source=AlertSource.MESSAGE)
    assert soon.pk == first.pk
    later = raised(cast, matter=matter, source=AlertSource.MESSAGE, at=clock.now() + timedelta(hours=1))
    assert later.pk != first.pk


def test_a_second_finding_adds_its_words_to_the_open_alert(cast: Any) -> None:
    matter = uuid.uuid4()
    raised(cast, matter=matter, evidence="pengen mati")
    joined = raised(cast, matter=matter, evidence="malam ini")
    assert joined.evidence.open() == "pengen mati\nmalam ini"
    assert joined.events.filter(step="again").count() == 1


def test_a_flood_of_urgent_findings_beside_a_concern_is_one_more_alert(cast: Any) -> None:
    matter = uuid.uuid4()
    raised(cast, matter=matter, severity=Severity.CONCERN)
    urgent = {raised(cast, matter=matter, severity=Severity.URGENT).pk for _ in range(5)}
    assert len(urgent) == 1


def test_where_no_counsellor_can_sign_in_the_peer_supervisor_is_told(cast: Any) -> None:
    from teduh.care.duty import on_duty
    from teduh.people.models import RoleGrant

    RoleGrant.objects.filter(role__in=("counsellor", "lead_counsellor")).update(
        ends_at=clock.now() - timedelta(days=1)
    )
    found = on_duty(cast.school, cast.ayu)
    assert found is not None
    assert found.pk == cast.citra.pk


def test_an_alert_assigned_to_somebody_who_was_shut_out_is_seen_by_another(cast: Any) -> None:
    request: HelpRequest = ask(cast, answers={"safe": "no"})
    alert = Alert.objects.get(help_request=request)
    keeper = next(who for who in ("citra", "kirana") if cast.persons[who].pk == alert.assigned_to_id)
    other = "kirana" if keeper == "citra" else "citra"
    exclude(
        person=cast.ayu, excluded=cast.persons[keeper], reason="relative", by=system_actor(), at=clock.now()
    )
    with clock.at(alert.due_at + timedelta(minutes=1)):
        alerts_climb(clock.now())
        assert Alert.objects.visible_to(cast.actor(other, at=clock.now())).filter(pk=alert.pk).exists()
    assert not Alert.objects.visible_to(cast.actor(keeper)).filter(pk=alert.pk).exists()


@pytest.mark.parametrize("job", [requests_overdue, referrals_overdue, episodes_quiet, follow_ups_overdue])
def test_a_clock_with_nothing_to_tell_tells_nothing(cast: Any, job: Clock) -> None:
    job(clock.now())
    assert not Alert.objects.exists()
