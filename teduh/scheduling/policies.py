"""Who may do what with availability and appointments."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from teduh.kernel.machine import rule_for
from teduh.people.access import Actor, Decision
from teduh.people.models import Exclusion, Person
from teduh.people.models.person import in_force
from teduh.scheduling.models import Appointment
from teduh.scheduling.states import APPOINTMENT_RULES, AppointmentState, AppointmentStep, Party


def may_keep_availability(actor: Actor, person: Person) -> Decision:
    """Staff keep their own hours; nobody keeps another's."""
    if actor.person_id != person.pk:
        return Decision(False, "not_own")
    return Decision(actor.is_staff, "own" if actor.is_staff else "not_staff")


def may_book(actor: Actor, host: Person, guest: Person, *, at: datetime) -> Decision:
    """Either of the two books; an exclusion between them forbids it, whichever way it stands."""
    if actor.person_id is None or actor.person_id not in (host.pk, guest.pk):
        return Decision(False, "stranger")
    if host.pk == guest.pk:
        return Decision(False, "oneself")
    between = Q(person=guest, excluded=host) | Q(person=host, excluded=guest)
    if Exclusion.objects.filter(between, in_force(at)).exists():
        return Decision(False, "excluded")
    return Decision(True, "party")


def party_of(actor: Actor, appointment: Appointment) -> Party | None:
    """Return what the actor is in an appointment."""
    if actor.person_id is None:
        return None
    if actor.person_id == appointment.host_id:
        return Party.HOST
    return Party.GUEST if actor.person_id == appointment.guest_id else None


def may_take(actor: Actor, appointment: Appointment, step: AppointmentStep, *, at: datetime) -> Decision:
    """Tell whether the actor may take a step now.

    A guest cancels until the start. Held it may be earlier on its day; missed only once it has begun.
    """
    party = party_of(actor, appointment)
    if party is None:
        return Decision(False, "stranger")
    if party not in rule_for(APPOINTMENT_RULES, AppointmentState(appointment.state), step).by:
        return Decision(False, "wrong_party")
    if step == AppointmentStep.CANCEL and party == Party.GUEST and at >= appointment.starts_at:
        return Decision(False, "begun")
    if step == AppointmentStep.MISS and at < appointment.starts_at:
        return Decision(False, "not_begun")
    if step == AppointmentStep.HOLD and timezone.localdate(at) < timezone.localdate(appointment.starts_at):
        return Decision(False, "not_the_day")
    return Decision(True, party.value)


def steps_open(actor: Actor, appointment: Appointment, *, at: datetime) -> tuple[AppointmentStep, ...]:
    """Return the steps the actor may take now; buttons come from the same rules as the gate."""
    state = AppointmentState(appointment.state)
    return tuple(
        step
        for before, step in APPOINTMENT_RULES
        if before == state and may_take(actor, appointment, step, at=at)
    )
