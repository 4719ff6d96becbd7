from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from teduh.scheduling.slots import Busy, WeekWindow, earliest_first, free, grains, offered
from teduh.scheduling.tests.helpers import monday, on

MORNING = WeekWindow(weekday=0, starts=8 * 60, ends=12 * 60, slot_minutes=40, buffer_minutes=10)


def _free(*busy: Busy, **more: object) -> list[str]:
    settings = {"first_day": monday().date(), "days": 1, "at": monday(), **more}
    leave = settings.pop("leave", ())
    days = free([MORNING], leave, busy, **settings)  # type: ignore[arg-type]
    return [f"{slot.starts_at:%H:%M}" for day in days for slot in day.slots]


def test_a_morning_holds_as_many_slots_as_fit_with_their_buffers() -> None:
    starts = [f"{slot.starts_at:%H:%M}" for slot in offered(MORNING, monday().date())]
    assert starts == ["08:00", "08:50", "09:40", "10:30", "11:20"]


def test_a_taken_time_and_its_buffer_are_not_offered() -> None:
    assert _free(Busy(on(9, 0), on(9, 30))) == ["08:00", "09:40", "10:30", "11:20"]
    assert _free(Busy(on(8, 45), on(9, 30)))[0] == "09:40"


def test_what_the_guest_has_elsewhere_needs_no_buffer() -> None:
    assert _free(Busy(on(8, 40), on(8, 50), with_buffer=False))[:2] == ["08:00", "08:50"]


def test_a_day_on_leave_offers_nothing() -> None:
    day = monday().date()
    assert _free(leave=[(day, day)]) == []
    assert len(_free(leave=[(day + timedelta(days=1), day + timedelta(days=2))])) == 5


def test_a_time_that_began_is_not_offered() -> None:
    assert _free(at=on(8, 50)) == ["09:40", "10:30", "11:20"]


def test_nothing_is_offered_beyond_four_weeks() -> None:
    days = free([MORNING], (), (), first_day=monday().date(), days=60, at=on(9, 0))
    assert [day.day for day in days][-1] == monday().date() + timedelta(days=28)
    assert [f"{slot.starts_at:%H:%M}" for slot in days[-1].slots] == ["08:00", "08:50"]


def test_whoever_is_free_first_comes_first() -> None:
    early = free([MORNING], (), (), first_day=monday().date(), days=7, at=monday())
    late = free([MORNING], (), (), first_day=monday().date(), days=8, at=on(10, 0))
    assert earliest_first({1: late, 2: early, 3: []}) == [2, 1]


@given(slot=st.integers(1, 24), buffer=st.integers(0, 6), begin=st.integers(0, 47), length=st.integers(1, 36))
def test_a_free_slot_never_touches_a_taken_grain(slot: int, buffer: int, begin: int, length: int) -> None:
    window = WeekWindow(0, 8 * 60, 12 * 60, slot * 5, buffer * 5)
    taken = Busy(on(8) + timedelta(minutes=5 * begin), on(8) + timedelta(minutes=5 * (begin + length)))
    occupied = set(grains(taken.starts_at, taken.ends_at))
    day: date = monday().date()
    for found in free([window], (), [taken], first_day=day, days=1, at=monday()):
        for one in found.slots:
            assert not occupied & set(grains(one.starts_at, one.ends_at))
            gap = max(one.starts_at - taken.ends_at, taken.starts_at - one.ends_at)
            assert gap >= timedelta(minutes=window.buffer_minutes)
