"""Two at once: neither capacity nor a waiting request can be taken twice; on real connections, on either
database."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from teduh.care.models import Episode
from teduh.kernel.errors import Refused
from teduh.peers.actions.conversations import accept
from teduh.peers.actions.offers import offer_next
from teduh.peers.models import Offer, Supporter
from teduh.peers.states import OfferState
from teduh.peers.tests.conftest import Peers, make_peers
from teduh.people.access import system_actor


@pytest.fixture
def shared(transactional_db: Any, tmp_path: Path) -> Iterator[Peers]:
    """The cast and two offers to Bima in a database that threads share; SQLite's tests run in memory, so
    it is copied."""
    peers = make_peers()
    peers.ask("ayu")
    peers.ask("joko")
    Supporter.objects.update(capacity=1)
    if connection.vendor != "sqlite":
        yield peers
        return
    file = tmp_path / "race.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    settings = connections.settings["default"]
    before, settings["NAME"] = settings["NAME"], str(file)
    yield peers
    settings["NAME"] = before


def all_at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run each deed in a thread of its own, starting together; return what each returned or raised."""
    start = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = deeds[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def look(question: Callable[[], Any]) -> Any:
    """Ask from a thread, which sees the shared database."""
    return all_at_once(question)[0]


def test_two_accepted_at_once_do_not_exceed_the_capacity(shared: Peers) -> None:
    bima = shared.cast.actor("bima")
    pks = list(Offer.objects.order_by("pk").values_list("pk", flat=True))
    assert len(pks) == 2

    def take(pk: int) -> Offer:
        return accept(offer=Offer.objects.get(pk=pk), by=bima, at=shared.now)

    found = all_at_once(*[lambda pk=pk: take(pk) for pk in pks])
    won = [one for one in found if isinstance(one, Offer)]
    lost = [one for one in found if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, 1), found
    assert lost[0].code == "ruled_out"
    assert look(lambda: Episode.objects.count()) == 1
    assert look(lambda: Offer.objects.filter(state=OfferState.ACCEPTED).count()) == 1


def test_one_offer_accepted_twice_at_once_opens_one_conversation(shared: Peers) -> None:
    bima = shared.cast.actor("bima")
    pk = Offer.objects.order_by("pk").values_list("pk", flat=True)[0]

    def take() -> Offer:
        return accept(offer=Offer.objects.get(pk=pk), by=bima, at=shared.now)

    found = all_at_once(take, take, take)
    assert {one.room_id for one in found} == {found[0].room_id}
    assert look(lambda: Episode.objects.count()) == 1


def test_one_request_looked_at_twice_at_once_is_offered_once(shared: Peers) -> None:
    def withdraw_all() -> None:
        Offer.objects.update(state=OfferState.WITHDRAWN)
        Supporter.objects.update(capacity=3)

    look(withdraw_all)
    request = Offer.objects.order_by("pk")[0].help_request

    def offer() -> Any:
        return offer_next(help_request=request, by=system_actor(), at=shared.now)

    found = all_at_once(offer, offer, offer)
    assert {one.pk for one in found} == {found[0].pk}
    assert look(lambda: Offer.objects.filter(state=OfferState.OFFERED).count()) == 1


def test_two_requests_at_once_do_not_fill_one_place_twice(shared: Peers) -> None:
    look(lambda: Offer.objects.update(state=OfferState.WITHDRAWN))
    requests = [offer.help_request for offer in Offer.objects.order_by("pk")]

    def offer(request: Any) -> Any:
        return offer_next(help_request=request, by=system_actor(), at=shared.now)

    found = all_at_once(*[lambda one=one: offer(one) for one in requests])
    assert len([one for one in found if isinstance(one, Offer)]) == 1, found
    assert look(lambda: Offer.objects.filter(state=OfferState.OFFERED).count()) == 1
