"""Alerts: a human must look, and a clock runs until one has."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.care.models.episode import CareTeamMember, Episode
from teduh.care.models.request import HelpRequest
from teduh.care.states import AlertSource, AlertState, Severity
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.states import CARE_ROLES


class AlertQuerySet(models.QuerySet["Alert"]):
    """Chainable filters over alerts."""

    def visible_to(self, actor: Actor) -> "AlertQuerySet":
        """Keep the alerts assigned to the actor, now or before, and those of episodes whose lead or supervisor
        the actor is; exclusions win."""
        if actor.person_id is None:
            return self.none()
        team = CareTeamMember.objects.filter(
            in_force(actor.at),
            member_id=actor.person_id,
            episode=OuterRef("episode_id"),
            part__in=("lead", "supervisor"),
            episode__level__in=("counselling", "psychosocial"),
        )
        was_told = AlertEvent.objects.filter(alert=OuterRef("pk"), told_id=actor.person_id)
        # Having been told once is no key for ever: it counts while the actor still works there.
        works_there = Q(organisation_id__in=actor.organisations_as(*CARE_ROLES))
        shut_out = Exclusion.objects.filter(
            in_force(actor.at), excluded_id=actor.person_id, person=OuterRef("person_id")
        )
        told = works_there & Exists(was_told)
        return self.filter(Q(assigned_to_id=actor.person_id) | Exists(team) | told).exclude(Exists(shut_out))

    def open(self) -> "AlertQuerySet":
        """Keep what is not resolved."""
        return self.exclude(state=AlertState.RESOLVED)


class Alert(SealedModel):
    """Something that a human must look at by `due_at`; overdue it climbs to the next person."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="alerts")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="alerts")
    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, null=True, related_name="alerts")
    source = models.CharField(max_length=8, choices=[(s.value, s.name) for s in AlertSource])
    #: The public id of the room, sheet, referral or request that it came from.
    matter = models.UUIDField(null=True)
    severity = models.CharField(max_length=7, choices=[(s.value, s.name) for s in Severity])
    category = models.CharField(max_length=24)
    evidence = SealedTextField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assigned_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    climbed = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=12, default=AlertState.RAISED, choices=[(s.value, s.name) for s in AlertState]
    )
    acknowledged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = SealedTextField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["assigned_to", "state", "due_at"], name="alert_assigned_state"),
            models.Index(fields=["state", "due_at"], name="alert_state_due"),
        ]


class AlertEvent(models.Model):
    """One step in an alert's life: raised, climbed, acknowledged, resolved; `told` is who was told by it."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=12)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    told = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
