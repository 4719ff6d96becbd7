"""Availability and appointments."""

from django.db import models
from django.db.models import F, Q

from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Organisation, Person
from teduh.scheduling.states import AppointmentState


class Availability(models.Model):
    """A weekly window in which a person can be booked; `weekday` 0 is Monday, local time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    slot_minutes = models.PositiveSmallIntegerField(default=40)
    buffer_minutes = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "weekday", "starts"], name="availability_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="availability_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_weekday_known"),
        ]


class Leave(models.Model):
    """Days on which a person cannot be booked."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Chainable filters over appointments."""

    def visible_to(self, actor: Actor) -> "AppointmentQuerySet":
        """Keep the appointments in which the actor is host or guest."""
        if actor.person_id is None:
            return self.none()
        return self.filter(Q(host_id=actor.person_id) | Q(guest_id=actor.person_id))


class Appointment(SealedModel):
    """A time that a host keeps for a guest; the database allows one booked appointment a host and start."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    guest = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    matter = models.UUIDField(null=True, db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=12, default="room")
    wish = SealedTextField()
    state = models.CharField(
        max_length=10, default=AppointmentState.BOOKED, choices=[(s.value, s.name) for s in AppointmentState]
    )
    booked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "starts_at"],
                condition=Q(state=AppointmentState.BOOKED.value),
                name="host_booked_once_a_start",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"),
        ]
        indexes = [models.Index(fields=["host", "starts_at"], name="appointment_host_start")]
