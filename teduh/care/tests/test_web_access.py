"""Who reaches which page; for everybody else what exists and what does not are the same answer."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import ACTORS
from teduh.care.tests.helpers import plain
from teduh.care.tests.world import NOBODY, World, make_world
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude

Ident = Callable[[World], object]
#: Address with "{}" for the object's id, the object, and who may open it.
OBJECT_PAGES: dict[str, tuple[str, Ident, set[str]]] = {
    "sent": ("/care/sent/{}/", lambda w: w.sent.public_id, {"ayu"}),
    "sent_live": ("/care/sent/{}/live/", lambda w: w.waiting.public_id, {"ayu"}),
    "sent_about_friend": ("/care/sent/{}/", lambda w: w.about_friend.public_id, {"bima"}),
    "own_goal": ("/care/my-goal/{}/", lambda w: w.goal.public_id, {"ayu"}),
    "request": ("/care/request/{}/", lambda w: w.waiting.public_id, {"citra", "kirana"}),
    "request_about_friend": ("/care/request/{}/", lambda w: w.about_friend.public_id, {"citra", "kirana"}),
    "answered_request": ("/care/request/{}/", lambda w: w.sent.public_id, {"citra"}),
    "episode": ("/care/episode/{}/", lambda w: w.care.public_id, {"citra"}),
    "closed_episode": ("/care/episode/{}/", lambda w: w.closed.public_id, {"citra"}),
    "peer_episode": ("/care/episode/{}/", lambda w: w.peer.public_id, {"citra"}),
    "note": ("/care/episode/{}/note/", lambda w: w.care.public_id, {"citra"}),
    "goal": ("/care/episode/{}/goal/", lambda w: w.care.public_id, {"citra"}),
    "plan_follow_up": ("/care/episode/{}/follow-up/", lambda w: w.care.public_id, {"citra"}),
    "close": ("/care/episode/{}/close/", lambda w: w.care.public_id, {"citra"}),
    "lead": ("/care/episode/{}/lead/", lambda w: w.care.public_id, {"citra"}),
    "refer": ("/care/episode/{}/refer/", lambda w: w.care.public_id, {"citra"}),
    "results": ("/care/episode/{}/results/", lambda w: w.care.public_id, {"citra"}),
    "assign": ("/care/episode/{}/questionnaire/", lambda w: w.care.public_id, {"citra"}),
    "follow_up": ("/care/follow-up/{}/", lambda w: w.follow_up.public_id, {"citra"}),
    "referral_asked": ("/care/referral/{}/", lambda w: w.asked.public_id, {"citra", "ayu"}),
    "referral_sent": ("/care/referral/{}/", lambda w: w.arriving.public_id, {"citra", "ayu", "dewi"}),
    "alert": ("/care/alert/{}/", lambda w: w.alert.public_id, {"citra"}),
}
#: Addresses that name no object: who reaches them.
PLAIN_PAGES = {
    "/care/ask/": {"ayu", "bima", "fajar"},
    "/care/worry/": {"ayu", "bima", "fajar"},
    "/care/record/": set(ACTORS) - {""},
    "/care/live/mine/": set(ACTORS) - {""},
    "/care/requests/": {"citra"},
    "/care/episodes/": {"citra", "dewi"},
    "/care/referrals/": {"citra", "dewi"},
    "/care/alerts/": {"citra", "dewi"},
    "/care/live/alerts/": {"citra", "dewi"},
}


@pytest.mark.parametrize("name", OBJECT_PAGES)
def test_a_page_about_somebody_opens_for_whom_it_concerns_and_is_not_there_for_all_others(
    cast: Any, name: str
) -> None:
    address, ident, may = OBJECT_PAGES[name]
    world = make_world(cast)
    for who in (*ACTORS, "kirana"):
        client = cast.client(who or None)
        there = client.get(address.format(ident(world)))
        if who in may:
            assert there.status_code == 200, who
            continue
        nowhere = client.get(address.format(NOBODY))
        assert (there.status_code, nowhere.status_code) == (404, 404), who
        assert plain(there.content) == plain(nowhere.content), who


@pytest.mark.parametrize("address", PLAIN_PAGES)
def test_a_page_that_names_nobody_opens_by_role(cast: Any, address: str) -> None:
    for who in ACTORS:
        status = cast.client(who or None).get(address).status_code
        expected = 302 if who == "" else 200 if who in PLAIN_PAGES[address] else 404
        assert status == expected, who


#: Writes: address, object, who may; what is posted is empty, so that nobody succeeds by chance.
WRITES: dict[str, tuple[str, Ident, set[str]]] = {
    "withdraw": ("/care/sent/{}/withdraw/", lambda w: w.waiting.public_id, {"ayu"}),
    "take": ("/care/request/{}/take/", lambda w: w.waiting.public_id, {"citra", "kirana"}),
    "route": ("/care/request/{}/route/", lambda w: w.waiting.public_id, {"citra", "kirana"}),
    "answer": ("/care/request/{}/answer/", lambda w: w.waiting.public_id, {"citra", "kirana"}),
    "acknowledge": ("/care/alert/{}/acknowledge/", lambda w: w.alert.public_id, {"citra"}),
    "resolve": ("/care/alert/{}/resolve/", lambda w: w.taken_alert.public_id, {"citra"}),
    "consent": ("/care/referral/{}/consent/", lambda w: w.asked.public_id, {"ayu", "citra"}),
    "accept": ("/care/referral/{}/accept/", lambda w: w.arriving.public_id, {"dewi", "citra", "ayu"}),
    "take_over": ("/care/episode/{}/take-over/", lambda w: w.peer.public_id, {"citra"}),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_by_anybody_else_meets_what_is_not_there(cast: Any, name: str) -> None:
    address, ident, may = WRITES[name]
    world = make_world(cast)
    for who in sorted({*ACTORS, "kirana"} - may):
        client = cast.client(who or None)
        there = client.post(address.format(ident(world)))
        nowhere = client.post(address.format(NOBODY))
        assert (there.status_code, nowhere.status_code) == (404, 404), who
        assert plain(there.content) == plain(nowhere.content), who


def test_a_step_of_another_side_is_refused_to_whoever_sees_the_referral(cast: Any) -> None:
    world = make_world(cast)
    address = f"/care/referral/{world.arriving.public_id}"
    assert cast.client("citra").post(f"{address}/accept/", {"client_id": NOBODY}).status_code == 404
    assert cast.client("ayu").post(f"{address}/hand_over/", {"client_id": NOBODY}).status_code == 404
    asked = f"/care/referral/{world.asked.public_id}"
    assert cast.client("citra").post(f"{asked}/consent/", {"client_id": NOBODY}).status_code == 404
    world.arriving.refresh_from_db()
    assert world.arriving.state == "sent"


@pytest.mark.parametrize("name", [n for n, (_, _, may) in OBJECT_PAGES.items() if "citra" in may])
def test_an_exclusion_closes_every_page_to_the_excluded_counsellor(cast: Any, name: str) -> None:
    address, ident, _ = OBJECT_PAGES[name]
    if name == "request_about_friend":
        pytest.skip("nobody knows yet whom it is about")
    world = make_world(cast)
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=_now())
    client = cast.client("citra")
    there, nowhere = client.get(address.format(ident(world))), client.get(address.format(NOBODY))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert plain(there.content) == plain(nowhere.content)


def test_an_exclusion_empties_the_lists_of_the_excluded_counsellor(cast: Any) -> None:
    make_world(cast)
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=_now())
    for address in ("requests", "episodes", "episodes/?state=closed", "referrals", "alerts", "live/alerts"):
        assert (
            b"Ayu Lestari"
            not in cast.client("citra").get(f"/care/{address}/".replace("closed/", "closed")).content
        )


def _now() -> Any:
    from teduh.kernel import clock

    return clock.now()
