"""Leaders read figures, and reach nobody through them."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from teduh.care.actions.alerts import raise_alert
from teduh.care.actions.episodes import open_episode
from teduh.care.models import Alert, Episode, HelpRequest, Referral
from teduh.care.states import AlertSource, LevelKey, Severity, Topic, Wish
from teduh.care.tests.helpers import ask, referral
from teduh.care.tests.helpers import episode as an_episode
from teduh.insight import pictures, queries
from teduh.insight.suppress import Cell
from teduh.insight.tables import list_of, table_of
from teduh.kernel import clock
from teduh.people.access import system_actor
from teduh.people.actions import persons as act
from teduh.people.states import Role


@pytest.fixture
def crowd(cast: Any) -> list[Any]:
    """Twelve more students of the school."""
    return act.register_persons(
        organisation=cast.school,
        rows=[{"full_name": f"Siswa {n}"} for n in range(12)],
        by=system_actor(),
        at=timezone.now(),
        roles=(Role.STUDENT,),
    )


def care_for(cast: Any, person: Any, level: LevelKey = LevelKey.COUNSELLING, **more: Any) -> Episode:
    lead = cast.dewi if level == LevelKey.PSYCHOSOCIAL else cast.citra
    return open_episode(
        organisation=lead.organisation,
        person=person,
        level=level,
        lead=lead,
        topic=Topic.FRIENDS,
        by=system_actor(),
        at=more.pop("at", clock.now()),
        **more,
    )


def wait_since(cast: Any, person: Any, at: datetime) -> HelpRequest:
    cast.persons["somebody"] = person
    request = ask(cast, "somebody", wish=Wish.UNSURE, at=at)
    assert request.state == "received"
    return request


def of_eko(cast: Any) -> queries.Figures:
    return queries.figures(cast.actor("eko"), at=clock.now())


def test_the_principal_reads_how_many_are_in_care_at_each_level(cast: Any, crowd: list[Any]) -> None:
    for person in crowd[:6]:
        care_for(cast, person)
    for person in crowd[6:]:
        care_for(cast, person, LevelKey.PSYCHOSOCIAL)
    table = of_eko(cast).episodes
    assert [(row.code, row.cells) for row in table.rows] == [
        ("peer", (0, 0)),
        ("counselling", (6, 0)),
        ("psychosocial", (6, 0)),
    ], "care at the partner's service counts for the school of the student"
    assert table.total == 12


def test_few_people_are_hidden_even_where_there_are_many_episodes(cast: Any, crowd: list[Any]) -> None:
    for _ in range(7):
        care_for(cast, crowd[0])
    for person in crowd:
        care_for(cast, person, LevelKey.PSYCHOSOCIAL)
    table = of_eko(cast).episodes
    assert table.rows[1].cells[0] is None
    assert table.hides


def test_waiting_requests_are_counted_by_how_long_they_wait(cast: Any, crowd: list[Any]) -> None:
    now = clock.now()
    for person in crowd[:5]:
        wait_since(cast, person, now - timedelta(hours=2))
    for person in crowd[5:]:
        wait_since(cast, person, now - timedelta(days=4))
    waiting = of_eko(cast).waiting
    assert [figure.value for figure in waiting.figures] == [5, 0, 7]
    HelpRequest.objects.update(state="answered")
    assert of_eko(cast).waiting.is_empty


def test_months_are_calendar_months_of_the_window(cast: Any, crowd: list[Any]) -> None:
    now = clock.now()
    since = queries.window_start(now)
    assert timezone.localtime(since).day == 1
    for person in crowd[:5]:
        wait_since(cast, person, since + timedelta(hours=1))
        wait_since(cast, person, since - timedelta(hours=1))
    for person in crowd[:6]:
        wait_since(cast, person, now - timedelta(minutes=1))
    months = of_eko(cast).months
    assert [figure.value for figure in months.figures] == [5, 0, 0, 6]


def test_alerts_are_counted_open_overdue_and_resolved(cast: Any, crowd: list[Any]) -> None:
    now = clock.now()
    for number, person in enumerate(crowd):
        raise_alert(
            organisation=cast.school,
            person=person,
            source=AlertSource.MESSAGE,
            severity=Severity.CONCERN,
            category="acute_crisis",
            evidence="kata",
            assigned_to=cast.citra,
            by=system_actor(),
            at=now - timedelta(days=2) if number < 6 else now,
        )
    rows = {row.code: row.cells for row in of_eko(cast).alerts.rows}
    assert rows["concern"] == (6, 6, 0)
    Alert.objects.update(state="resolved", resolved_at=now)
    assert {row.code: row.cells for row in of_eko(cast).alerts.rows}["concern"] == (0, 0, 12)


def test_flow_is_read_from_where_an_episode_came(cast: Any, crowd: list[Any]) -> None:
    for person in crowd[:8]:
        first = care_for(cast, person, LevelKey.COUNSELLING)
        care_for(cast, person, LevelKey.PSYCHOSOCIAL, previous=first)
    rows = {row.code: row.cells for row in of_eko(cast).flow.rows}
    assert rows["door"] == (0, 8, 0)
    assert rows["counselling"] == (0, 0, 8)


def test_answer_times_of_few_are_hidden(cast: Any) -> None:
    sent = referral(cast, an_episode(cast))
    now = clock.now()
    Referral.objects.filter(pk=sent.pk).update(
        state="accepted", sent_at=now - timedelta(hours=3), due_at=now, answered_at=now
    )
    figures = of_eko(cast)
    assert {time.hidden for time in figures.answer_times} == {True, False}
    assert not [time for time in figures.answer_times if time.hours is not None]
    assert figures.referrals.rows[2].cells[0] is None


def test_answer_times_of_many_are_averaged_in_hours(cast: Any, crowd: list[Any]) -> None:
    now = clock.now()
    for person in crowd[:6]:
        sent = referral(cast, care_for(cast, person))
        Referral.objects.filter(pk=sent.pk).update(
            state="accepted",
            sent_at=now - timedelta(hours=5),
            due_at=now,
            answered_at=now - timedelta(hours=1),
        )
    figures = of_eko(cast)
    assert [time.hours for time in figures.answer_times] == [None, None, 4]
    assert figures.referrals.rows[2].cells == (6, 0, 0, 0)


def test_a_leader_reads_only_what_lies_below(cast: Any, crowd: list[Any]) -> None:
    strangers = act.register_persons(
        organisation=cast.other_school,
        rows=[{"full_name": f"Asing {n}"} for n in range(9)],
        by=system_actor(),
        at=timezone.now(),
    )
    for person in [*crowd[:6], *strangers]:
        care_for(cast, person)
    assert of_eko(cast).episodes.total == 6
    act.grant_role(
        person=cast.kirana,
        organisation=cast.district,
        role=Role.DISTRICT_OFFICER,
        by=system_actor(),
        at=clock.now(),
    )
    assert queries.figures(cast.actor("kirana"), at=clock.now()).episodes.total == 15


def test_without_a_school_there_are_no_figures(cast: Any, crowd: list[Any]) -> None:
    for person in crowd:
        care_for(cast, person)
    nobody = queries.figures(cast.actor("citra"), at=clock.now())
    assert nobody.episodes.total == 0
    assert nobody.waiting.is_empty


def test_the_page_of_figures_is_for_leaders(cast: Any) -> None:
    address = reverse("insight:figures")
    for who in ("ayu", "bima", "citra", "dewi", "fajar", "gita", "hari", "indra", "joko"):
        assert cast.client(who).get(address).status_code == 404, who
    assert cast.client().get(address).status_code == 302
    assert cast.client("eko").get(address).status_code == 200


def test_the_page_names_nobody_and_costs_at_most_twelve_queries(
    cast: Any, crowd: list[Any], query_count: Any
) -> None:
    for person in crowd:
        wait_since(cast, person, clock.now() - timedelta(minutes=1))
        care_for(cast, person)
    client = cast.client("eko")
    with query_count() as asked:
        text = client.get(reverse("insight:figures")).content.decode()
    assert len(asked) <= 12, asked.statements
    for word in ("Siswa", "Citra", *(str(person.public_id) for person in crowd)):
        assert word not in text
    with query_count() as asked:
        queries.principal_home(cast.actor("eko"), at=clock.now())
    assert len(asked) <= 5


def test_the_principal_reaches_no_episode_no_request_and_no_alert(cast: Any) -> None:
    case, request = an_episode(cast), ask(cast)
    deep = an_episode(cast, "dewi", LevelKey.PSYCHOSOCIAL)
    raise_alert(
        organisation=cast.school,
        person=cast.ayu,
        source=AlertSource.REQUEST,
        severity=Severity.URGENT,
        category="answers",
        evidence="kata",
        assigned_to=cast.citra,
        by=system_actor(),
        at=clock.now(),
    )
    alert = Alert.objects.get()
    sent = referral(cast, case)
    client = cast.client("eko")
    for name, row in (
        ("care:episode", case),
        ("care:request", request),
        ("care:alert", alert),
        ("care:referral", sent),
        ("psychosocial:case", deep),
    ):
        for public_id in (row.public_id, uuid.uuid4()):
            assert client.get(reverse(name, args=[public_id])).status_code == 404, name


def test_the_page_says_why_figures_are_hidden(cast: Any) -> None:
    address, client = reverse("insight:figures"), cast.client("eko")
    assert "cell-hidden" not in client.get(address).content.decode()
    an_episode(cast)
    text = client.get(address).content.decode()
    assert "cell-hidden" in text
    assert "alert--info" in text


def test_what_is_hidden_is_drawn_alike_whatever_it_hides() -> None:
    labels = [("a", "A"), ("b", "B"), ("c", "C")]
    drawn = []
    for small in (1, 4):
        figures = list_of({"a": Cell(small, small), "b": Cell(7, 7), "c": Cell(40, 40)}, labels)
        drawn.append([bar.width for bar in pictures.bars_of(figures).bars])
    assert drawn[0] == drawn[1]
    levels = {"peer": "P", "counselling": "C", "psychosocial": "S"}
    flows = []
    for small in (1, 4):
        table = table_of(
            {("door", "peer"): Cell(30, 30), ("peer", "counselling"): Cell(small, small)},
            {"door": "D", **levels},
            levels,
        )
        flows.append(sorted(stream.width for stream in pictures.flow_of(table).streams if stream.hidden))
    assert flows[0] == flows[1]
