"""Answers, tips, and what the homes cost."""

import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from teduh.community import actions, queries
from teduh.community.tips import FILE, all_tips, read_tips, tips_of_week
from teduh.kernel import clock
from teduh.kernel.data import DataInvalid
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions import persons as act
from teduh.people.models import ClassGroup, Consent
from teduh.people.states import Role, Safety


def answer(cast: Any, agrees: bool, key: uuid.UUID | None = None) -> Consent:
    return actions.answer_as_guardian(
        child=cast.ayu,
        purpose="screening",
        agrees=agrees,
        by=cast.actor("gita"),
        at=clock.now(),
        client_id=key or uuid.uuid4(),
    )


def test_another_choice_on_the_same_page_counts(cast: Any) -> None:
    key = uuid.uuid4()
    answer(cast, True, key)
    assert answer(cast, False, key).answer == "withdrawn"
    assert answer(cast, True, key).answer == "given", "a late repeat of the first adds nothing"
    assert [row.answer for row in Consent.objects.order_by("pk")] == ["given", "withdrawn"]


def test_an_answer_is_only_added_and_the_newest_counts(cast: Any) -> None:
    key = uuid.uuid4()
    assert answer(cast, True, key).pk == answer(cast, True, key).pk == answer(cast, True).pk
    answer(cast, False)
    answer(cast, False)
    answer(cast, True)
    rows = Consent.objects.order_by("pk")
    assert [row.answer for row in rows] == ["given", "withdrawn", "given"]
    assert {row.basis for row in rows} == {"guardian"}
    told = AuditEntry.objects.filter(verb="community.consent.answer", subject=cast.ayu.public_id)
    assert told.count() == 3


def test_a_first_no_is_a_refusal(cast: Any) -> None:
    assert answer(cast, False).answer == "refused"


def test_a_question_waits_until_it_is_answered_on_its_page(cast: Any) -> None:
    ward = queries.guardian_home(cast.actor("gita"), at=clock.now()).wards[0]
    assert (ward.open_questions, [q.purpose for q in ward.questions]) == (1, ["screening"])
    address, client = (
        reverse("community:consent", args=[cast.ayu.public_id, "screening"]),
        cast.client("gita"),
    )
    assert client.get(address).status_code == 200
    assert client.post(address, {"client_id": "x", "agrees": "yes"}).status_code == 200
    assert client.post(address, {"client_id": str(uuid.uuid4()), "agrees": "maybe"}).status_code == 200
    assert not Consent.objects.exists()
    assert client.post(address, {"client_id": str(uuid.uuid4()), "agrees": "yes"}).status_code == 302
    ward = queries.guardian_home(cast.actor("gita"), at=clock.now()).wards[0]
    assert ward.open_questions == 0
    assert ward.questions[0].agrees


def test_training_is_asked_about_once_the_child_supports_peers(cast: Any) -> None:
    act.set_guardian(
        guardian=cast.gita,
        child=cast.bima,
        relationship="aunt",
        safety=Safety.SAFE,
        by=system_actor(),
        at=clock.now(),
    )
    wards = {ward.name: ward for ward in queries.guardian_home(cast.actor("gita"), at=clock.now()).wards}
    assert [q.purpose for q in wards["Bima Saputra"].questions] == ["screening", "peer_training"]
    assert [q.purpose for q in wards["Ayu Lestari"].questions] == ["screening"]


def test_the_guardians_home_costs_the_same_for_one_child_and_for_three(cast: Any, query_count: Any) -> None:
    answer(cast, True)
    gita = cast.actor("gita")
    with query_count() as for_one:
        queries.guardian_home(gita, at=clock.now())
    for child in (cast.bima, cast.fajar):
        act.set_guardian(
            guardian=cast.gita,
            child=child,
            relationship="aunt",
            safety=Safety.SAFE,
            by=system_actor(),
            at=clock.now(),
        )
    with query_count() as for_three:
        home = queries.guardian_home(gita, at=clock.now())
    assert len(home.wards) == 3
    assert len(for_one) == len(for_three) <= 5


def test_pages_cost_at_most_twelve_queries(cast: Any, query_count: Any) -> None:
    for index in range(5):
        person = act.register_person(
            organisation=cast.school,
            full_name=f"Siswa {index}",
            roles=(Role.STUDENT,),
            by=system_actor(),
            at=clock.now(),
        )
        act.place_in_class(person=person, class_group=cast.class_group, on=clock.today())
    for who, name in (("gita", "worry"), ("joko", "refer_student"), ("ayu", "sharing")):
        client = cast.client(who)
        with query_count() as asked:
            assert client.get(reverse(f"community:{name}")).status_code == 200
        assert len(asked) <= 12, name
    joko = cast.actor("joko")
    with query_count() as asked:
        home = queries.homeroom_home(joko)
    assert len(asked) <= 3
    assert len(home.students) == 6


def test_last_years_class_is_not_the_own_class_any_more(cast: Any) -> None:
    ClassGroup.objects.create(
        organisation=cast.school,
        name="XII-9",
        grade="12",
        school_year="2025/2026",
        homeroom_teacher=cast.joko,
    )
    assert queries.homeroom_home(cast.actor("joko")).classes == ("X-1",)


def test_a_student_of_age_consents_as_an_adult(cast: Any) -> None:
    cast.ayu.birth_date = clock.today() - timedelta(days=366 * 19)
    cast.ayu.save(update_fields=["birth_date"])
    common: dict[str, Any] = {"agrees": True, "at": clock.now(), "client_id": uuid.uuid4()}
    assert actions.answer_about_sharing(by=cast.actor("ayu"), **common).basis == "self_adult"
    common["client_id"] = uuid.uuid4()
    assert actions.answer_about_sharing(by=cast.actor("bima"), **common).basis == "self_mature_minor"


def test_the_tips_of_a_week_are_the_same_for_everybody_and_change() -> None:
    assert tips_of_week(date(2026, 11, 23)) == tips_of_week(date(2026, 11, 29))
    assert tips_of_week(date(2026, 11, 23)) != tips_of_week(date(2026, 11, 30))
    shown = {tip.key for week in range(1, 20) for tip in tips_of_week(date.fromisocalendar(2026, week, 1))}
    assert shown == {tip.key for tip in all_tips()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title_id = "Dengarkan dulu"', 'title_id = ""'),
        ('key = "sleep"', 'key = "listen-first"'),
        ("Puji usahanya hari ini.", "satu " * 20 + "."),
        ("last_checked = 2026-11-24", ""),
    ],
)
def test_a_broken_list_of_tips_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "tips.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataInvalid):
        read_tips(file)
