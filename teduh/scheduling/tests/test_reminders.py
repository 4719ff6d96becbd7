from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django_tasks import default_task_backend

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.access import system_actor
from teduh.people.models import Account
from teduh.scheduling import queries
from teduh.scheduling.actions.appointments import take_step
from teduh.scheduling.jobs import remind
from teduh.scheduling.models import Appointment, Reminder
from teduh.scheduling.states import AppointmentStep, ReminderKind
from teduh.scheduling.tests.helpers import booked, keep_hours, monday, on


@pytest.fixture(autouse=True)
def _hours(cast: Any) -> None:
    keep_hours(cast)
    default_task_backend.clear()  # type: ignore[attr-defined]


def _run_due(at: Any) -> int:
    """Run what the worker would run by now, as often as it was enqueued."""
    ran = 0
    with clock.at(at):
        for job in default_task_backend.results:  # type: ignore[attr-defined]
            if job.task.run_after <= at:
                job.task.call(*job.args, **job.kwargs)
                ran += 1
    return ran


def test_booking_enqueues_a_reminder_for_the_day_and_for_the_hour_before(cast: Any) -> None:
    booked(cast, on(8, day=2))
    due = [job.task.run_after for job in default_task_backend.results]  # type: ignore[attr-defined]
    assert due == [on(8, day=1), on(7, day=2)]
    assert Reminder.objects.filter(shown_at=None).count() == 2


def test_a_booking_that_fails_leaves_no_reminder(cast: Any) -> None:
    with pytest.raises(Refused):
        booked(cast, on(6))
    assert not Reminder.objects.exists()
    assert default_task_backend.results == []  # type: ignore[attr-defined]


def test_a_booking_for_today_is_reminded_only_of_what_is_still_ahead(cast: Any) -> None:
    booked(cast, on(8, 50))
    assert [row.kind for row in Reminder.objects.all()] == [ReminderKind.HOUR]


def test_both_see_the_reminder_once_it_is_due(cast: Any) -> None:
    row = booked(cast, on(8, day=2))
    ayu, citra = cast.actor("ayu"), cast.actor("citra")
    assert queries.reminders(ayu, at=on(7, day=1)) == []
    assert _run_due(on(8, 1, day=1)) == 1
    for actor, other in ((ayu, "Citra Maharani"), (citra, "Ayu Lestari")):
        (line,) = queries.reminders(actor, at=on(9, day=1))
        assert (line.appointment.public_id, line.appointment.other_name) == (row.public_id, other)
        assert not line.is_today
    assert queries.reminders(ayu, at=on(7, 30, day=2))[0].is_today
    assert queries.reminders(cast.actor("bima"), at=on(9, day=1)) == []
    assert queries.reminders(ayu, at=on(8, day=2)) == []


def test_two_reminders_of_one_appointment_show_as_one(cast: Any) -> None:
    booked(cast, on(8, day=2))
    assert _run_due(on(7, 1, day=2)) == 2
    assert len(queries.reminders(cast.actor("ayu"), at=on(7, 2, day=2))) == 1


def test_the_host_gets_one_mail_without_names_however_often_the_job_runs(cast: Any) -> None:
    booked(cast, on(8, day=2), wish="rahasia sekali")
    for _ in range(3):
        _run_due(on(8, 1, day=1))
    (letter,) = mail.outbox
    assert letter.to == ["citra@contoh.test"]
    assert "08.00" in letter.body
    for word in ("Ayu", "Lestari", "Citra", "rahasia"):
        assert word not in f"{letter.subject} {letter.body}"
    _run_due(on(7, 1, day=2))
    assert len(mail.outbox) == 1


def test_a_host_without_an_address_gets_no_mail_but_the_reminder(cast: Any) -> None:
    Account.objects.filter(person=cast.citra).update(email="")
    booked(cast, on(8, day=2))
    _run_due(on(8, 1, day=1))
    assert mail.outbox == []
    assert len(queries.reminders(cast.actor("citra"), at=on(9, day=1))) == 1


def test_nothing_is_said_about_a_cancelled_appointment(cast: Any) -> None:
    row = booked(cast, on(8, day=2))
    take_step(appointment=row, step=AppointmentStep.CANCEL, by=cast.actor("ayu"), at=monday())
    assert _run_due(on(7, 1, day=2)) == 2
    assert mail.outbox == []
    assert not Reminder.objects.filter(shown_at__isnull=False).exists()


def test_a_reminder_shown_before_a_cancellation_disappears(cast: Any) -> None:
    row = booked(cast, on(8, day=2))
    _run_due(on(8, 1, day=1))
    take_step(appointment=row, step=AppointmentStep.CANCEL, by=cast.actor("citra"), at=on(9, day=1))
    assert queries.reminders(cast.actor("ayu"), at=on(9, day=1)) == []


def test_a_worker_that_comes_too_late_says_nothing(cast: Any) -> None:
    booked(cast, on(8, day=2))
    _run_due(on(8, day=2) + timedelta(minutes=1))
    assert mail.outbox == []
    assert not Reminder.objects.filter(shown_at__isnull=False).exists()


def test_a_job_for_a_reminder_that_is_gone_does_nothing(cast: Any) -> None:
    remind.call(424242)
    assert not Appointment.objects.exists()
    assert system_actor().is_system
