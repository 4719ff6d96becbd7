"""Two people want one slot at the same moment; on real connections, on whichever database runs the tests."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from teduh.kernel.errors import Refused
from teduh.scheduling.models import Appointment, OccupiedTime
from teduh.scheduling.tests.helpers import booked, keep_hours, on


@pytest.fixture
def shared(transactional_db: Any, cast: Any, tmp_path: Path) -> Iterator[Any]:
    """The cast in a database that threads share; SQLite's tests run in memory, so it is copied to a file."""
    keep_hours(cast)
    keep_hours(cast, "kirana")
    if connection.vendor != "sqlite":
        yield cast
        return
    file = tmp_path / "race.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    settings = connections.settings["default"]
    before, settings["NAME"] = settings["NAME"], str(file)
    yield cast
    settings["NAME"] = before


def _all_at_once(*deeds: Any) -> list[Any]:
    """Run each deed in a thread of its own, starting together; return what each returned or raised."""
    start, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = deeds[number]()
        except Exception as error:
            found[number] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def _count() -> tuple[int, int]:
    """Count appointments and occupied grains from a thread, which sees the shared database."""
    (counts,) = _all_at_once(lambda: (Appointment.objects.count(), OccupiedTime.objects.count()))
    return tuple(counts)


def test_of_those_who_book_one_slot_at_once_exactly_one_wins(shared: Any) -> None:
    guests = ["ayu", "bima", "joko", "gita", "eko", "indra"]
    actors = {name: shared.actor(name) for name in guests}
    found = _all_at_once(
        *[lambda name=name: booked(shared, on(8), guest=name, by=actors[name]) for name in guests]
    )
    won = [one for one in found if isinstance(one, Appointment)]
    lost = [one for one in found if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, 5), found
    assert {one.code for one in lost} == {"slot_taken"}
    assert _count() == (1, 16)


def test_one_form_sent_twice_at_once_books_once(shared: Any) -> None:
    key, ayu = uuid.uuid4(), shared.actor("ayu")
    found = _all_at_once(*[lambda: booked(shared, on(8), by=ayu, client_id=key)] * 4)
    assert len({one.pk for one in found}) == 1
    assert _count() == (1, 16)


def test_one_guest_cannot_book_two_hosts_for_one_time_at_once(shared: Any) -> None:
    ayu = shared.actor("ayu")
    found = _all_at_once(
        *[lambda host=host: booked(shared, on(8), host=host, by=ayu) for host in ("citra", "kirana")]
    )
    assert sorted(type(one).__name__ for one in found) == ["Appointment", "Refused"]
    assert _count() == (1, 16)
