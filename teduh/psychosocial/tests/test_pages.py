"""Pages of case work: who reaches them, what they cost, and that nothing typed is lost."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from teduh.care.actions.contacts import write_contact
from teduh.care.models import FollowUp
from teduh.kernel import clock
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude
from teduh.psychosocial import actions, queries
from teduh.psychosocial.clocks import local_day
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import StepState
from teduh.psychosocial.tests.helpers import a_case, assessed, planned

OTHERS = ["ayu", "bima", "citra", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana", None]


def addresses(cast: Any) -> list[str]:
    case = a_case(cast)
    assessed(cast, case)
    plan = planned(cast, case)
    step, look = plan.steps.first(), FollowUp.objects.get()
    assert step is not None
    by_case = [
        reverse(f"psychosocial:{name}", args=[case.public_id]) for name in ("case", "assess", "plan", "step")
    ]
    return [
        *by_case,
        reverse("psychosocial:step_deed", args=[step.public_id]),
        reverse("psychosocial:follow_up", args=[look.public_id]),
    ]


def without_tokens(page: Any, address: str) -> bytes:
    """What a page says, apart from its own address and the tokens that differ on every answer."""
    said = re.sub(rb'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"', b"", page.content)
    return said.replace(address.encode(), b"")


def test_strangers_get_the_same_404_for_what_exists_and_what_does_not(cast: Any) -> None:
    there = addresses(cast)
    for who in OTHERS:
        client = cast.client(who)
        for address in there:
            parts = address.split("/")
            parts[3] = str(uuid.uuid4())
            elsewhere = "/".join(parts)
            for method in (client.get, client.post):
                real, unreal = method(address), method(elsewhere)
                assert real.status_code == unreal.status_code, (who, address)
                assert real.status_code in (404, 405), "a wrong method says nothing about the object"
                assert without_tokens(real, address) == without_tokens(unreal, elsewhere), (who, address)


def test_a_list_of_cases_is_for_caseworkers(cast: Any) -> None:
    address = reverse("psychosocial:cases")
    for who in OTHERS:
        assert cast.client(who).get(address).status_code == (302 if who is None else 404)
    assert cast.client("dewi").get(address).status_code == 200


def test_a_caseworker_who_is_excluded_finds_nothing(cast: Any) -> None:
    there = addresses(cast)
    exclude(person=cast.ayu, excluded=cast.dewi, reason="keluarga", by=system_actor(), at=clock.now())
    client = cast.client("dewi")
    assert {client.get(address).status_code for address in there if "steps/" not in address} == {404}
    assert "Ayu" not in client.get(reverse("psychosocial:cases")).content.decode()


def test_a_case_page_shows_the_content_and_records_the_reading(cast: Any, query_count: Any) -> None:
    case = a_case(cast)
    assessed(cast, case)
    planned(cast, case)
    client = cast.client("dewi")
    with query_count() as asked:
        page = client.get(reverse("psychosocial:case", args=[case.public_id]))
    text = page.content.decode()
    for words in (
        "Ayah meninggal tiga bulan lalu.",
        "Kunjungan rumah",
        "Menulis buku harian",
        "Dewi Anggraini",
    ):
        assert words in text
    assert len(asked) <= 12, asked.statements
    entry = AuditEntry.objects.get(verb="psychosocial.case.read")
    assert (entry.subject, entry.actor) == (cast.ayu.public_id, cast.dewi.public_id)


def test_a_fresh_case_asks_for_an_assessment_first(cast: Any) -> None:
    case = a_case(cast)
    with transaction.atomic():
        shown = queries.case_page(cast.actor("dewi"), case.public_id, at=clock.now())
    assert [phase.state for phase in shown.phases] == ["done", "current", "todo", "todo", "todo", "todo"]
    assert shown.response_due_at is not None
    assert not AuditEntry.objects.filter(verb="psychosocial.case.read").exists(), "nothing was there to read"


def test_the_workflow_moves_with_the_work(cast: Any) -> None:
    now = clock.now()
    case = a_case(cast, at=now)
    assessed(cast, case, risk="high", at=now)
    dewi = cast.actor("dewi")

    def current() -> int:
        with transaction.atomic():
            shown = queries.case_page(dewi, case.public_id, at=now)
        return [phase.state for phase in shown.phases].index("current")

    assert current() == 2
    plan = planned(cast, case, at=now)
    assert current() == 3
    for step in plan.steps.select_related("plan__episode__person"):
        actions.finish_step(step=step, by=dewi, at=now)
    assert current() == 4
    actions.look_again(
        follow_up=FollowUp.objects.get(),
        result="Baik",
        next_on=local_day(now) + timedelta(days=5),
        by=dewi,
        at=now + timedelta(minutes=1),
        client_id=uuid.uuid4(),
    )
    assert current() == 5


def test_a_contact_answers_the_risk(cast: Any) -> None:
    now = clock.now()
    case = a_case(cast, at=now - timedelta(days=9))
    assessed(cast, case, risk="high", at=now - timedelta(days=8))

    def overdue() -> bool:
        with transaction.atomic():
            return queries.case_page(cast.actor("dewi"), case.public_id, at=now).response_overdue

    assert overdue()
    write_contact(
        episode=case,
        activity="home_visit",
        happened_at=now - timedelta(hours=1),
        minutes=40,
        note="Bertemu bibi.",
        by=cast.actor("dewi"),
        at=now,
        client_id=uuid.uuid4(),
    )
    assert not overdue()


def test_an_assessment_form_keeps_what_was_typed_and_says_what_is_missing(cast: Any) -> None:
    case = a_case(cast)
    address = reverse("psychosocial:assess", args=[case.public_id])
    typed = {
        "client_id": str(uuid.uuid4()),
        "situation": "Sejak ayahnya meninggal",
        "strengths": "",
        "needs": "",
        "risk": "high",
    }
    client = cast.client("dewi")
    page = client.post(address, typed)
    assert page.status_code == 200
    assert "Sejak ayahnya meninggal" in page.content.decode()
    assert page.context["form"].errors.keys() == {"needs"}
    typed["needs"] = "Tidur"
    for _ in range(2):
        page = client.post(address, typed)
        assert page.status_code == 302
    assert Assessment.objects.count() == 1
    assert "Sejak ayahnya meninggal" in client.get(address).content.decode(), (
        "the next one starts from the newest"
    )


def plan_data(**changes: str) -> dict[str, str]:
    today = local_day(clock.now())
    data = {
        "client_id": str(uuid.uuid4()),
        "aim": "Masuk sekolah",
        "follow_up_on": (today + timedelta(days=5)).isoformat(),
        "agreed_with_person": "on",
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
        "steps-0-text": "Kunjungan rumah",
        "steps-0-owner": "",
        "steps-0-due_on": (today + timedelta(days=2)).isoformat(),
    }
    return data | changes


def test_a_plan_is_made_on_its_page_once(cast: Any) -> None:
    case = a_case(cast)
    address, data = reverse("psychosocial:plan", args=[case.public_id]), plan_data()
    client = cast.client("dewi")
    assert client.get(address).status_code == 200
    data["steps-1-text"], data["steps-1-due_on"] = "Bertemu wali kelas", data["steps-0-due_on"]
    data["steps-1-owner"] = str(cast.dewi.public_id)
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert CasePlan.objects.count() == 1
    assert {step.owner for step in PlanStep.objects.all()} == {None, cast.dewi}
    again = client.get(address).content.decode()
    assert "Kunjungan rumah" in again, "the next plan starts from the open steps"


@pytest.mark.parametrize(
    "change",
    [
        {"aim": ""},
        {"follow_up_on": "2020-01-01"},
        {"follow_up_on": "kapan-kapan"},
        {"steps-0-text": "", "steps-0-due_on": ""},
        {"steps-0-due_on": "2020-01-01"},
        {"steps-0-due_on": ""},
        {"steps-0-owner": str(uuid.uuid4())},
        {"steps-TOTAL_FORMS": "seribu"},
        {"steps-TOTAL_FORMS": "9999"},
        {"steps-0-text": "x" * 600},
        {"client_id": "bukan-kunci"},
    ],
)
def test_a_plan_that_needs_another_look_keeps_what_was_typed(cast: Any, change: dict[str, str]) -> None:
    case = a_case(cast)
    page = cast.client("dewi").post(
        reverse("psychosocial:plan", args=[case.public_id]), plan_data(**{"aim": "Tujuan kami"} | change)
    )
    assert page.status_code == 200
    assert not CasePlan.objects.exists()
    assert "field__error" in page.content.decode() or page.context["form"].errors
    if "aim" not in change:
        assert "Tujuan kami" in page.content.decode()


def test_steps_are_added_and_taken_on_the_page(cast: Any) -> None:
    case = a_case(cast)
    client = cast.client("dewi")
    assert client.get(reverse("psychosocial:step", args=[case.public_id])).status_code == 404, "no plan yet"
    planned(cast, case)
    data = {
        "client_id": str(uuid.uuid4()),
        "text": "Rujuk",
        "owner": "",
        "due_on": local_day(clock.now()).isoformat(),
    }
    assert (
        client.post(reverse("psychosocial:step", args=[case.public_id]), data | {"text": ""}).status_code
        == 200
    )
    assert client.post(reverse("psychosocial:step", args=[case.public_id]), data).status_code == 302
    step = PlanStep.objects.latest("pk")
    deed = reverse("psychosocial:step_deed", args=[step.public_id])
    assert client.post(deed, {"deed": "burn"}).status_code == 302
    assert PlanStep.objects.get(pk=step.pk).state == StepState.OPEN
    assert client.post(deed, {"deed": "finish"}).status_code == 302
    assert client.post(deed, {"deed": "drop"}).status_code == 302, "too late, and said so on the page"
    assert PlanStep.objects.get(pk=step.pk).state == StepState.DONE


def test_a_look_is_written_on_its_page(cast: Any) -> None:
    case = a_case(cast)
    planned(cast, case)
    look = FollowUp.objects.get()
    address, client = reverse("psychosocial:follow_up", args=[look.public_id]), cast.client("dewi")
    assert client.get(address).status_code == 200
    data = {"client_id": str(uuid.uuid4()), "result": "Lebih tenang", "next_on": ""}
    page = client.post(address, data)
    assert page.status_code == 200
    assert "Lebih tenang" in page.content.decode()
    data["next_on"] = (local_day(clock.now()) + timedelta(days=6)).isoformat()
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert FollowUp.objects.count() == 2
    assert client.get(address).status_code == 302, "what is done needs no form"


def test_the_home_costs_the_same_for_one_case_and_for_many(cast: Any, query_count: Any) -> None:
    now = clock.now()
    case = a_case(cast)
    assessed(cast, case)
    planned(cast, case)
    dewi = cast.actor("dewi")
    with query_count() as for_one:
        queries.caseworker_home(dewi, at=now)
    for name in ("bima", "fajar"):
        for risk in ("high", "low"):
            more = a_case(cast, person=name)
            assessed(cast, more, risk=risk)
            planned(cast, more)
    dewi = cast.actor("dewi")
    with query_count() as for_many:
        home = queries.caseworker_home(dewi, at=now)
    assert len(for_one) == len(for_many) <= 5
    assert [case.risk for case in home.cases] == ["high", "high", "medium", "low", "low"]
    assert home.task_count == 15, "two steps and a look for each; plans have answered the risks"
    assert [task.due_on for task in home.tasks] == sorted(task.due_on for task in home.tasks)


def test_the_home_shows_a_case_that_nobody_assessed_first_and_no_content(cast: Any) -> None:
    now = clock.now()
    assessed(cast, a_case(cast, person="bima"), risk="high")
    a_case(cast, at=now - timedelta(days=10))
    home = queries.caseworker_home(cast.actor("dewi"), at=now)
    assert [case.person for case in home.cases] == ["Ayu Lestari", "Bima Saputra"]
    assert [task.kind for task in home.tasks] == ["assessment", "response"]
    assert home.tasks[0].overdue
    assert not AuditEntry.objects.filter(verb__endswith=".read").exists()


def test_list_pages_keep_their_query_count(cast: Any, query_count: Any) -> None:
    for name in ("ayu", "bima"):
        planned(cast, a_case(cast, person=name))
    client = cast.client("dewi")
    for query in ("", "?show=tasks", "?page=99", "?page=x"):
        with query_count() as asked:
            page = client.get(reverse("psychosocial:cases") + query)
        assert page.status_code == 200
        assert len(asked) <= 12
        assert "Ayu Lestari" in page.content.decode()
