"""The caseworker's day: tasks by due date, cases by risk with the next date of each. No content is opened."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q
from django.utils.functional import Promise

from teduh.care.models import Episode, FollowUp
from teduh.care.states import LevelKey
from teduh.people.access import Actor
from teduh.psychosocial.clocks import first_response_due, latest_follow_up, local_day, risk_clocks
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import RiskLevel, StepState
from teduh.psychosocial.vocabulary import RISK_TONES, RISKS

#: How many tasks and cases a home shows; the lists behind hold the rest.
TASKS_SHOWN, CASES_SHOWN = 8, 12

_ORDER = {RiskLevel.HIGH: 0, RiskLevel.MEDIUM: 1, RiskLevel.LOW: 2}


@dataclass(frozen=True)
class Task:
    """Something to do by a day: a step of a plan, a follow-up, or a first answer; never its content."""

    kind: str
    episode: uuid.UUID
    public_id: uuid.UUID
    person: str
    due_on: date
    overdue: bool
    today: bool


@dataclass(frozen=True)
class Case:
    """An active case with its risk and the next date on which something is due."""

    episode: uuid.UUID
    person: str
    organisation: str
    risk: RiskLevel | None
    risk_label: str | Promise
    risk_tone: str
    next_on: date
    overdue: bool


@dataclass(frozen=True)
class CaseworkerHome:
    """What the home of a caseworker shows."""

    tasks: tuple[Task, ...]
    task_count: int
    overdue_count: int
    cases: tuple[Case, ...]
    case_count: int


def caseworker_home(actor: Actor, *, at: datetime) -> CaseworkerHome:
    """Return the day of a caseworker with five queries, however many cases there are."""
    tasks, cases = case_work(actor, at=at)
    return CaseworkerHome(
        tasks=tuple(tasks[:TASKS_SHOWN]),
        task_count=len(tasks),
        overdue_count=sum(task.overdue for task in tasks),
        cases=tuple(cases[:CASES_SHOWN]),
        case_count=len(cases),
    )


def case_work(actor: Actor, *, at: datetime) -> tuple[list[Task], list[Case]]:
    """Return all tasks by due date, and all active cases by risk and next date."""
    today = local_day(at)
    cases = list(
        Episode.objects.visible_to(actor)
        .active()
        .filter(level=LevelKey.PSYCHOSOCIAL)
        .select_related("person", "person__organisation")
    )
    ids = [episode.pk for episode in cases]
    newest: dict[int, Assessment] = {}
    found = Assessment.objects.filter(episode__in=ids).defer("situation", "strengths", "needs")
    for row in found.order_by("made_at", "pk"):
        newest[row.episode_id] = row
    planned: dict[int, datetime] = dict(
        CasePlan.objects.filter(episode__in=ids).values_list("episode").annotate(last=Max("made_at"))
    )
    looks = list(
        FollowUp.objects.filter(Q(episode__in=ids) | Q(owner_id=actor.person_id), done_at__isnull=True)
        .filter(episode__in=Episode.objects.visible_to(actor), episode__level=LevelKey.PSYCHOSOCIAL)
        .select_related("episode__person")
        .defer("result")
    )
    steps = list(
        PlanStep.objects.filter(plan__episode__in=ids, plan__replaced_at__isnull=True, state=StepState.OPEN)
        .select_related("plan__episode__person")
        .defer("text", "plan__aim")
    )
    tasks = [
        *(
            _task("follow_up", look.episode, look.public_id, look.due_on, today)
            for look in looks
            if look.owner_id == actor.person_id
        ),
        *(
            _task("step", step.plan.episode, step.public_id, step.due_on, today)
            for step in steps
            if step.owner_id == actor.person_id
            or (step.owner_id is None and step.plan.episode.lead_id == actor.person_id)
        ),
    ]
    next_look: dict[int, date] = {}
    for look in looks:
        next_look[look.episode_id] = min(look.due_on, next_look.get(look.episode_id, look.due_on))
    views = []
    for episode in cases:
        assessment = newest.get(episode.pk)
        risk = RiskLevel(assessment.risk) if assessment else None
        since = assessment.made_at if assessment else episode.opened_at
        acted = [moment for moment in (episode.last_contact_at, planned.get(episode.pk)) if moment]
        waits = assessment is None or not any(moment >= since for moment in acted)
        response_on = local_day(first_response_due(risk or risk_clocks().until_assessed, since))
        if waits and episode.lead_id == actor.person_id:
            kind = "response" if assessment else "assessment"
            tasks.append(_task(kind, episode, episode.public_id, response_on, today))
        next_on = next_look.get(episode.pk) or latest_follow_up(
            risk or risk_clocks().until_assessed, local_day(since)
        )
        if waits:
            next_on = min(next_on, response_on)
        views.append(
            Case(
                episode=episode.public_id,
                person=episode.person.full_name,
                organisation=episode.person.organisation.name,
                risk=risk,
                risk_label=RISKS[risk] if risk else "",
                risk_tone=RISK_TONES[risk] if risk else "info",
                next_on=next_on,
                overdue=next_on < today,
            )
        )
    # A case that nobody has assessed stands beside the high ones: its risk is not known to be lower.
    views.sort(key=lambda case: (_ORDER[case.risk] if case.risk else 0, case.next_on, case.person))
    tasks.sort(key=lambda task: (task.due_on, task.person))
    return tasks, views


def _task(kind: str, episode: Episode, public_id: uuid.UUID, due_on: date, today: date) -> Task:
    return Task(
        kind=kind,
        episode=episode.public_id,
        public_id=public_id,
        person=episode.person.full_name,
        due_on=due_on,
        overdue=due_on < today,
        today=due_on == today,
    )
