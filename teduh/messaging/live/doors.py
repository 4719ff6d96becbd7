"""Who is at the door of a stream: a session cookie leads to an account, and that to a person.

The same rules as for pages: the session is good, not idle, has its own password, and staff have a second
factor.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from teduh.kernel import clock
from teduh.people.access import Actor, actor_of
from teduh.people.backend import AccountBackend
from teduh.people.middleware import SEEN, WRITE_EVERY
from teduh.people.models import Account

#: How long, in seconds, a cookie's answer is kept between two posts.
CACHE_SECONDS = 5.0
_CACHE_SIZE = 20_000


@dataclass(frozen=True)
class Visitor:
    """A signed-in person behind a session."""

    session_key: str
    actor: Actor
    language: str

    @property
    def person_id(self) -> int:
        """The person's inner id."""
        if self.actor.person_id is None:
            raise ValueError("a visitor is always a person")
        return self.actor.person_id

    @property
    def person(self) -> uuid.UUID:
        """The person's public id."""
        if self.actor.person_public_id is None:
            raise ValueError("a visitor is always a person")
        return self.actor.person_public_id


def accounts_of(keys: Iterable[str]) -> dict[str, Account]:
    """Return the active account behind each session that is still good (two queries for any number)."""
    now = clock.now()
    decoder = SessionStore()
    data: dict[str, dict[str, Any]] = {
        row.session_key: decoder.decode(row.session_data)
        for row in Session.objects.filter(session_key__in=list(keys), expire_date__gt=now)
    }
    wanted = {key: int(found[SESSION_KEY]) for key, found in data.items() if SESSION_KEY in found}
    accounts = Account.objects.filter(is_active=True, must_set_password=False).in_bulk(set(wanted.values()))
    return {
        key: accounts[pk]
        for key, pk in wanted.items()
        if pk in accounts and not is_idle(data[key], now.timestamp()) and _is_good(data[key], accounts[pk])
    }


def is_idle(data: dict[str, Any], now: float) -> bool:
    """Tell whether a session has rested longer than its person may; an open stream is not a person at the
    screen.
    """
    seen = data.get(SEEN)
    minutes = settings.IDLE_MINUTES_STAFF if data.get("staff") else settings.IDLE_MINUTES_STUDENT
    return isinstance(seen, int | float) and now - seen > minutes * 60


def _is_good(data: dict[str, Any], account: Account) -> bool:
    given = str(data.get(HASH_SESSION_KEY, ""))
    hashes = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    return any(constant_time_compare(given, h) for h in hashes)


def touch(key: str) -> None:
    """Note that the person behind a session is at the screen: who writes in a conversation is not idle.

    A session that ended meanwhile, or that a page changed at this moment, stays as it is.
    """
    row = Session.objects.filter(session_key=key).first()
    if row is None:
        return
    store = SessionStore()
    data = store.decode(row.session_data)
    data[SEEN] = int(clock.now().timestamp())
    Session.objects.filter(session_key=key, session_data=row.session_data).update(
        session_data=store.encode(data)
    )


def _lacks_second_factor(account: Account, actor: Actor) -> bool:
    excused = account.is_demo and settings.MODE == "demo"
    return actor.is_staff and not excused and not getattr(account, "second_factor", False)


class Doors:
    """Answers who a cookie is, from a short memory; only good answers are remembered."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Visitor]] = {}
        self._touched: dict[str, float] = {}

    def remembered(self, key: str) -> Visitor | None:
        """Return the visitor if the answer is fresh; asks no database."""
        held = self._known.get(key)
        return held[1] if held is not None and held[0] > time.monotonic() else None

    def ask(self, key: str) -> Visitor | None:
        """Return the visitor behind a session key; asks the database, so call it in a reader thread."""
        known = accounts_of([key]).get(key)
        account = AccountBackend().get_user(known.pk) if known is not None else None
        actor = actor_of(account.person) if account is not None else None
        if account is None or actor is None or _lacks_second_factor(account, actor):
            self._known.pop(key, None)
            return None
        visitor = Visitor(key, actor, account.language or settings.LANGUAGE_CODE)
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[key] = (time.monotonic() + CACHE_SECONDS, visitor)
        return visitor

    def must_touch(self, key: str) -> bool:
        """Tell, at most once a minute, that a writer's session must be noted as active."""
        now = time.monotonic()
        if now - self._touched.get(key, -WRITE_EVERY) < WRITE_EVERY:
            return False
        if len(self._touched) >= _CACHE_SIZE:
            self._touched.clear()
        self._touched[key] = now
        return True

    def forget(self, key: str) -> None:
        """Forget a session that turned out to be over."""
        self._known.pop(key, None)
