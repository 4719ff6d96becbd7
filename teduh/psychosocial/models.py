"""What is psychosocial care's own: assessment, case plan with steps and owners."""

from typing import Self

from django.db import models
from django.db.models import Q

from teduh.care.models import Episode
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.psychosocial.states import RiskLevel, StepState


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Chainable filters over assessments."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what belongs to an episode that the actor sees: the care team, never an excluded person."""
        return self.filter(episode__in=Episode.objects.visible_to(actor))


class CasePlanQuerySet(models.QuerySet["CasePlan"]):
    """Chainable filters over plans."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what belongs to an episode that the actor sees: the care team, never an excluded person."""
        return self.filter(episode__in=Episode.objects.visible_to(actor))


class PlanStepQuerySet(models.QuerySet["PlanStep"]):
    """Chainable filters over steps."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the steps of an episode that the actor sees."""
        return self.filter(plan__episode__in=Episode.objects.visible_to(actor))


class Assessment(SealedModel):
    """What was found at one moment: situation, strengths, needs, vulnerability codes and the risk level."""

    episode = models.ForeignKey("care.Episode", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    risk = models.CharField(max_length=6, choices=[(r.value, r.name) for r in RiskLevel])
    vulnerabilities = models.JSONField(default=list)
    situation = SealedTextField()
    strengths = SealedTextField()
    needs = SealedTextField()
    client_id = models.UUIDField(unique=True)

    objects = AssessmentQuerySet.as_manager()


class CasePlan(SealedModel):
    """What was agreed; one plan in force an episode."""

    episode = models.ForeignKey("care.Episode", on_delete=models.PROTECT, related_name="+")
    aim = SealedTextField()
    agreed_with_person = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    follow_up_on = models.DateField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    objects = CasePlanQuerySet.as_manager()

    class Meta:
        """One plan in force an episode."""

        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(replaced_at__isnull=True), name="one_plan_in_force"
            )
        ]


class PlanStep(SealedModel):
    """One step of a plan, with who does it by when; `owner` is empty where the person does it themselves."""

    plan = models.ForeignKey(CasePlan, on_delete=models.PROTECT, related_name="steps")
    text = SealedTextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    state = models.CharField(
        max_length=8, default=StepState.OPEN, choices=[(s.value, s.name) for s in StepState]
    )
    done_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    objects = PlanStepQuerySet.as_manager()
