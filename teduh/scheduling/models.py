"""Availability, appointments and their reminders."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from teduh.kernel.ids import new_public_id
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.scheduling.states import AppointmentState, ReminderKind


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
            models.CheckConstraint(condition=Q(slot_minutes__gte=5), name="availability_slot_not_empty"),
        ]


class Leave(models.Model):
    """Days on which a person cannot be booked."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "first_day", "last_day"], name="leave_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_start"),
        ]


def _shut_out(actor: Actor) -> Exists:
    return Exists(
        Exclusion.objects.filter(in_force(actor.at), excluded_id=actor.person_id, person=OuterRef("guest_id"))
    )


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Chainable filters over appointments."""

    def visible_to(self, actor: Actor) -> "AppointmentQuerySet":
        """Keep the appointments in which the actor is host or guest; an exclusion from the guest wins."""
        if actor.person_id is None:
            return self.none()
        mine = Q(host_id=actor.person_id) | Q(guest_id=actor.person_id)
        return self.filter(mine).exclude(_shut_out(actor))

    def booked(self) -> "AppointmentQuerySet":
        """Keep what still stands."""
        return self.filter(state=AppointmentState.BOOKED)


class Appointment(SealedModel):
    """A time that a host keeps for a guest; neither is ever booked twice at one time (`OccupiedTime`)."""

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
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["host", "starts_at"], name="appointment_host_start"),
            models.Index(fields=["guest", "starts_at"], name="appointment_guest_start"),
        ]


class OccupiedTime(models.Model):
    """Five minutes of a person's time that a booked appointment keeps.

    One row a person and five minutes: the database itself makes overlap impossible, on SQLite as on
    PostgreSQL, also where slot lengths changed between two bookings.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="occupied")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "starts_at"], name="person_occupied_once")]


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Chainable filters over reminders."""

    def visible_to(self, actor: Actor) -> "ReminderQuerySet":
        """Keep the reminders of appointments that the actor sees."""
        return self.filter(appointment__in=Appointment.objects.visible_to(actor))

    def showing(self) -> "ReminderQuerySet":
        """Keep what the job has brought up and whose appointment still stands."""
        return self.filter(shown_at__isnull=False, appointment__state=AppointmentState.BOOKED)


class Reminder(models.Model):
    """A reminder of an appointment; `shown_at` is when the job brought it up, once."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=4, choices=[(k.value, k.name) for k in ReminderKind])
    due_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "kind"], name="reminder_once_a_kind")]
