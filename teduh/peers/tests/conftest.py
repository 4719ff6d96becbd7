"""Fixtures of peer support: Bima is enrolled under Citra, Lina and Made are two more supporters."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import Cast, make_cast
from teduh.care.actions.requests import send_request
from teduh.care.models import HelpRequest
from teduh.care.states import Door, Topic, Wish
from teduh.peers.actions.offers import offer_next
from teduh.peers.actions.supporters import enrol
from teduh.peers.models import Offer, Supporter
from teduh.peers.states import OfferState
from teduh.people.access import system_actor
from teduh.people.actions.persons import open_account, register_person
from teduh.people.states import Role


@dataclass
class Peers:
    """The cast with supporters, and what tests do again and again."""

    cast: Cast
    bima: Supporter
    now: datetime

    def supporter(self, key: str, name: str, **fields: Any) -> Supporter:
        """Add a supporter with an account to the school."""
        by = system_actor()
        person = register_person(
            organisation=self.cast.school,
            full_name=name,
            by=by,
            at=self.now,
            roles=(Role.STUDENT, Role.PEER_SUPPORTER),
        )
        open_account(person=person, username=key, by=by, at=self.now)
        self.cast.persons[key] = person
        given = {"topics": ["friends"], "languages": ["id"], **fields}
        return enrol(person=person, supervisor=self.cast.citra, by=by, at=self.now, **given)

    def ask(self, who: str = "ayu", topic: Topic = Topic.FRIENDS) -> HelpRequest:
        """Send a request that wishes for a peer."""
        return send_request(
            by=self.cast.actor(who),
            at=self.now,
            client_id=uuid.uuid4(),
            door=Door.SELF,
            topic=topic,
            wish=Wish.PEER,
            text="Aku bingung soal teman sebangku.",
            answers={},
        )

    def offer(self, request: HelpRequest) -> Offer:
        """Return the open offer of a request."""
        return Offer.objects.get(help_request=request, state=OfferState.OFFERED)

    def offer_again(self, request: HelpRequest) -> Offer | None:
        """Let the clock look at a request."""
        return offer_next(help_request=request, by=system_actor(), at=self.now + timedelta(minutes=1))


def make_peers() -> Peers:
    """Register the cast and enrol Bima under Citra."""
    cast = make_cast()
    now = timezone.now()
    bima = enrol(
        person=cast.bima,
        supervisor=cast.citra,
        topics=["friends", "study"],
        languages=["id"],
        by=system_actor(),
        at=now,
    )
    return Peers(cast, bima, now)


@pytest.fixture
def peers(db: Any) -> Peers:
    """Bima enrolled under Citra; the rest of the cast around them."""
    return make_peers()


@pytest.fixture
def asked(peers: Peers) -> Callable[[], Offer]:
    """Give the open offer that Ayu's request led to."""
    return lambda: peers.offer(peers.ask())
