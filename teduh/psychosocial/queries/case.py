"""One case: where it stands, what was found, what was agreed, what comes next."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext

from teduh.care.models import CareTeamMember, Episode, FollowUp
from teduh.care.states import EpisodeState, LevelKey, TeamPart
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.sealing.keyring import prime
from teduh.people.access import Actor
from teduh.people.models.person import in_force
from teduh.people.told import told
from teduh.psychosocial.clocks import first_response_due, latest_follow_up, local_day, risk_clocks
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import Phase, RiskLevel, StepState
from teduh.psychosocial.vocabulary import PHASES, RISK_TONES, RISKS, STEP_STATES, VULNERABILITIES

Words = str | Promise

#: How many finished follow-ups a case page shows.
LOOKS_SHOWN = 5


@dataclass(frozen=True)
class PhaseView:
    """One step of the workflow bar."""

    label: Words
    state: str
    at: datetime | None


@dataclass(frozen=True)
class AssessmentView:
    """The newest assessment, opened."""

    risk: RiskLevel
    risk_label: Words
    risk_tone: str
    vulnerabilities: tuple[Words, ...]
    situation: str
    strengths: str
    needs: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class StepView:
    """A step of the plan, opened; `owner` is empty where the person does it themselves."""

    public_id: uuid.UUID
    text: str
    owner: str
    due_on: date
    state: StepState
    state_label: Words
    done_at: datetime | None
    overdue: bool


@dataclass(frozen=True)
class PlanView:
    """The plan in force, opened."""

    public_id: uuid.UUID
    aim: str
    agreed_with_person: bool
    made_by: str
    made_at: datetime
    steps: tuple[StepView, ...]
    open_count: int


@dataclass(frozen=True)
class FollowUpView:
    """A day on which somebody looks, or has looked, again; `title` to `icon` are what a timeline shows."""

    public_id: uuid.UUID
    due_on: date
    owner: str
    is_aftercare: bool
    overdue: bool
    at: datetime | None
    title: str
    text: str
    who: str
    icon: str = "eye"


@dataclass(frozen=True)
class Member:
    """Who is on the care team, for "who can see this?"."""

    name: str
    why: str


@dataclass(frozen=True)
class CasePage:
    """Everything that the page of a case shows."""

    public_id: uuid.UUID
    person_name: str
    person_called: str
    organisation: str
    is_active: bool
    may_write: bool
    opened_at: datetime
    closed_at: datetime | None
    phases: tuple[PhaseView, ...]
    assessment: AssessmentView | None
    plan: PlanView | None
    next_look: FollowUpView | None
    past_looks: tuple[FollowUpView, ...]
    response_due_at: datetime | None
    response_overdue: bool
    look_by: date
    looks_too_late: bool
    clocks_unconfirmed: bool
    team: tuple[Member, ...]


def find_case(actor: Actor, public_id: uuid.UUID) -> Episode:
    """Return a psychosocial episode that the actor sees.

    Raises NotVisible otherwise, whether it exists or not.
    """
    episode = (
        Episode.objects.visible_to(actor)
        .filter(level=LevelKey.PSYCHOSOCIAL, public_id=public_id)
        .select_related("person", "organisation", "lead")
        .first()
    )
    if episode is None:
        raise NotVisible
    return episode


def find_step(actor: Actor, public_id: uuid.UUID) -> PlanStep:
    """Return a step of a plan in a case that the actor sees.

    Raises NotVisible otherwise.
    """
    step = (
        PlanStep.objects.visible_to(actor)
        .filter(public_id=public_id)
        .select_related("plan__episode__person", "owner")
        .first()
    )
    if step is None:
        raise NotVisible
    return step


def find_follow_up(actor: Actor, public_id: uuid.UUID) -> FollowUp:
    """Return a follow-up of a case that the actor sees.

    Raises NotVisible otherwise.
    """
    follow_up = (
        FollowUp.objects.filter(
            episode__in=Episode.objects.visible_to(actor),
            episode__level=LevelKey.PSYCHOSOCIAL,
            public_id=public_id,
        )
        .select_related("episode__person", "owner")
        .first()
    )
    if follow_up is None:
        raise NotVisible
    return follow_up


def case_page(actor: Actor, public_id: uuid.UUID, *, at: datetime) -> CasePage:
    """Return a case with its content opened; must run in a transaction, because the reading is recorded.

    Raises NotVisible where the actor does not see it.
    """
    episode = find_case(actor, public_id)
    assessments = Assessment.objects.filter(episode=episode).select_related("made_by")
    newest = assessments.order_by("-made_at", "-pk").first()
    steps = list(
        PlanStep.objects.filter(plan__episode=episode, plan__replaced_at__isnull=True)
        .select_related("plan__made_by", "owner")
        .order_by("due_on", "pk")
    )
    looks = list(FollowUp.objects.filter(episode=episode).select_related("owner").order_by("due_on", "pk"))
    team = list(
        CareTeamMember.objects.filter(in_force(at), episode=episode)
        .select_related("member")
        .order_by("starts_at", "pk")
    )
    if newest is not None or steps or looks:
        prime([episode.sealing_key_id])
        audit.record(told(actor, "psychosocial.case.read", episode, subject=episode.person), at=at)
    today = local_day(at)
    plan = _plan(steps, today)
    assessment = _assessment(newest)
    open_looks = [look for look in looks if look.done_at is None]
    done_looks = [look for look in looks if look.done_at is not None]
    risk = assessment.risk if assessment else risk_clocks().until_assessed
    since = assessment.made_at if assessment else episode.opened_at
    response_due_at = _response_due(episode, assessment, plan, since, risk)
    last_look = max([since, *(look.done_at for look in done_looks if look.done_at)])
    look_by = latest_follow_up(risk, local_day(last_look))
    active = episode.state == EpisodeState.ACTIVE
    next_look = _look(open_looks[0], today) if open_looks else None
    return CasePage(
        public_id=episode.public_id,
        person_name=episode.person.full_name,
        person_called=episode.person.called,
        organisation=episode.organisation.name,
        is_active=active,
        may_write=active and any(m.member_id == actor.person_id for m in team),
        opened_at=episode.opened_at,
        closed_at=episode.closed_at,
        phases=_phases(episode, assessment, plan, done_looks),
        assessment=assessment,
        plan=plan,
        next_look=next_look,
        past_looks=tuple(_look(look, today) for look in reversed(done_looks))[:LOOKS_SHOWN],
        response_due_at=response_due_at if active else None,
        response_overdue=active and response_due_at is not None and response_due_at < at,
        look_by=look_by,
        looks_too_late=active and (next_look is None or next_look.due_on > look_by),
        clocks_unconfirmed=risk_clocks().unconfirmed,
        team=tuple(Member(m.member.full_name, _why(m)) for m in team),
    )


def _why(member: CareTeamMember) -> str:
    words = {
        TeamPart.LEAD: pgettext("care team", "leads this case"),
        TeamPart.MEMBER: pgettext("care team", "works on this case"),
        TeamPart.SUPERVISOR: pgettext("care team", "supervises"),
    }
    return words[TeamPart(member.part)]


def _assessment(row: Assessment | None) -> AssessmentView | None:
    if row is None:
        return None
    risk = RiskLevel(row.risk)
    return AssessmentView(
        risk=risk,
        risk_label=RISKS[risk],
        risk_tone=RISK_TONES[risk],
        vulnerabilities=tuple(VULNERABILITIES.get(code, code) for code in row.vulnerabilities),
        situation=row.situation.open(),
        strengths=row.strengths.open(),
        needs=row.needs.open(),
        made_by=row.made_by.full_name,
        made_at=row.made_at,
    )


def _plan(rows: list[PlanStep], today: date) -> PlanView | None:
    if not rows:
        return None
    plan: CasePlan = rows[0].plan
    steps = []
    for row in rows:
        state = StepState(row.state)
        steps.append(
            StepView(
                public_id=row.public_id,
                text=row.text.open(),
                owner=row.owner.full_name if row.owner else "",
                due_on=row.due_on,
                state=state,
                state_label=STEP_STATES[state],
                done_at=row.done_at,
                overdue=state == StepState.OPEN and row.due_on < today,
            )
        )
    return PlanView(
        public_id=plan.public_id,
        aim=plan.aim.open(),
        agreed_with_person=plan.agreed_with_person,
        made_by=plan.made_by.full_name,
        made_at=plan.made_at,
        steps=tuple(steps),
        open_count=sum(step.state == StepState.OPEN for step in steps),
    )


def _look(row: FollowUp, today: date) -> FollowUpView:
    return FollowUpView(
        public_id=row.public_id,
        due_on=row.due_on,
        owner=row.owner.full_name,
        is_aftercare=row.is_aftercare,
        overdue=row.done_at is None and row.due_on < today,
        at=row.done_at,
        title=pgettext("follow-up", "Aftercare") if row.is_aftercare else pgettext("follow-up", "Follow-up"),
        text=row.result.open() if row.done_at else "",
        who=row.owner.full_name,
    )


def _response_due(
    episode: Episode,
    assessment: AssessmentView | None,
    plan: PlanView | None,
    since: datetime,
    risk: RiskLevel,
) -> datetime | None:
    """When somebody must act, or None where somebody has since the risk was found."""
    contacted = episode.last_contact_at is not None and episode.last_contact_at >= since
    planned = plan is not None and plan.made_at >= since
    if assessment is not None and (contacted or planned):
        return None
    return first_response_due(risk, since)


def _phases(
    episode: Episode, assessment: AssessmentView | None, plan: PlanView | None, done_looks: list[FollowUp]
) -> tuple[PhaseView, ...]:
    carried_out = plan is not None and plan.open_count == 0
    looked = [look.done_at for look in done_looks if look.done_at and plan and look.done_at >= plan.made_at]
    reached: list[tuple[Phase, bool, datetime | None]] = [
        (Phase.IDENTIFICATION, True, episode.opened_at),
        (Phase.ASSESSMENT, assessment is not None, assessment.made_at if assessment else None),
        (Phase.PLAN, plan is not None, plan.made_at if plan else None),
        (Phase.IMPLEMENTATION, carried_out, None),
        (Phase.FOLLOW_UP, carried_out and bool(looked), looked[-1] if looked and carried_out else None),
        (Phase.CLOSURE, episode.state == EpisodeState.CLOSED, episode.closed_at),
    ]
    active = episode.state == EpisodeState.ACTIVE
    current = next((phase for phase, done, _ in reached if not done), None) if active else None
    return tuple(
        PhaseView(PHASES[phase], "done" if done else "current" if phase == current else "todo", at)
        for phase, done, at in reached
    )
