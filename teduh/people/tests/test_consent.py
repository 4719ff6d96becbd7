"""Consent is only ever added to; the newest row about a matter counts."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.actions.consent import current_consent, record_consent, withdraw
from teduh.people.models import Consent
from teduh.people.states import CapacityBasis, ConsentAnswer, ConsentPurpose

MATTER = uuid.uuid4()


def give(cast: Any, giver: str = "ayu", **fields: Any) -> Consent:
    told: dict[str, Any] = {
        "person": cast.ayu,
        "giver": cast.persons[giver],
        "basis": CapacityBasis.SELF_MATURE_MINOR,
        "purpose": ConsentPurpose.REFERRAL,
        "answer": ConsentAnswer.GIVEN,
        "matter": MATTER,
        "by": cast.actor("ayu"),
        "at": clock.now(),
        "client_id": uuid.uuid4(),
    }
    return record_consent(**(told | fields))


def holds(cast: Any, **how: Any) -> bool:
    return (
        current_consent(cast.ayu, ConsentPurpose.REFERRAL, MATTER, at=how.get("at", clock.now())) is not None
    )


def test_what_was_given_holds_until_it_is_withdrawn_and_nothing_is_erased(cast: Any) -> None:
    assert not holds(cast)
    row = give(cast)
    assert holds(cast)
    withdraw(consent=row, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4())
    assert not holds(cast)
    assert Consent.objects.count() == 2
    give(cast)
    assert holds(cast)


def test_the_same_answer_sent_twice_is_one(cast: Any) -> None:
    key = uuid.uuid4()
    assert give(cast, client_id=key) == give(cast, client_id=key)


def test_a_refusal_and_an_expired_consent_do_not_hold(cast: Any) -> None:
    give(cast, answer=ConsentAnswer.REFUSED)
    assert not holds(cast)
    give(cast, expires_at=clock.now() + timedelta(days=1))
    assert holds(cast)
    assert not holds(cast, at=clock.now() + timedelta(days=2))


@pytest.mark.parametrize("giver", ["bima", "citra"])
def test_nobody_consents_in_anothers_name(cast: Any, giver: str) -> None:
    with pytest.raises(Refused):
        give(cast, giver=giver)
    with pytest.raises(Refused):
        give(cast, giver=giver, basis=CapacityBasis.GUARDIAN)


def test_an_unsafe_guardian_cannot_consent_and_a_safe_one_can(cast: Any) -> None:
    with pytest.raises(Refused):
        give(cast, giver="hari", basis=CapacityBasis.GUARDIAN)
    give(cast, giver="gita", basis=CapacityBasis.GUARDIAN)


def test_consents_are_seen_by_those_they_concern(cast: Any) -> None:
    give(cast, note="catatan")
    for who, seen in (("ayu", 1), ("citra", 1), ("bima", 0), ("hari", 0), ("fajar", 0), ("indra", 0)):
        assert Consent.objects.visible_to(cast.actor(who)).count() == seen, who
