"""What is counselling's own: a session held, tied to the spine's contact."""

from django.db import models

from teduh.care.models import Episode
from teduh.counselling.states import Field
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor


class SessionQuerySet(models.QuerySet["Session"]):
    """Chainable filters over sessions."""

    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Keep the sessions of episodes that the actor sees."""
        return self.filter(contact__episode__in=Episode.objects.visible_to(actor))


class Session(SealedModel):
    """A counselling session: the spine's contact holds the note, this adds field, approach and next step."""

    contact = models.OneToOneField(
        "care.Contact", on_delete=models.PROTECT, related_name="counselling_session"
    )
    appointment = models.OneToOneField(
        "scheduling.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    field = models.CharField(max_length=10, choices=[(f.value, f.name) for f in Field])
    approach = models.CharField(max_length=24, blank=True)
    next_step = SealedTextField()

    objects = SessionQuerySet.as_manager()
