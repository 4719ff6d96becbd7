import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from teduh.kernel.errors import NotVisible, Refused, Stale
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude
from teduh.scheduling import queries
from teduh.scheduling.actions.appointments import MOST_AHEAD, open_wish, take_step
from teduh.scheduling.models import Appointment, OccupiedTime
from teduh.scheduling.states import AppointmentState, AppointmentStep
from teduh.scheduling.tests.helpers import booked, keep_hours, monday, on


@pytest.fixture(autouse=True)
def _hours(cast: Any) -> None:
    keep_hours(cast)


def _step(cast: Any, row: Appointment, step: AppointmentStep, name: str, at: Any = None) -> None:
    take_step(appointment=row, step=step, by=cast.actor(name), at=at or monday())


def test_a_booked_slot_is_kept_for_the_guest_and_no_longer_offered(cast: Any) -> None:
    row = booked(cast, on(8, 50), wish="tentang teman")
    assert (row.host, row.guest, row.ends_at) == (cast.citra, cast.ayu, on(9, 30))
    row = Appointment.objects.get()
    assert row.wish.open() == "tentang teman"
    assert row.sealing_key_id == cast.ayu.data_key_id
    (day,) = queries.free_slots(cast.citra, monday().date(), 1, at=monday())
    assert [slot.starts_at for slot in day.slots] == [on(8), on(9, 40), on(10, 30), on(11, 20)]
    entry = AuditEntry.objects.get(verb="scheduling.appointment.book")
    assert entry.subject == cast.ayu.public_id
    assert "teman" not in str(entry.detail)


def test_sending_the_form_again_books_once(cast: Any) -> None:
    key = uuid.uuid4()
    assert booked(cast, on(8), client_id=key).pk == booked(cast, on(8), client_id=key).pk
    assert Appointment.objects.count() == 1


def test_another_persons_form_key_opens_nothing(cast: Any) -> None:
    key = uuid.uuid4()
    booked(cast, on(8), client_id=key)
    with pytest.raises(Refused) as refused:
        booked(cast, on(8, 50), guest="bima", client_id=key)
    assert refused.value.code == "form_used"


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (on(6), "slot_past"),
        (on(8, 5), "slot_unknown"),
        (on(13), "slot_unknown"),
        (on(8, day=6), "slot_unknown"),
        (on(8) + timedelta(days=28), "slot_far"),
    ],
)
def test_only_a_real_free_slot_can_be_booked(cast: Any, starts_at: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        booked(cast, starts_at)
    assert (refused.value.code, refused.value.field) == (code, "slot")
    assert not Appointment.objects.exists()


def test_a_taken_slot_is_refused_with_a_clear_reason(cast: Any) -> None:
    booked(cast, on(8))
    with pytest.raises(Refused) as refused:
        booked(cast, on(8), guest="bima")
    assert refused.value.code == "slot_taken"


def test_a_guest_cannot_be_in_two_rooms_at_once(cast: Any) -> None:
    keep_hours(cast, "kirana")
    booked(cast, on(8))
    with pytest.raises(Refused):
        booked(cast, on(8), host="kirana")
    assert booked(cast, on(8), host="kirana", guest="bima")


def test_new_slot_lengths_never_overlap_what_is_booked(cast: Any) -> None:
    row = booked(cast, on(8, 50))
    keep_hours(cast, slot=25, buffer=0)
    free = queries.free_slots(cast.citra, monday().date(), 1, at=monday())[0].slots
    assert all(slot.ends_at <= row.starts_at or slot.starts_at >= row.ends_at for slot in free)
    with pytest.raises(Refused):
        booked(cast, on(9, 15), guest="bima")
    clash = Appointment(
        sealing_key_id=cast.bima.data_key_id,
        organisation=cast.school,
        host=cast.citra,
        guest=cast.bima,
        starts_at=on(9, 15),
        ends_at=on(9, 40),
        booked_by=cast.bima,
        booked_at=monday(),
        client_id=uuid.uuid4(),
    )
    clash.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        OccupiedTime.objects.create(person=cast.citra, starts_at=on(9, 15), appointment=clash)


def test_one_student_cannot_fill_a_week(cast: Any) -> None:
    for day in range(MOST_AHEAD):
        booked(cast, on(8, day=day))
    with pytest.raises(Refused) as refused:
        booked(cast, on(8, day=4))
    assert refused.value.code == "too_many"
    assert booked(cast, on(8, day=4), by=cast.actor("citra"))


@pytest.mark.parametrize("name", ["bima", "kirana", "joko", "hari", "indra", "eko"])
def test_a_stranger_cannot_book_for_others(cast: Any, name: str) -> None:
    with pytest.raises(NotVisible):
        booked(cast, on(8), by=cast.actor(name))


def test_an_excluded_host_cannot_be_booked_and_loses_sight_of_what_was(cast: Any) -> None:
    row = booked(cast, on(8))
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=monday())
    with pytest.raises(NotVisible):
        booked(cast, on(8, 50))
    citra = cast.actor("citra", at=monday())
    with pytest.raises(NotVisible):
        queries.appointment_of(citra, row.public_id)
    assert queries.upcoming(citra, at=monday()) == []


def test_a_cancelled_slot_is_free_again(cast: Any) -> None:
    row = booked(cast, on(8))
    _step(cast, row, AppointmentStep.CANCEL, "ayu")
    assert not OccupiedTime.objects.exists()
    assert booked(cast, on(8), guest="bima")


def test_a_guest_cancels_until_the_start_and_a_host_later_too(cast: Any) -> None:
    row = booked(cast, on(8))
    with pytest.raises(Refused) as refused:
        _step(cast, row, AppointmentStep.CANCEL, "ayu", on(8))
    assert refused.value.code == "begun"
    _step(cast, row, AppointmentStep.CANCEL, "citra", on(8, 5))
    assert Appointment.objects.get().state == AppointmentState.CANCELLED


def test_taking_the_same_step_again_changes_nothing(cast: Any) -> None:
    row = booked(cast, on(8))
    for _ in range(2):
        _step(cast, row, AppointmentStep.HOLD, "citra", on(9))
    assert AuditEntry.objects.filter(verb="scheduling.appointment.hold").count() == 1
    with pytest.raises(Refused) as refused:
        _step(cast, row, AppointmentStep.CANCEL, "citra")
    assert refused.value.code == "step_impossible"


def test_a_step_on_an_old_view_of_the_appointment_is_stale(cast: Any) -> None:
    row = booked(cast, on(8))
    old = Appointment.objects.get()
    _step(cast, row, AppointmentStep.CANCEL, "ayu")
    with pytest.raises(Stale):
        _step(cast, old, AppointmentStep.HOLD, "citra", on(9))


@pytest.mark.parametrize("step", [AppointmentStep.HOLD, AppointmentStep.MISS])
def test_only_the_host_says_whether_it_took_place(cast: Any, step: AppointmentStep) -> None:
    row = booked(cast, on(8))
    with pytest.raises(Refused):
        _step(cast, row, step, "ayu", on(9))
    with pytest.raises(NotVisible):
        _step(cast, row, step, "kirana", on(9))
    assert Appointment.objects.get().state == AppointmentState.BOOKED


def test_missed_only_once_begun_and_held_from_its_day_on(cast: Any) -> None:
    row = booked(cast, on(8, day=1))
    for step, at in ((AppointmentStep.HOLD, on(9)), (AppointmentStep.MISS, on(7, 59, day=1))):
        with pytest.raises(Refused):
            _step(cast, row, step, "citra", at)
    _step(cast, row, AppointmentStep.HOLD, "citra", on(7, 30, day=1))
    assert row.state == AppointmentState.HELD


def test_reading_a_wish_leaves_a_trace_for_the_guest(cast: Any) -> None:
    row = booked(cast, on(8), wish="rahasia")
    assert open_wish(appointment=row, by=cast.actor("citra"), at=monday()) == "rahasia"
    assert AuditEntry.objects.get(verb="scheduling.appointment.read").subject == cast.ayu.public_id
    with pytest.raises(NotVisible):
        open_wish(appointment=row, by=cast.actor("kirana"), at=monday())


@pytest.mark.parametrize("name", ["bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana"])
def test_nobody_else_learns_that_an_appointment_exists(cast: Any, name: str) -> None:
    row = booked(cast, on(8))
    actor = cast.actor(name)
    with pytest.raises(NotVisible):
        queries.appointment_of(actor, row.public_id)
    assert queries.upcoming(actor, at=monday()) == []
    assert queries.of_day(actor, monday().date(), at=monday()) == []
    assert queries.page_of(actor, past=False, number=1, at=monday()).paginator.count == 0


def test_free_times_of_many_hosts_and_days_need_three_queries(cast: Any, query_count: Any) -> None:
    keep_hours(cast, "kirana")
    booked(cast, on(8))
    with query_count() as few:
        queries.free_slots_of([cast.citra.pk], monday().date(), 1, at=monday())
    booked(cast, on(9, 40))
    with query_count() as many:
        queries.free_slots_of([cast.citra.pk, cast.kirana.pk], monday().date(), 28, at=monday())
    assert len(few) == len(many) == 3


def test_a_list_needs_the_same_queries_however_long_it_is(cast: Any, query_count: Any) -> None:
    actor = cast.actor("citra")
    booked(cast, on(8))
    with query_count() as one:
        queries.page_of(actor, past=False, number=1, at=monday())
    for number in range(1, 30):
        hour = queries.free_slots(cast.citra, monday().date(), 28, at=monday())[0].slots[0].starts_at
        booked(cast, hour, guest="bima" if number % 2 else "ayu", by=actor)
    with query_count() as thirty:
        page = queries.page_of(actor, past=False, number=1, at=monday())
    assert (len(page.object_list), page.paginator.count) == (25, 30)
    assert len(one) == len(thirty) == 2
    with query_count() as next_ones:
        assert len(queries.upcoming(actor, at=monday())) == 25
    assert len(next_ones) == 1


def test_what_was_not_answered_is_remembered(cast: Any) -> None:
    row = booked(cast, on(8))
    actor = cast.actor("citra")
    assert queries.unanswered(actor, before=on(8), at=on(8)) == []
    assert [line.public_id for line in queries.unanswered(actor, before=on(12), at=on(12))] == [row.public_id]
    assert queries.unanswered(cast.actor("ayu"), before=on(12), at=on(12)) == []
