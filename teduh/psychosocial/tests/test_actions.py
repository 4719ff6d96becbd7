"""Assess, plan, carry out, look again."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions.episodes import join_team
from teduh.care.models import Episode, FollowUp
from teduh.care.states import EpisodeState, LevelKey, TeamPart
from teduh.care.tests.helpers import episode as an_episode
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused, Stale
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.psychosocial import actions
from teduh.psychosocial.clocks import local_day
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import StepState
from teduh.psychosocial.tests.helpers import a_case, assessed, planned


def test_an_assessment_is_sealed_and_written_once_however_often_it_is_sent(cast: Any) -> None:
    case, key = a_case(cast), uuid.uuid4()
    first = assessed(cast, case, client_id=key)
    again = assessed(cast, case, client_id=key)
    assert first.pk == again.pk
    with pytest.raises(Refused) as refused:
        assessed(cast, case, client_id=key, situation="Lain")
    assert refused.value.code == "form_used", "other words must not vanish behind a success"
    row = Assessment.objects.get()
    assert row.situation.open() == "Ayah meninggal tiga bulan lalu."
    assert (
        AuditEntry.objects.filter(verb="psychosocial.assessment.write", subject=cast.ayu.public_id).count()
        == 1
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"risk": "huge"}, "risk"),
        ({"vulnerabilities": ["bored"]}, "vulnerabilities"),
        ({"situation": "  "}, "situation"),
        ({"needs": ""}, "needs"),
        ({"strengths": "x" * 9000}, "strengths"),
    ],
)
def test_an_assessment_names_the_field_that_needs_another_look(cast: Any, change: Any, field: str) -> None:
    case = a_case(cast)
    with pytest.raises(Refused) as refused:
        assessed(cast, case, **change)
    assert refused.value.field == field
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("who", ["ayu", "bima", "citra", "eko", "fajar", "gita", "hari", "indra", "joko"])
def test_nobody_outside_the_care_team_writes(cast: Any, who: str) -> None:
    case = a_case(cast)
    plan = planned(cast, case)
    step = plan.steps.first()
    assert step is not None
    common: dict[str, Any] = {"by": cast.actor(who), "at": clock.now()}
    with pytest.raises(NotVisible):
        actions.assess(
            episode=case,
            risk="low",
            vulnerabilities=[],
            situation="a",
            strengths="",
            needs="b",
            client_id=uuid.uuid4(),
            **common,
        )
    with pytest.raises(NotVisible):
        actions.make_plan(
            episode=case,
            aim="a",
            agreed_with_person=True,
            follow_up_on=local_day(clock.now()),
            steps=[("a", None, local_day(clock.now()))],
            client_id=uuid.uuid4(),
            **common,
        )
    with pytest.raises(NotVisible):
        actions.finish_step(step=step, **common)
    with pytest.raises(NotVisible):
        actions.look_again(
            follow_up=FollowUp.objects.get(), result="a", next_on=None, client_id=uuid.uuid4(), **common
        )


def test_an_episode_of_another_level_has_no_case_plan(cast: Any) -> None:
    counselling = an_episode(cast, "dewi", LevelKey.COUNSELLING)
    with pytest.raises(NotVisible):
        planned(cast, counselling)


def test_a_closed_case_is_not_written_any_more(cast: Any) -> None:
    case = a_case(cast)
    Episode.objects.filter(pk=case.pk).update(state=EpisodeState.CLOSED)
    case.refresh_from_db()
    with pytest.raises(NotVisible):
        assessed(cast, case)


def test_a_plan_brings_its_steps_and_the_next_look_once(cast: Any) -> None:
    case, key = a_case(cast), uuid.uuid4()
    plan = planned(cast, case, client_id=key)
    assert planned(cast, case, client_id=key).pk == plan.pk
    assert [s.text.open() for s in plan.steps.order_by("due_on")] == [
        "Kunjungan rumah",
        "Menulis buku harian",
    ]
    look = FollowUp.objects.get(episode=case)
    assert (look.due_on, look.owner) == (plan.follow_up_on, cast.dewi)


def test_a_new_plan_replaces_the_former_one_which_is_kept(cast: Any) -> None:
    case = a_case(cast)
    former = planned(cast, case)
    new = planned(cast, case)
    former.refresh_from_db()
    assert former.replaced_at is not None
    assert CasePlan.objects.filter(episode=case).count() == 2
    assert CasePlan.objects.get(episode=case, replaced_at__isnull=True) == new
    assert FollowUp.objects.filter(episode=case, done_at__isnull=True).count() == 1


def test_a_step_of_a_replaced_plan_is_not_taken(cast: Any) -> None:
    case = a_case(cast)
    former = planned(cast, case)
    planned(cast, case)
    step = former.steps.select_related("plan__episode__person").first()
    assert step is not None
    with pytest.raises(Refused) as refused:
        actions.finish_step(step=step, by=cast.actor("dewi"), at=clock.now())
    assert refused.value.code == "plan_replaced"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"aim": " "}, "aim"),
        ({"steps": []}, "steps"),
        ({"follow_up_on": local_day(clock.now()) - timedelta(days=1)}, "follow_up_on"),
        ({"steps": [(" ", None, local_day(clock.now()))]}, "text"),
        ({"steps": [("a", None, local_day(clock.now()) - timedelta(days=1))]}, "due_on"),
    ],
)
def test_a_plan_names_the_field_that_needs_another_look(cast: Any, change: Any, field: str) -> None:
    case = a_case(cast)
    with pytest.raises(Refused) as refused:
        planned(cast, case, **change)
    assert refused.value.field == field
    assert not CasePlan.objects.exists()
    assert not FollowUp.objects.exists()


def test_only_the_care_team_owns_steps(cast: Any) -> None:
    case, today = a_case(cast), local_day(clock.now())
    with pytest.raises(Refused) as refused:
        planned(cast, case, steps=[("a", cast.citra, today)])
    assert refused.value.field == "owner"
    join_team(
        episode=case,
        member=cast.citra,
        part=TeamPart.MEMBER,
        purpose="school",
        by=system_actor(),
        at=clock.now(),
    )
    assert planned(cast, case, steps=[("a", cast.citra, today)]).steps.get().owner == cast.citra


def test_a_high_risk_does_not_wait_longer_than_a_week_for_the_next_look(cast: Any) -> None:
    case, today = a_case(cast), local_day(clock.now())
    assessed(cast, case, risk="low")
    assessed(cast, case, risk="high")
    with pytest.raises(Refused) as refused:
        planned(cast, case, follow_up_on=today + timedelta(days=8))
    assert refused.value.field == "follow_up_on"
    assert planned(cast, case, follow_up_on=today + timedelta(days=7))


def test_a_step_is_done_once_and_a_dropped_one_stays_in_the_record(cast: Any) -> None:
    case = a_case(cast)
    plan = planned(cast, case)
    first, second = plan.steps.select_related("plan__episode__person").order_by("due_on")
    at = clock.now()
    actions.finish_step(step=first, by=cast.actor("dewi"), at=at)
    actions.finish_step(step=first, by=cast.actor("dewi"), at=at + timedelta(hours=1))
    first.refresh_from_db()
    assert (first.state, first.done_at) == (StepState.DONE, at)
    actions.drop_step(step=second, by=cast.actor("dewi"), at=at)
    assert PlanStep.objects.get(pk=second.pk).state == StepState.DROPPED
    with pytest.raises(Refused):
        actions.drop_step(step=first, by=cast.actor("dewi"), at=at)


def test_two_who_take_the_same_step_differently_do_not_overwrite_each_other(cast: Any) -> None:
    case = a_case(cast)
    planned(cast, case)
    seen_by_one = PlanStep.objects.select_related("plan__episode__person").earliest("due_on")
    seen_by_other = PlanStep.objects.select_related("plan__episode__person").earliest("due_on")
    actions.finish_step(step=seen_by_one, by=cast.actor("dewi"), at=clock.now())
    with pytest.raises(Stale):
        actions.drop_step(step=seen_by_other, by=cast.actor("dewi"), at=clock.now())
    assert PlanStep.objects.get(pk=seen_by_one.pk).state == StepState.DONE


def test_a_step_is_added_once(cast: Any) -> None:
    plan, key = planned(cast, a_case(cast)), uuid.uuid4()
    for _ in range(2):
        actions.add_step(
            plan=plan,
            text="Rujuk ke puskesmas",
            owner=None,
            due_on=local_day(clock.now()),
            by=cast.actor("dewi"),
            at=clock.now(),
            client_id=key,
        )
    assert plan.steps.count() == 3


def test_looking_again_chooses_the_next_day_at_once(cast: Any) -> None:
    case, today = a_case(cast), local_day(clock.now())
    assessed(cast, case, risk="high")
    planned(cast, case)
    look, key = FollowUp.objects.get(), uuid.uuid4()
    common: dict[str, Any] = {
        "follow_up": look,
        "by": cast.actor("dewi"),
        "at": clock.now(),
        "client_id": key,
    }
    with pytest.raises(Refused) as refused:
        actions.look_again(result="Lebih tenang", next_on=None, **common)
    assert refused.value.field == "next_on"
    with pytest.raises(Refused) as refused:
        actions.look_again(result="Lebih tenang", next_on=today + timedelta(days=20), **common)
    assert refused.value.field == "next_on"
    look.refresh_from_db()
    assert look.done_at is None, "a refused form leaves nothing behind"
    for _ in range(2):
        actions.look_again(result="Lebih tenang", next_on=today + timedelta(days=6), **common)
    assert FollowUp.objects.get(done_at__isnull=True).due_on == today + timedelta(days=6)
    assert FollowUp.objects.get(pk=look.pk).result.open() == "Lebih tenang"


def test_a_key_of_another_case_gives_nothing_away(cast: Any) -> None:
    one, other = a_case(cast), a_case(cast, person="bima")
    key = assessed(cast, one).client_id
    with pytest.raises(NotVisible):
        assessed(cast, other, client_id=key)
