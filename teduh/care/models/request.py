"""The door: a request for help, from the person or from somebody who worries."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.care.states import Door, LevelKey, RequestState, Topic, Urgency, Wish
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.states import Role

#: Who receives what comes in at a school's door.
INTAKE_ROLES = (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)
#: A request in these states waits for somebody.
WAITING = (RequestState.RECEIVED, RequestState.ROUTED)


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Chainable filters over requests."""

    def visible_to(self, actor: Actor) -> "HelpRequestQuerySet":
        """Keep what the actor sent, what waits at a door the actor keeps, and what the actor took; exclusions win.

        A counsellor sees what waits, and afterwards only what became hers: intake is a duty, not a window.
        """
        if actor.person_id is None:
            return self.none()
        own = Q(sent_by_id=actor.person_id)
        intake = Q(organisation_id__in=actor.organisations_as(*INTAKE_ROLES), state__in=WAITING)
        taken = Q(taken_by_id=actor.person_id)
        return self.filter(own | intake | taken).exclude(_shut_out(actor))

    def waiting(self) -> "HelpRequestQuerySet":
        """Keep what waits for somebody."""
        return self.filter(state__in=WAITING)


def _shut_out(actor: Actor) -> Exists:
    return Exists(
        Exclusion.objects.filter(
            in_force(actor.at), person=OuterRef("person_id"), excluded_id=actor.person_id
        )
    )


class HelpRequest(SealedModel):
    """Somebody asks for help; `person` is whom it is about, empty until a named friend has been recognised."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="help_requests")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=8, choices=[(d.value, d.name) for d in Door])
    topic = models.CharField(max_length=10, choices=[(t.value, t.name) for t in Topic])
    wish = models.CharField(max_length=10, choices=[(w.value, w.name) for w in Wish])
    #: Whom the request is about, in the words of somebody who worries; empty at the person's own door.
    about = SealedTextField()
    text = SealedTextField()
    #: Answers to the plain questions, as JSON of codes.
    answers = SealedTextField()
    urgency = models.CharField(max_length=5, choices=[(u.value, u.name) for u in Urgency])
    recommended_level = models.CharField(max_length=12, choices=[(k.value, k.name) for k in LevelKey])
    reasons = models.JSONField(default=list)
    state = models.CharField(
        max_length=9, default=RequestState.RECEIVED, choices=[(s.value, s.name) for s in RequestState]
    )
    decided_level = models.CharField(max_length=12, blank=True, choices=[(k.value, k.name) for k in LevelKey])
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    #: The counsellor's short answer where no episode is needed.
    reply = SealedTextField()
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    client_id = models.UUIDField()

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sent_by", "client_id"], name="request_sent_once")]
        indexes = [models.Index(fields=["organisation", "state", "due_at"], name="request_org_state_due")]
