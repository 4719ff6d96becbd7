"""Book an appointment, take a step with it, open what the guest wrote."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit, live
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.kernel.machine import move, rule_for
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told
from teduh.scheduling import policies, queries
from teduh.scheduling.jobs import remind
from teduh.scheduling.models import Appointment, OccupiedTime, Reminder
from teduh.scheduling.slots import HORIZON, Slot, grains
from teduh.scheduling.states import APPOINTMENT_RULES, AppointmentState, AppointmentStep, ReminderKind

#: So many appointments ahead a guest may book alone, so that one person cannot fill a counsellor's week.
MOST_AHEAD = 3
REMIND_BEFORE = {ReminderKind.DAY: timedelta(days=1), ReminderKind.HOUR: timedelta(hours=1)}
TAKEN = _("Somebody was faster: this time is taken. Please choose another.")


@transaction.atomic
def book(
    *,
    host: Person,
    guest: Person,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    wish: str = "",
    matter: uuid.UUID | None = None,
) -> Appointment:
    """Keep a free slot of the host for the guest; exactly one of several who want it gets it.

    The same `client_id` again returns the same appointment. Raises Refused (`field="slot"`) where the slot is
    not free, NotVisible where the actor is neither of the two or one is excluded from the other.
    """
    if not policies.may_book(by, host, guest, at=at):
        raise NotVisible
    # One booking at a time for each of the two, always locked in the same order.
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=(host.pk, guest.pk)).order_by("pk"))
    earlier = Appointment.objects.filter(client_id=client_id).first()
    if earlier is not None:
        return _same(earlier, host, guest, by)
    slot = _free(host, guest, starts_at, at)
    if by.person_id == guest.pk:
        ahead = Appointment.objects.booked().filter(guest=guest, starts_at__gt=at).count()
        if ahead >= MOST_AHEAD:
            raise Refused("too_many", _("You have several times booked already. Cancel one to book another."))
    row = _keep(host, guest, slot, by, at, client_id, wish, matter)
    _plan_reminders(row, at)
    audit.record(told(by, "scheduling.appointment.book", row, subject=guest, scope=row.organisation), at=at)
    _wake(row)
    return row


def _same(earlier: Appointment, host: Person, guest: Person, by: Actor) -> Appointment:
    if (earlier.host_id, earlier.guest_id, earlier.booked_by_id) != (host.pk, guest.pk, by.person_id):
        raise other_words()
    return earlier


def _free(host: Person, guest: Person, starts_at: datetime, at: datetime) -> Slot:
    if starts_at <= at:
        raise Refused("slot_past", _("This time has passed. Please choose another."), field="slot")
    if starts_at > at + HORIZON:
        raise Refused("slot_far", _("You can book at most four weeks ahead."), field="slot")
    slot = queries.find_slot(host, starts_at, at=at, guest=guest)
    if slot is None:
        if OccupiedTime.objects.filter(person=host, starts_at=starts_at).exists():
            raise Refused("slot_taken", TAKEN, field="slot")
        raise Refused("slot_unknown", _("This time is not offered. Please choose another."), field="slot")
    return slot


def _keep(
    host: Person,
    guest: Person,
    slot: Slot,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    wish: str,
    matter: uuid.UUID | None,
) -> Appointment:
    row = Appointment(
        sealing_key_id=guest.data_key_id,
        organisation=host.organisation,
        host=host,
        guest=guest,
        matter=matter,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        wish=wish,
        booked_by_id=by.person_id or 0,
        booked_at=at,
        client_id=client_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            OccupiedTime.objects.bulk_create(
                OccupiedTime(person=person, starts_at=moment, appointment=row)
                for person in (host, guest)
                for moment in grains(slot.starts_at, slot.ends_at)
            )
    except IntegrityError:
        raise Refused("slot_taken", TAKEN, field="slot") from None
    return row


def _plan_reminders(row: Appointment, at: datetime) -> None:
    for kind, before in REMIND_BEFORE.items():
        due_at = row.starts_at - before
        if due_at > at:
            reminder = Reminder.objects.create(appointment=row, kind=kind, due_at=due_at)
            remind.using(run_after=due_at).enqueue(reminder.pk)


@transaction.atomic
def take_step(*, appointment: Appointment, step: AppointmentStep, by: Actor, at: datetime) -> None:
    """Mark an appointment as held or missed (the host), or cancel it (both; the guest until the start).

    A step whose state is reached already changes nothing. Raises Refused where the step is not possible now,
    NotVisible for a stranger, Stale where somebody moved it first.
    """
    if policies.party_of(by, appointment) is None:
        raise NotVisible
    if appointment.state == APPOINTMENT_RULES[(AppointmentState.BOOKED, step)].to:
        return
    rule = rule_for(APPOINTMENT_RULES, AppointmentState(appointment.state), step)
    decision = policies.may_take(by, appointment, step, at=at)
    if not decision:
        raise Refused(decision.reason, WHY_NOT.get(decision.reason, WHY_NOT["wrong_party"]))
    move(appointment, rule)
    OccupiedTime.objects.filter(appointment=appointment).delete()
    audit.record(
        told(
            by,
            f"scheduling.appointment.{step.value}",
            appointment,
            subject=appointment.guest,
            scope=appointment.organisation,
        ),
        at=at,
    )
    _wake(appointment)


WHY_NOT = {
    "begun": _("It has begun already. Please tell your counsellor directly."),
    "not_begun": _("This can be noted once the time has begun."),
    "not_the_day": _("This can be noted from the day of the appointment on."),
    "wrong_party": _("This step is not yours to take."),
}


@transaction.atomic
def open_wish(*, appointment: Appointment, by: Actor, at: datetime) -> str:
    """Return what the guest wrote when booking, and record that it was read.

    Raises NotVisible for a stranger.
    """
    if policies.party_of(by, appointment) is None:
        raise NotVisible
    if not appointment.wish:
        return ""
    audit.record(
        told(
            by,
            "scheduling.appointment.read",
            appointment,
            subject=appointment.guest,
            scope=appointment.organisation,
        ),
        at=at,
    )
    return appointment.wish.open()


def _wake(row: Appointment) -> None:
    live.wake(live.person_channel(row.host.public_id), live.person_channel(row.guest.public_id))
