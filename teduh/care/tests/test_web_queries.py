"""No page asks the database more than twelve times, however much there is to show."""

from typing import Any

import pytest

from teduh.care.tests.test_web_access import OBJECT_PAGES, PLAIN_PAGES
from teduh.care.tests.world import World, fill, make_world

LIMIT = 12
#: Who opens a page here: the one with the most to see.
FIRST = ("citra", "dewi", "ayu", "bima")


@pytest.fixture
def full(cast: Any) -> World:
    world = make_world(cast)
    fill(cast, world, 21)
    return world


def statements(cast: Any, query_count: Any, who: str, address: str) -> list[str]:
    from teduh.kernel.sealing.keyring import forget_all

    client = cast.client(who)
    client.get(address)
    forget_all()
    with query_count() as counted:
        assert client.get(address).status_code == 200
    return list(counted.statements)


def test_every_page_about_somebody_stays_within_the_limit(cast: Any, full: World, query_count: Any) -> None:
    found = {}
    for name, (address, ident, may) in OBJECT_PAGES.items():
        for who in may & set(FIRST):
            asked = statements(cast, query_count, who, address.format(ident(full)))
            found[f"{name} {who}"] = len(asked)
    assert {name: count for name, count in found.items() if count > LIMIT} == {}


def test_every_other_page_stays_within_the_limit(cast: Any, full: World, query_count: Any) -> None:
    found = {}
    for address, may in PLAIN_PAGES.items():
        for who in may & set(FIRST):
            found[f"{address} {who}"] = len(statements(cast, query_count, who, address))
    assert {name: count for name, count in found.items() if count > LIMIT} == {}


@pytest.mark.parametrize("address", ["episodes/", "requests/", "alerts/", "referrals/", "record/"])
def test_a_list_asks_as_often_for_twenty_rows_as_for_two(cast: Any, query_count: Any, address: str) -> None:
    world = make_world(cast)
    who = "ayu" if address == "record/" else "citra"
    few = len(statements(cast, query_count, who, f"/care/{address}"))
    fill(cast, world, 21)
    assert len(statements(cast, query_count, who, f"/care/{address}")) == few


def test_an_episode_asks_as_often_with_much_in_it_as_with_little(cast: Any, query_count: Any) -> None:
    world = make_world(cast)
    fill(cast, world, 1)
    few = len(statements(cast, query_count, "citra", f"/care/episode/{world.care.public_id}/"))
    fill(cast, world, 21)
    assert len(statements(cast, query_count, "citra", f"/care/episode/{world.care.public_id}/")) == few


def test_older_notes_are_a_page_further(cast: Any, full: World) -> None:
    client = cast.client("citra")
    address = f"/care/episode/{full.care.public_id}/"
    assert b"Catatan 20." not in client.get(address).content
    assert b"Catatan 20." in client.get(f"{address}?page=2").content
    assert client.get(f"{address}?page=999999").status_code == 200
