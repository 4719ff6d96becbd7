"""Who reaches which page: strangers find nothing, whoever they are and whether it exists or not."""

import re
import uuid

import pytest
from django.urls import reverse

from conftest import ACTORS
from teduh.care.models import HelpRequest
from teduh.peers.actions import conversations
from teduh.peers.models import Offer
from teduh.peers.tests.conftest import Peers
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude


@pytest.fixture
def talk(peers: Peers) -> Offer:
    """Ayu and Bima are talking; Joko's request waits for nobody."""
    return conversations.accept(offer=peers.offer(peers.ask()), by=peers.cast.actor("bima"), at=peers.now)


def without_token(page: bytes) -> bytes:
    """Return a page without the form token, which is masked anew each time."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", page)


def reach(peers: Peers, address: str, method: str = "get") -> set[str]:
    """Return who gets anything but the 404 of what does not exist, or the way to log-in."""
    found = set()
    for name in ACTORS:
        response = getattr(peers.cast.client(name or None), method)(address)
        if response.status_code == 302 and "/login/" in response["Location"]:
            continue
        if response.status_code != 404:
            found.add(name)
    return found


def test_only_its_supporter_sees_an_offer(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    for name in ("peers:offer", "peers:accept", "peers:decline"):
        method = "get" if name == "peers:offer" else "head"
        expected = {"bima"}
        assert reach(peers, reverse(name, args=[offer.public_id]), method) == expected


def test_an_offer_that_exists_looks_like_one_that_does_not(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    for name in ACTORS:
        if name == "bima":
            continue
        client = peers.cast.client(name or None)
        there = client.get(reverse("peers:offer", args=[offer.public_id]))
        not_there = client.get(reverse("peers:offer", args=[uuid.UUID(int=7)]))
        assert there.status_code == not_there.status_code == 404
        assert without_token(there.content) == without_token(not_there.content)


def test_only_the_supporter_reaches_call_and_finish(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    for name in ("peers:call", "peers:finish"):
        assert reach(peers, reverse(name, args=[talk.room.public_id])) == {"bima"}


def test_only_the_supervisor_steps_in_and_out(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    assert reach(peers, reverse("peers:join_room", args=[talk.public_id]), "post") == {"citra"}
    assert reach(peers, reverse("peers:step_out", args=[talk.room.public_id]), "post") == {"citra"}


def test_only_those_who_look_after_peers_see_the_desk(peers: Peers) -> None:
    keepers = {"citra", "kirana"} & {*ACTORS}
    request = peers.ask()
    for address in (
        reverse("peers:supervise"),
        reverse("peers:supervise") + "?show=talks",
        reverse("peers:supervise") + "?show=supporters",
        reverse("peers:choose", args=[request.public_id]),
        reverse("peers:supporter", args=[peers.cast.bima.public_id]),
        reverse("peers:live_supervisor"),
    ):
        assert reach(peers, address) == keepers


def test_nobody_enrols_somebody_without_the_role(peers: Peers) -> None:
    assert reach(peers, reverse("peers:supporter", args=[peers.cast.ayu.public_id])) == set()


def test_only_the_seeker_sees_the_own_waiting(peers: Peers) -> None:
    request = peers.ask()
    assert reach(peers, reverse("peers:waiting", args=[request.public_id])) == {"ayu"}


def test_only_supporters_reach_their_settings(peers: Peers) -> None:
    assert reach(peers, reverse("peers:me")) == {"bima"}
    assert reach(peers, reverse("peers:live_supporter")) == {"bima"}


def test_an_excluded_supervisor_finds_neither_request_nor_conversation(peers: Peers, talk: Offer) -> None:
    waiting = peers.ask("ayu")
    exclude(
        person=peers.cast.ayu, excluded=peers.cast.citra, reason="relative", by=system_actor(), at=peers.now
    )
    citra = peers.cast.client("citra")
    assert citra.get(reverse("peers:choose", args=[waiting.public_id])).status_code == 404
    assert citra.post(reverse("peers:join_room", args=[talk.public_id])).status_code == 404
    for show in ("waiting", "talks"):
        page = citra.get(reverse("peers:supervise"), {"show": show}).content.decode()
        assert "Ayu Lestari" not in page
        assert "Bima Saputra" not in page


def test_a_supporter_of_another_school_finds_nothing(peers: Peers) -> None:
    peers.ask()
    request = HelpRequest.objects.get()
    fajar = peers.cast.client("fajar")
    assert fajar.get(reverse("peers:waiting", args=[request.public_id])).status_code == 404


def test_the_supporter_reads_neither_name_nor_text(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    bima = peers.cast.client("bima")
    for address in (reverse("peers:offer", args=[offer.public_id]), reverse("peers:live_supporter")):
        page = bima.get(address).content.decode()
        assert "Kawan " in page
        assert "Ayu" not in page
        assert "Lestari" not in page
        assert "sebangku" not in page
