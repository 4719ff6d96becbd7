"""Every address, every method, ten actors and a visitor: no 2xx that the table does not expect."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from conftest import make_cast
from teduh.people.states import Role
from teduh.site.access_table import ACTORS, METHODS, read_table, write_table
from teduh.site.checks import walk_urls
from tests.universe import Universe, build

#: Library pages: each shows only the visitor's own account; their reach is their library's matter.
LIBRARY = ("account_", "mfa_")


def objects(u: Universe) -> dict[str, dict[str, Any]]:
    """Return which object of Ayu's stands in each address, by URL name or by `room:` prefix."""
    return {
        "care:sent": {"public_id": u.waiting.public_id},
        "care:withdraw": {"public_id": u.waiting.public_id},
        "care:rate_own": {"public_id": u.goal.public_id},
        "care:request": {"public_id": u.waiting.public_id},
        "care:name_person": {"public_id": u.friend_request.public_id, "person_id": u.cast.ayu.public_id},
        "care:request_step": {"public_id": u.waiting.public_id, "step": "take"},
        "care:rate": {"public_id": u.counselling.public_id, "goal_id": u.goal.public_id},
        "care:follow_up": {"public_id": u.follow_up.public_id},
        "care:referral": {"public_id": u.referral.public_id},
        "care:referral_step": {"public_id": u.asked.public_id, "step": "consent"},
        "care:alert": {"public_id": u.alert.public_id},
        "care:acknowledge": {"public_id": u.alert.public_id},
        "care:resolve": {"public_id": u.alert.public_id},
        "care:take_over": {"public_id": u.peer.public_id},
        "care:": {"public_id": u.counselling.public_id},
        "measures:": {"public_id": u.sheet.public_id},
        "psychosocial:": {"public_id": u.psychosocial.public_id},
        "psychosocial:step": {"public_id": u.psychosocial.public_id},
    }


def _params(route: str) -> list[str]:
    return [part.split(":")[-1].rstrip(">") for part in route.split("<")[1:] for part in [part.split(">")[0]]]


def _kwargs(name: str, route: str, table: dict[str, dict[str, Any]], u: Universe) -> dict[str, Any]:
    wanted = _params(route)
    if not wanted:
        return {}
    known = table.get(name) or _by_universe(name, wanted, u) or table.get(name.split(":")[0] + ":", {})
    missing = [param for param in wanted if param not in known]
    assert not missing, f"tell the matrix which object stands for {name}: {missing}"
    return {param: known[param] for param in wanted}


def _by_universe(name: str, wanted: list[str], u: Universe) -> dict[str, Any] | None:
    special = SPECIAL.get(name)
    return special(u) if special else None


def _only(**values: Any) -> Any:
    return lambda u: {key: get(u) for key, get in values.items()}


#: Objects of addresses of the other rooms, where the default of the room does not fit.
SPECIAL: dict[str, Any] = {
    **{
        name: _only(public_id=lambda u: u.cast.class_group.public_id)
        for name in ("people:class", "people:class_cards")
    },
    **{
        name: _only(public_id=lambda u: u.cast.ayu.public_id)
        for name in (
            "people:person_roles",
            "people:reset_start",
            "people:safety",
            "people:guardian_login",
            "people:shut_out",
        )
    },
    **{
        name: _only(public_id=lambda u: u.reset) for name in ("people:reset_confirm", "people:reset_withdraw")
    },
    "people:import_preview": _only(public_id=lambda u: u.upload),
    "people:import_confirm": _only(public_id=lambda u: u.upload),
    "people:end_role": _only(public_id=lambda u: u.cast.bima.public_id, pk=lambda u: u.role_pk),
    "people:lift_exclusion": _only(
        public_id=lambda u: u.cast.ayu.public_id, exclusion_id=lambda u: u.exclusion
    ),
    **{
        name: _only(public_id=lambda u: u.open_offer.public_id)
        for name in ("peers:offer", "peers:accept", "peers:decline")
    },
    "peers:join_room": _only(public_id=lambda u: u.offer.public_id),
    "peers:waiting": _only(public_id=lambda u: u.open_offer.help_request.public_id),
    "peers:choose": _only(public_id=lambda u: u.open_offer.help_request.public_id),
    **{
        name: _only(public_id=lambda u: u.cast.bima.public_id)
        for name in ("peers:supporter", "peers:debrief")
    },
    **{
        name: _only(public_id=lambda u: u.room.public_id)
        for name in ("peers:call", "peers:finish", "peers:step_out", "messaging:room")
    },
    "counselling:book_with": _only(counsellor=lambda u: u.cast.citra.public_id),
    **{
        name: _only(public_id=lambda u: u.appointment.public_id)
        for name in ("counselling:appointment", "counselling:open_episode")
    },
    "counselling:remove_leave": _only(public_id=lambda u: u.leave),
    "counselling:converse": _only(public_id=lambda u: u.counselling.public_id),
    "counselling:session": _only(public_id=lambda u: u.counselling.public_id),
    "psychosocial:step_deed": _only(public_id=lambda u: u.step.public_id),
    "psychosocial:follow_up": _only(public_id=lambda u: u.case_follow_up.public_id),
    "community:consent": _only(public_id=lambda u: u.cast.ayu.public_id, purpose=lambda u: "screening"),
}


def _walk(u: Universe) -> dict[tuple[str, str], set[str]]:
    table = objects(u)
    clients: dict[str, Client] = {
        actor: u.cast.client(None if actor == "visitor" else actor) for actor in ACTORS
    }
    found: dict[tuple[str, str], set[str]] = {}
    for route, name, _view in walk_urls():
        if not name or name.startswith(LIBRARY):
            continue
        address = reverse(name, kwargs=_kwargs(name, route, table, u))
        for actor, client in clients.items():
            for method in METHODS:
                if _reaches(client, method, address):
                    found.setdefault((name, method), set()).add(actor)
        found.setdefault((name, "GET"), set())
    return found


@contextmanager
def _as_before(client: Client) -> Iterator[None]:
    """Undo what a request does: its writes, and what it puts into or takes from the cookie jar (a log-out!)."""
    cookies = client.cookies.output()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load("; ".join(line.removeprefix("Set-Cookie: ") for line in cookies.splitlines()))


def _reaches(client: Client, method: str, address: str) -> bool:
    with _as_before(client):
        response = client.generic(method, address, HTTP_SEC_FETCH_SITE="same-origin")
    if response.status_code >= 500:
        raise AssertionError(f"{method} {address} answered {response.status_code}")
    if 300 <= response.status_code < 400:
        return "/account/login/" not in response.headers["Location"]
    return 200 <= response.status_code < 300


@pytest.mark.django_db
def test_nobody_reaches_what_the_table_does_not_expect() -> None:
    universe = build(make_cast())
    found = _walk(universe)
    if os.environ.get("TEDUH_WRITE_ACCESS"):
        write_table({key: frozenset(value) for key, value in found.items()})
    expected = read_table()
    wrong = [
        f"{method} {name}: {sorted(actors - expected.get((name, method), frozenset()))} got in unexpectedly"
        for (name, method), actors in found.items()
        if actors - expected.get((name, method), frozenset())
    ]
    wrong += [
        f"{method} {name}: {sorted(actors - found.get((name, method), set()))} should get in and did not"
        for (name, method), actors in expected.items()
        if actors - found.get((name, method), set())
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_strangers_get_the_same_answer_for_what_exists_and_what_does_not() -> None:
    universe = build(make_cast())
    table = objects(universe)
    strangers = {name: universe.cast.client(name) for name in ("fajar", "hari", "indra")} | {
        "visitor": universe.cast.client()
    }
    checked = 0
    for route, name, view in walk_urls():
        params = _params(route)
        if not name or name.startswith(LIBRARY) or not params:
            continue
        # Accounts, classes and imports are a technical administrator's own work; they hold no content.
        admins_work = name.startswith("people:") and Role.TECHNICAL_ADMIN in view.audience.roles
        there = _kwargs(name, route, table, universe)
        if not any(isinstance(value, uuid.UUID) for value in there.values()):
            continue
        nowhere = {k: uuid.uuid4() if isinstance(v, uuid.UUID) else v for k, v in there.items()}
        for who, client in strangers.items():
            if who == "indra" and admins_work:
                continue
            for method in ("GET", "POST"):
                one = _answer(client, method, reverse(name, kwargs=there))
                two = _answer(client, method, reverse(name, kwargs=nowhere))
                assert one == two, f"{who} can tell by {method} {name} that something is there"
                checked += 1
    assert checked > 150


def _answer(client: Client, method: str, address: str) -> tuple[int, bytes]:
    with _as_before(client):
        response = client.generic(method, address)
    return response.status_code, _without_tokens(response.content.replace(address.encode(), b""))


def _without_tokens(content: bytes) -> bytes:
    """Leave out what differs at each request: the form token (masked anew each time)."""
    import re

    content = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", content)
    return re.sub(rb'data-csrf="[^"]*"', b"", content)
