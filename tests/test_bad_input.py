"""Whatever is sent wherever: never a fault of the server, and words that were not stored come back."""

import html
import re
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from conftest import make_cast
from teduh.kernel.models import AuditEntry
from teduh.site.access_table import read_table
from teduh.site.checks import walk_urls
from tests.test_access_matrix import LIBRARY, _as_before, _kwargs, objects
from tests.universe import Universe, build

#: A word that stands nowhere else, by which what was typed is found again.
WORD = "katakunci"
#: Raw values of a form, percent-encoded: half a surrogate pair cannot be written as a Python string.
HALF = "%ED%A0%80"
LONG = "kata panjang " * 80_000
GARBAGE: dict[str, str] = {
    "zero byte": quote_plus(f"{WORD} \x00 teks"),
    "half a character": f"{WORD}+{HALF}+teks",
    "emoji, right to left": quote_plus(f"{WORD} \U0001f600\u202e كلمة é̂ \U000e0041"),
    "below zero": "-1",
    "huge number": "9" * 400,
    "beyond what int reads": "9" * 5000,
    "no number": "NaN",
    "a number of another script": quote_plus("²٣"),
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "moment of year 1": quote_plus("0001-01-01T00:00"),
    "moment of year 9999": quote_plus("9999-12-31T23:59"),
    "half an id": quote_plus("{0000-not-an-id}"),
    "an id of nothing": str(uuid.UUID(int=7)),
    "markup": quote_plus(f"<script>{WORD}</script>'\"; DROP TABLE people_person;--"),
}
#: Query strings that pages read, each with every garbage.
ASKED = (
    "page",
    "show",
    "as",
    "week",
    "slot",
    "q",
    "role",
    "before",
    "state",
    "level",
    "wish",
    "appointment",
    "u",
    "next",
)


class _Forms(HTMLParser):
    """Collects the forms of a page: where each leads, and its fields with kind and value."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag in {"input", "textarea", "select", "button"} and self.forms and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            fields = self.forms[-1][1]
            if given["name"] not in fields or "checked" in given:
                fields[given["name"]] = (kind, given.get("value", ""))
        elif tag == "option" and self.forms and given.get("value") and self.forms[-1][1]:
            name, (kind, value) = list(self.forms[-1][1].items())[-1]
            if kind == "select" and (not value or "selected" in given):
                self.forms[-1][1][name] = (kind, given["value"])


def _forms(client: Client, page: str) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    with _as_before(client):
        response = client.get(page)
    parser = _Forms()
    if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
        parser.feed(response.content.decode())
    return [(urlsplit(action).path or page, fields) for action, fields in parser.forms]


def _targets(u: Universe) -> dict[str, tuple[str, Client]]:
    """Return each address that takes writes, with somebody who may write there."""
    table, reach = objects(u), read_table()
    found = {}
    for route, name, _view in walk_urls():
        actors = reach.get((name, "POST"), frozenset())
        if name and not name.startswith(LIBRARY) and actors:
            who = min(actors - {"visitor"}, default="visitor")
            client = u.cast.client(None if who == "visitor" else who)
            client.raise_request_exception = False
            found[reverse(name, kwargs=_kwargs(name, route, table, u))] = (name, client)
    return found


def _fields(u: Universe, targets: dict[str, tuple[str, Client]]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the fields that pages offer for each address, as people find them: on all pages that they open."""
    known: dict[str, dict[str, tuple[str, str]]] = {}
    for page, client in _pages(u):
        for action, fields in _forms(client, page):
            if action in targets:
                known.setdefault(action, {}).update(fields)
    return known


def _pages(u: Universe) -> Iterator[tuple[str, Client]]:
    table, reach = objects(u), read_table()
    for route, name, _view in walk_urls():
        for who in sorted(reach.get((name, "GET"), frozenset()) - {"visitor"}):
            if name and not name.startswith(LIBRARY):
                client = u.cast.client(who)
                client.raise_request_exception = False
                yield reverse(name, kwargs=_kwargs(name, route, table, u)), client
    # Forms that stand only where somebody was searched for, or where a thing waits for an answer.
    for who, page in (
        ("citra", reverse("people:safety", args=[u.cast.ayu.public_id]) + "?q=lala"),
        ("citra", reverse("care:request", args=[u.friend_request.public_id]) + "?q=lala"),
        ("citra", reverse("peers:supporter", args=[u.cast.bima.public_id])),
        ("ayu", reverse("care:referral", args=[u.asked.public_id])),
    ):
        client = u.cast.client(who)
        client.raise_request_exception = False
        yield page, client


def _bodies(fields: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong, the body, and the name of the text that it carries, if any."""
    good = {name: _good(kind, value) for name, (kind, value) in fields.items() if kind not in {"file"}}
    texts = [name for name, (kind, _value) in fields.items() if kind == "textarea"]
    names = [name for name in fields if name != "csrfmiddlewaretoken"]
    for what, value in GARBAGE.items():
        yield f"{what} everywhere", "&".join(f"{quote_plus(name)}={value}" for name in names), ""
        for name in names:
            yield (
                f"{what} in {name}",
                _joined({**good, name: value}),
                next((t for t in texts if t != name), ""),
            )
    for name in texts:
        yield f"a megabyte in {name}", _joined({**good, name: quote_plus(LONG + WORD)}), name
    for name in names:
        rest = _joined({key: value for key, value in good.items() if key != name})
        yield f"{name} missing", rest, next((t for t in texts if t != name), "")
        yield f"{name} twice", f"{_joined(good)}&{quote_plus(name)}=1&{quote_plus(name)}=2", ""


def _good(kind: str, value: str) -> str:
    return quote_plus(value or (f"Aku punya cerita {WORD} di sini" if kind in {"textarea", "text"} else ""))


def _joined(values: dict[str, str]) -> str:
    return "&".join(f"{quote_plus(name)}={value}" for name, value in values.items())


def _keeps(content: bytes, body: str, text: str) -> bool:
    sent = re.search(rf"(?:^|&){re.escape(quote_plus(text))}=([^&]*)", body)
    return sent is None or WORD not in sent[1] or WORD in html.unescape(content.decode("utf-8", "replace"))


def _writes() -> int:
    return AuditEntry.objects.exclude(verb__endswith=".read").count()


@pytest.mark.django_db
def test_no_write_breaks_on_garbage_and_no_text_is_lost() -> None:
    universe = build(make_cast())
    targets = _targets(universe)
    offered = _fields(universe, targets)
    broken, lost, tried = [], [], 0
    accepted: set[str] = set()
    for address, (name, client) in targets.items():
        for what, body, text in _bodies(
            offered.get(address, {"client_id": ("hidden", ""), "text": ("text", "")})
        ):
            before = _writes()
            with _as_before(client):
                response = client.generic(
                    "POST",
                    address,
                    body,
                    content_type="application/x-www-form-urlencoded",
                    HTTP_SEC_FETCH_SITE="same-origin",
                )
                stored = _writes() > before
            tried += 1
            if stored:
                accepted.add(name)
            if response.status_code >= 500:
                broken.append(f"{name}: {what}: {_why(response)}")
            # What is not there for the actor takes no text.
            elif (
                text
                and not stored
                and response.status_code != 404
                and not _keeps(response.content, body, text)
            ):
                lost.append(f"{name}: {what}: {text} is gone ({response.status_code})")
    assert not broken, "\n".join(broken)
    assert not lost, "\n".join(lost)
    assert tried > 2000
    assert len(accepted) > 20, f"too few of the forms were good enough to be taken: {sorted(accepted)}"


@pytest.mark.django_db
def test_no_page_breaks_on_garbage_in_its_address() -> None:
    universe = build(make_cast())
    broken, seen = [], set()
    for page, client in _pages(universe):
        if page in seen:
            continue
        seen.add(page)
        for what, value in GARBAGE.items():
            query = "&".join(f"{name}={value}" for name in ASKED)
            with _as_before(client):
                response = client.get(f"{page}{'&' if '?' in page else '?'}{query}")
            if response.status_code >= 500:
                broken.append(f"{page}: {what}: {_why(response)}")
    assert not broken, "\n".join(broken)
    assert len(seen) > 40


def _why(response: Any) -> str:
    kind, error, trace = response.exc_info or (None, None, None)
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/teduh/" in code.co_filename:
            places.append(f"{code.co_filename.rpartition('/teduh/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{getattr(kind, '__name__', response.status_code)}: {error} at {places[-1:]}"
