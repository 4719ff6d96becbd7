"""Agree on a plan, and carry its steps out."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.followups import finish_follow_up, plan_follow_up
from teduh.care.models import CareTeamMember, Episode, FollowUp
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.kernel.machine import move, rule_for
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.models.person import in_force
from teduh.people.told import told
from teduh.psychosocial.clocks import latest_follow_up, local_day
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.policies import insist_on_case
from teduh.psychosocial.states import STEP_RULES, RiskLevel, StepDeed, StepState

#: The longest aim and step, in characters; the most steps of one plan.
AIM_LIMIT, STEP_LIMIT, MOST_STEPS = 2_000, 500, 20

NewStep = tuple[str, Person | None, date]


def follow_up_key(client_id: uuid.UUID) -> uuid.UUID:
    """Return the client id of the follow-up that a plan brings, so that the plan finds it again."""
    return uuid.uuid5(client_id, "follow-up")


def check_follow_up_day(episode: Episode, day: date, at: datetime) -> None:
    """Hold the day of the next look within the clock of the newest risk level.

    Raises Refused for a day in the past or later than the risk allows.
    """
    today = local_day(at)
    if day < today:
        raise Refused("follow_up_past", _("Choose a day that is still to come."), field="follow_up_on")
    newest = Assessment.objects.filter(episode=episode).order_by("-made_at", "-pk")
    risk = newest.values_list("risk", flat=True).first()
    if risk is None:
        return
    latest = latest_follow_up(RiskLevel(risk), today)
    if day > latest:
        message = gettext("At this risk level, look again by %(day)s at the latest.") % {
            "day": date_format(latest, "j F Y")
        }
        raise Refused("follow_up_late", message, field="follow_up_on")


def _check_step(episode: Episode, text: str, owner: Person | None, due_on: date, at: datetime) -> None:
    if not text.strip():
        raise Refused("step_empty", _("Write what will be done."), field="text")
    if len(text) > STEP_LIMIT:
        raise Refused("too_long", _("This text is too long. Please shorten it."), field="text")
    if due_on < local_day(at):
        raise Refused("due_past", _("Choose a day that is still to come."), field="due_on")
    if owner is not None and owner.pk != episode.lead_id:
        on_team = CareTeamMember.objects.filter(in_force(at), episode=episode, member=owner)
        if not on_team.exists():
            raise Refused("owner_outside", _("Choose somebody of the care team."), field="owner")


@transaction.atomic
def make_plan(
    *,
    episode: Episode,
    aim: str,
    agreed_with_person: bool,
    follow_up_on: date,
    steps: Sequence[NewStep],
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> CasePlan:
    """Put a plan in force in place of the former one, which is kept, and plan the next look at the person.

    The follow-up of the former plan ends with it: making a new plan is that look. The same `client_id` makes
    one plan.

    Raises Refused naming the field that needs another look; NotVisible outside the care team.
    """
    writer = insist_on_case(by, episode)
    # Two members who plan at once wait for each other here: one plan is in force, the other becomes history.
    Episode.objects.select_for_update().get(pk=episode.pk)
    known = CasePlan.objects.filter(client_id=client_id).first()
    if known is not None:
        if known.episode_id != episode.pk:
            raise NotVisible
        if not _is_same_plan(known, aim, steps):
            raise other_words()
        return known
    if not aim.strip():
        raise Refused("aim_empty", _("Write what should become better."), field="aim")
    if len(aim) > AIM_LIMIT:
        raise Refused("too_long", _("This text is too long. Please shorten it."), field="aim")
    if not steps:
        raise Refused("steps_empty", _("A plan needs at least one step."), field="steps")
    if len(steps) > MOST_STEPS:
        raise Refused("steps_many", _("These are too many steps. Keep the nearest ones."), field="steps")
    check_follow_up_day(episode, follow_up_on, at)
    for text, owner, due_on in steps:
        _check_step(episode, text, owner, due_on, at)
    _retire_plan(episode, by, at)
    plan = CasePlan.objects.create(
        episode=episode,
        sealing_key_id=episode.sealing_key_id,
        aim=aim,
        agreed_with_person=agreed_with_person,
        made_by_id=writer,
        made_at=at,
        follow_up_on=follow_up_on,
        client_id=client_id,
    )
    PlanStep.objects.bulk_create(
        [
            PlanStep(
                plan=plan,
                sealing_key_id=episode.sealing_key_id,
                text=text,
                owner=owner,
                due_on=due_on,
                client_id=uuid.uuid5(client_id, f"step-{number}"),
            )
            for number, (text, owner, due_on) in enumerate(steps)
        ]
    )
    audit.record(told(by, "psychosocial.plan.make", plan, subject=episode.person, steps=len(steps)), at=at)
    plan_follow_up(
        episode=episode,
        due_on=follow_up_on,
        owner=Person.objects.get(pk=writer),
        by=by,
        at=at,
        client_id=follow_up_key(client_id),
    )
    return plan


def _is_same_plan(known: CasePlan, aim: str, steps: Sequence[NewStep]) -> bool:
    """Tell whether these are the words of a plan as it was made; steps that were added later do not count."""
    keys = [uuid.uuid5(known.client_id, f"step-{number}") for number in range(MOST_STEPS)]
    made = {row.client_id: row.text.open() for row in PlanStep.objects.filter(client_id__in=keys)}
    sent = dict(zip(keys, (text for text, _owner, _due_on in steps), strict=False))
    return known.aim.open() == aim and made == sent


def _retire_plan(episode: Episode, by: Actor, at: datetime) -> None:
    former = CasePlan.objects.filter(episode=episode, replaced_at__isnull=True).first()
    if former is None:
        return
    former.replaced_at = at
    former.save(update_fields=["replaced_at"])
    key = follow_up_key(former.client_id)
    follow_up = FollowUp.objects.filter(client_id=key, done_at__isnull=True).first()
    if follow_up is not None:
        finish_follow_up(follow_up=follow_up, result=gettext("A new plan was made."), by=by, at=at)


@transaction.atomic
def add_step(
    *,
    plan: CasePlan,
    text: str,
    owner: Person | None,
    due_on: date,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> PlanStep:
    """Add a step to the plan in force; the same `client_id` adds one.

    Raises Refused naming the field, or for a plan replaced meanwhile; NotVisible outside the care team.
    """
    insist_on_case(by, plan.episode)
    Episode.objects.select_for_update().get(pk=plan.episode_id)
    known = PlanStep.objects.filter(client_id=client_id).first()
    if known is not None:
        if known.plan_id != plan.pk:
            raise NotVisible
        if known.text.open() != text:
            raise other_words()
        return known
    _insist_on_force(plan)
    if PlanStep.objects.filter(plan=plan).count() >= MOST_STEPS:
        raise Refused("steps_many", _("These are too many steps. Keep the nearest ones."), field="text")
    _check_step(plan.episode, text, owner, due_on, at)
    step = PlanStep.objects.create(
        plan=plan,
        sealing_key_id=plan.sealing_key_id,
        text=text,
        owner=owner,
        due_on=due_on,
        client_id=client_id,
    )
    audit.record(told(by, "psychosocial.step.add", step, subject=plan.episode.person), at=at)
    return step


def _insist_on_force(plan: CasePlan) -> None:
    if CasePlan.objects.filter(pk=plan.pk, replaced_at__isnull=False).exists():
        raise Refused("plan_replaced", _("This plan was replaced. Work on with the new one."))


@transaction.atomic
def finish_step(*, step: PlanStep, by: Actor, at: datetime) -> None:
    """Say that a step is done; saying it again changes nothing."""
    _take(step, StepDeed.FINISH, StepState.DONE, by, at)


@transaction.atomic
def drop_step(*, step: PlanStep, by: Actor, at: datetime) -> None:
    """Say that a step is no longer wanted; it stays in the record. Saying it again changes nothing."""
    _take(step, StepDeed.DROP, StepState.DROPPED, by, at)


def _take(step: PlanStep, deed: StepDeed, after: StepState, by: Actor, at: datetime) -> None:
    episode = step.plan.episode
    insist_on_case(by, episode)
    if step.state == after:
        return
    _insist_on_force(step.plan)
    move(step, rule_for(STEP_RULES, StepState(step.state), deed), done_at=at)
    audit.record(told(by, f"psychosocial.step.{deed.value}", step, subject=episode.person), at=at)
