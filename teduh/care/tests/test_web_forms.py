"""What somebody typed is never lost, what is wrong is said beside the field, and the same form counts once."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from teduh.care.levels import level_of
from teduh.care.models import (
    Alert,
    Contact,
    Episode,
    FollowUp,
    Goal,
    GoalRating,
    HelpRequest,
    Referral,
)
from teduh.care.states import EpisodeState, RequestState
from teduh.care.tests.world import World, make_world
from teduh.kernel import clock
from teduh.kernel.models import AuditEntry

Make = Callable[[Any, World], tuple[str, str, dict[str, Any]]]


def ask_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "ayu", "/care/ask/", {"topic": "friends", "wish": "peer", "text": "Aku sedih sekali."}


def worry_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "bima", "/care/worry/", {"about": "Ayu X-1", "topic": "feelings", "text": "Dia sering nangis."}


def note_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    data = {
        "activity": "individual_counselling",
        "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
        "minutes": "40",
        "note": "Catatan panjang.",
    }
    return "citra", f"/care/episode/{world.care.public_id}/note/", data


def goal_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/episode/{world.care.public_id}/goal/", {"text": "Tidur lebih nyenyak."}


def rate_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "ayu", f"/care/my-goal/{world.goal.public_id}/", {"value": "7"}


def plan_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/episode/{world.care.public_id}/follow-up/", {"due_on": str(clock.today())}


def look_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/follow-up/{world.follow_up.public_id}/", {"result": "Sudah lebih tenang."}


def refer_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    from teduh.care.tests.helpers import episode

    data = {
        "target": f"psychosocial:{cast.provider.public_id}",
        "urgency": "today",
        "reason": "Butuh lebih.",
        "summary": "Kehilangan ayah.",
    }
    return "citra", f"/care/episode/{episode(cast).public_id}/refer/", data


def close_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    from teduh.care.tests.helpers import episode

    of = episode(cast)
    data = {
        "reason": "goals_met",
        "checks": list(level_of(of.level).closing_checks),
        "aftercare_on": str(clock.today() + timedelta(days=7)),
        "aftercare_owner": str(cast.citra.public_id),
        "note": "Selesai dengan baik.",
    }
    return "citra", f"/care/episode/{of.public_id}/close/", data


def lead_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/episode/{world.care.public_id}/lead/", {"lead": str(cast.kirana.public_id)}


def resolve_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    address = f"/care/alert/{world.taken_alert.public_id}/resolve/"
    return "citra", address, {"resolution": "Sudah bertemu, aman."}


def answer_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/request/{world.waiting.public_id}/answer/", {"reply": "Datanglah besok."}


def route_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "citra", f"/care/request/{world.waiting.public_id}/route/", {"level": "counselling"}


def accept_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "dewi", f"/care/referral/{world.arriving.public_id}/accept/", {"answer": "Besok saya temui."}


def decline_form(cast: Any, world: World) -> tuple[str, str, dict[str, Any]]:
    return "dewi", f"/care/referral/{world.arriving.public_id}/decline/", {"answer": "Kami penuh."}


FORMS: dict[str, Make] = {
    name.removesuffix("_form"): make for name, make in list(globals().items()) if name.endswith("_form")
}
#: What the form must not do without, and so what is missing when it is empty.
NEEDED = {
    "ask": "topic",
    "worry": "about",
    "note": "note",
    "goal": "text",
    "rate": "value",
    "plan": "due_on",
    "look": "result",
    "refer": "reason",
    "close": "reason",
    "lead": "lead",
    "resolve": "resolution",
    "answer": "reply",
    "route": "level",
    "decline": "answer",
}


def counts() -> dict[str, int]:
    models = (HelpRequest, Episode, Contact, Goal, GoalRating, FollowUp, Referral, Alert)
    found: dict[str, int] = {model.__name__: model._default_manager.count() for model in models}
    writes = AuditEntry.objects.exclude(verb__endswith=".read")
    return {**found, "audit": writes.count()}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_form_sent_twice_counts_once(cast: Any, name: str) -> None:
    who, address, data = FORMS[name](cast, make_world(cast))
    client = cast.client(who)
    data["client_id"] = str(uuid.uuid4())
    before = counts()
    assert client.post(address, data).status_code == 302
    once = counts()
    assert once["audit"] > before["audit"]
    again = client.post(address, data)
    # What was handed on or answered may be out of reach now; it is never written again.
    assert again.status_code in {200, 302, 404}
    assert counts() == once


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_form_says_what_is_missing_beside_the_field(cast: Any, name: str) -> None:
    who, address, _ = FORMS[name](cast, make_world(cast))
    before = counts()
    response = cast.client(who).post(address, {"client_id": str(uuid.uuid4())})
    assert response.status_code == 200
    assert f'id="id_{NEEDED[name]}_error"' in response.content.decode()
    assert counts() == before


KEPT = {
    "ask": ("text", {"topic": ""}),
    "worry": ("text", {"about": ""}),
    "note": ("note", {"minutes": "0"}),
    "refer": ("summary", {"reason": ""}),
    "close": ("note", {"reason": "because"}),
    "answer": ("reply", {"client_id": "no-uuid"}),
    "resolve": ("resolution", {"client_id": "no-uuid"}),
    "look": ("result", {"client_id": ""}),
    "accept": ("answer", {"client_id": "no-uuid"}),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_was_typed_stays_when_something_else_is_wrong(cast: Any, name: str) -> None:
    who, address, data = FORMS[name](cast, make_world(cast))
    field, wrong = KEPT[name]
    response = cast.client(who).post(address, {"client_id": str(uuid.uuid4()), **data, **wrong})
    assert response.status_code == 200
    assert str(data[field]) in response.content.decode()


LONG = "a" * 100_000
GARBAGE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no uuid": {"client_id": "x"},
    "very long": {"*": LONG},
    "nul bytes": {"*": "a\x00b"},
    "emoji": {"*": "😭🙏🏽‍♀️"},
    "broken utf-8": {"*": b"\xff\xfe\xf0"},
    "signs": {"*": "<script>alert(1)</script>' OR 1=1 --"},
    "numbers": {"*": "999999999999999999999"},
    "minus": {"*": "-1"},
}


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("name", FORMS)
def test_garbage_is_answered_and_never_breaks_a_page(cast: Any, name: str, kind: str) -> None:
    who, address, data = FORMS[name](cast, make_world(cast))
    spoilt = GARBAGE[kind]
    if "*" in spoilt:
        data = {"client_id": str(uuid.uuid4()), **dict.fromkeys(data, spoilt["*"])}
    else:
        data = dict(spoilt)
    response = cast.client(who).post(address, data)
    assert response.status_code in {200, 302}
    assert b"<script>alert(1)" not in response.content


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=²", "page=9999999999", "q=%00", "level=x", "state=x"]
)
@pytest.mark.parametrize("page", ["episodes", "alerts", "requests", "referrals", "record"])
def test_garbage_in_the_address_shows_the_first_page(cast: Any, page: str, query: str) -> None:
    assert cast.client("citra").get(f"/care/{page}/?{query}").status_code == 200


def test_garbage_in_the_search_for_a_student_breaks_nothing(cast: Any) -> None:
    world = make_world(cast)
    for query in ("q=%00", "q=", f"q={LONG[:3000]}", "q=Ayu"):
        address = f"/care/request/{world.about_friend.public_id}/?{query}"
        assert cast.client("citra").get(address).status_code == 200


@pytest.mark.parametrize("step", ["explode", "route2", "hand_over"])
def test_a_step_that_does_not_exist_is_not_there(cast: Any, step: str) -> None:
    world = make_world(cast)
    assert cast.client("citra").post(f"/care/request/{world.waiting.public_id}/{step}/").status_code == 404


def test_a_form_id_that_wrote_elsewhere_is_refused_and_nothing_is_lost(cast: Any) -> None:
    from teduh.care.tests.helpers import episode

    world, key, client = make_world(cast), str(uuid.uuid4()), None
    second = episode(cast)
    client = cast.client("citra")
    _, first_address, data = note_form(cast, world)
    assert client.post(first_address, {**data, "client_id": key}).status_code == 302
    other = client.post(
        f"/care/episode/{second.public_id}/note/", {**data, "note": "Catatan lain.", "client_id": key}
    )
    assert other.status_code == 200
    assert b"Catatan lain." in other.content
    goal = client.post(f"/care/episode/{second.public_id}/goal/", {"text": "Satu", "client_id": key})
    assert goal.status_code == 302
    again = client.post(f"/care/episode/{world.care.public_id}/goal/", {"text": "Dua", "client_id": key})
    assert again.status_code == 200
    assert b"Dua" in again.content


def test_a_button_for_what_is_over_leads_home_with_a_word(cast: Any) -> None:
    world = make_world(cast)
    address = f"/care/sent/{world.sent.public_id}/withdraw/"
    response = cast.client("ayu").post(address, follow=True)
    assert response.redirect_chain[-1][0] == "/today/"
    world.sent.refresh_from_db()
    assert world.sent.state == RequestState.ANSWERED


def test_three_taps_reach_sent(cast: Any) -> None:
    client = cast.client("ayu")
    door = re.search(r'href="(/care/ask/\?wish=peer)"', client.get("/today/").content.decode())
    assert door is not None
    page = client.get(door.group(1)).content.decode()
    key = re.search(r'name="client_id" value="([^"]+)"', page)
    assert key is not None
    assert re.search(r'value="peer"[^>]*checked', page)
    # The browser sends what is ticked: the second tap is the topic, the third is "send".
    sent = client.post(
        door.group(1), {"client_id": key.group(1), "wish": "peer", "topic": "friends", "text": ""}
    )
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/care/sent/")


def test_a_closed_episode_offers_no_way_to_write(cast: Any) -> None:
    world = make_world(cast)
    assert world.closed.state == EpisodeState.CLOSED
    page = cast.client("citra").get(f"/care/episode/{world.closed.public_id}/").content.decode()
    for word in ("/note/", "/goal/", "/refer/", "/close/", "/lead/"):
        assert word not in page


def test_the_answer_of_a_counsellor_is_read_with_a_row_in_the_log(cast: Any) -> None:
    world = make_world(cast)
    assert b"Kita bicara besok." in cast.client("ayu").get(f"/care/sent/{world.sent.public_id}/").content
    assert AuditEntry.objects.filter(verb="care.reply.read", subject=cast.ayu.public_id).exists()
