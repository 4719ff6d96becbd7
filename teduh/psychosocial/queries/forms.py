"""What the forms of case work start from."""

from dataclasses import dataclass
from datetime import date, datetime

from teduh.care.models import CareTeamMember, Episode
from teduh.kernel import audit
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.models.person import in_force
from teduh.people.told import told
from teduh.psychosocial.clocks import latest_follow_up, local_day
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import RiskLevel, StepState


@dataclass(frozen=True)
class PlanDraft:
    """The plan in force as the start of the next one: its aim and the steps that are still open."""

    aim: str
    agreed_with_person: bool
    steps: tuple[dict[str, object], ...]


def owner_choices(episode: Episode, *, at: datetime) -> dict[str, Person]:
    """Return who of the care team may own a step, by public id."""
    members = CareTeamMember.objects.filter(in_force(at), episode=episode).select_related("member")
    return {str(row.member.public_id): row.member for row in members.order_by("starts_at", "pk")}


def latest_assessment(actor: Actor, episode: Episode, *, at: datetime) -> dict[str, object]:
    """Return the newest assessment to start the next from; in a transaction: the reading is recorded."""
    row = Assessment.objects.filter(episode=episode).order_by("-made_at", "-pk").first()
    if row is None:
        return {}
    audit.record(told(actor, "psychosocial.assessment.read", row, subject=episode.person), at=at)
    return {
        "risk": row.risk,
        "vulnerabilities": list(row.vulnerabilities),
        "situation": row.situation.open(),
        "strengths": row.strengths.open(),
        "needs": row.needs.open(),
    }


def plan_in_force(episode: Episode) -> CasePlan | None:
    """Return the plan in force, unopened."""
    return (
        CasePlan.objects.filter(episode=episode, replaced_at__isnull=True)
        .select_related("episode__person")
        .first()
    )


def plan_draft(actor: Actor, plan: CasePlan, *, at: datetime) -> PlanDraft:
    """Return the plan in force, opened for revising; runs in a transaction, the reading is recorded."""
    audit.record(told(actor, "psychosocial.plan.read", plan, subject=plan.episode.person), at=at)
    steps = PlanStep.objects.filter(plan=plan, state=StepState.OPEN).select_related("owner")
    return PlanDraft(
        aim=plan.aim.open(),
        agreed_with_person=plan.agreed_with_person,
        steps=tuple(
            {
                "text": step.text.open(),
                "owner": str(step.owner.public_id) if step.owner else "",
                "due_on": step.due_on,
            }
            for step in steps.order_by("due_on", "pk")
        ),
    )


def look_by(episode: Episode, at: datetime) -> date | None:
    """Return the last day that the newest risk allows for the next look; None before any assessment."""
    newest = Assessment.objects.filter(episode=episode).order_by("-made_at", "-pk")
    risk = newest.values_list("risk", flat=True).first()
    return latest_follow_up(RiskLevel(risk), local_day(at)) if risk else None
