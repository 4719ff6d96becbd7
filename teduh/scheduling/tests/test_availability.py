from datetime import time, timedelta
from typing import Any

import pytest

from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.scheduling import queries
from teduh.scheduling.actions.availability import WindowInput, add_leave, remove_leave, set_availability
from teduh.scheduling.models import Appointment, Availability, Leave
from teduh.scheduling.tests.helpers import booked, keep_hours, monday, on


def _set(cast: Any, *windows: WindowInput, person: str = "citra", by: str = "citra") -> None:
    set_availability(person=cast.persons[person], windows=windows, by=cast.actor(by), at=monday())


def test_the_whole_week_is_replaced_at_once(cast: Any) -> None:
    keep_hours(cast)
    _set(cast, WindowInput(2, time(13), time(15)))
    assert list(Availability.objects.values_list("weekday", "starts")) == [(2, time(13))]
    assert AuditEntry.objects.filter(verb="scheduling.availability.set").count() == 2


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ([WindowInput(0, time(9), time(8))], "window_backwards"),
        ([WindowInput(0, time(8), time(8, 30), 40)], "window_short"),
        ([WindowInput(0, time(8), time(10)), WindowInput(0, time(9, 30), time(11))], "window_overlap"),
        ([WindowInput(0, time(8, 3), time(10))], "off_grain"),
        ([WindowInput(0, time(8), time(10), 42)], "off_grain"),
        ([WindowInput(0, time(8), time(10), 0)], "slot_length"),
        ([WindowInput(7, time(8), time(10))], "weekday_unknown"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_and_the_old_one_stays(
    cast: Any, windows: list[WindowInput], code: str
) -> None:
    keep_hours(cast)
    with pytest.raises(Refused) as refused:
        _set(cast, *windows)
    assert refused.value.code == code
    assert Availability.objects.count() == 5


def test_two_times_of_one_day_may_touch(cast: Any) -> None:
    _set(cast, WindowInput(0, time(8), time(10)), WindowInput(0, time(10), time(12)))
    assert Availability.objects.count() == 2


@pytest.mark.parametrize(("person", "by"), [("citra", "kirana"), ("ayu", "ayu"), ("citra", "indra")])
def test_nobody_keeps_hours_but_staff_their_own(cast: Any, person: str, by: str) -> None:
    with pytest.raises(NotVisible):
        _set(cast, WindowInput(0, time(8), time(10)), person=person, by=by)
    assert not Availability.objects.exists()


def test_leave_closes_its_days_and_adding_it_again_changes_nothing(cast: Any) -> None:
    keep_hours(cast)
    day = monday().date()
    common: dict[str, Any] = {"person": cast.citra, "by": cast.actor("citra"), "at": monday()}
    for _ in range(2):
        row = add_leave(first_day=day, last_day=day + timedelta(days=1), **common)
    assert Leave.objects.count() == 1
    days = queries.free_slots(cast.citra, day, 5, at=monday())
    assert [found.day for found in days] == [day + timedelta(days=n) for n in (2, 3, 4)]
    remove_leave(public_id=row.public_id, **common)
    remove_leave(public_id=row.public_id, **common)
    assert len(queries.free_slots(cast.citra, day, 5, at=monday())) == 5


def test_appointments_on_leave_stay_and_are_counted(cast: Any) -> None:
    keep_hours(cast)
    booked(cast, on(8))
    day = monday().date()
    add_leave(person=cast.citra, first_day=day, last_day=day, by=cast.actor("citra"), at=monday())
    assert queries.booked_on_leave(cast.citra, day, day) == 1
    assert Appointment.objects.booked().count() == 1


@pytest.mark.parametrize(("first", "last", "code"), [(2, 1, "leave_backwards"), (-9, -8, "leave_over")])
def test_leave_that_makes_no_sense_is_refused(cast: Any, first: int, last: int, code: str) -> None:
    day = monday().date()
    with pytest.raises(Refused) as refused:
        add_leave(
            person=cast.citra,
            first_day=day + timedelta(days=first),
            last_day=day + timedelta(days=last),
            by=cast.actor("citra"),
            at=monday(),
        )
    assert refused.value.code == code
    assert not Leave.objects.exists()
