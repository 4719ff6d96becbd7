"""What is counselling's own: a session held, tied to the spine's contact."""

from django.db import models

from teduh.kernel.sealing.fields import SealedModel, SealedTextField


class Session(SealedModel):
    """A counselling session: the spine's contact holds the note, this adds approach and agreed next step."""

    contact = models.OneToOneField("care.Contact", on_delete=models.PROTECT, related_name="counselling_session")
    appointment = models.OneToOneField(
        "scheduling.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    field = models.CharField(max_length=10)
    approach = models.CharField(max_length=24, blank=True)
    next_step = SealedTextField()
