"""Reminders: one day and one hour before an appointment."""

from django.core.mail import send_mail
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from teduh.kernel import audit, clock, live
from teduh.people.access import actor_of, system_actor
from teduh.people.models import Account, Person
from teduh.people.told import told
from teduh.scheduling.models import Appointment, Reminder
from teduh.scheduling.states import AppointmentState, ReminderKind


@task()
def remind(reminder_id: int) -> None:
    """Bring a reminder up on the homes of both, once; a day ahead also by neutral mail to a staff host.

    Nothing happens where the appointment was cancelled, has begun, or was reminded already.
    """
    at = clock.now()
    with transaction.atomic():
        rows = Reminder.objects.select_related(
            "appointment__host", "appointment__guest", "appointment__organisation"
        )
        reminder = rows.filter(pk=reminder_id).first()
        if reminder is None or not _still_stands(reminder.appointment):
            return
        if Reminder.objects.filter(pk=reminder.pk, shown_at__isnull=True).update(shown_at=at) != 1:
            return
        row = reminder.appointment
        live.wake(live.person_channel(row.host.public_id), live.person_channel(row.guest.public_id))
        entry = told(
            system_actor(), "scheduling.reminder.show", row, subject=row.guest, scope=row.organisation
        )
        audit.record(entry, at=at)
    if reminder.kind == ReminderKind.DAY:
        _mail(row.host, row)


def _still_stands(row: Appointment) -> bool:
    return row.state == AppointmentState.BOOKED and row.starts_at > clock.now()


def _mail(host: Person, row: Appointment) -> None:
    """Write to a host on the staff; neither name nor matter, because a mail may be read by anybody."""
    account = Account.objects.filter(person=host, is_active=True).exclude(email="").first()
    if account is None or not actor_of(host).is_staff:
        return
    starts = timezone.localtime(row.starts_at)
    with translation.override(account.language):
        hour = formats.date_format(starts, "H.i" if account.language == "id" else "H:i")
        if starts.date() == clock.today():
            text = _("You have an appointment today at %(hour)s.") % {"hour": hour}
        else:
            text = _("You have an appointment tomorrow at %(hour)s.") % {"hour": hour}
        send_mail(_("Teduh: an appointment"), text, None, [account.email])
