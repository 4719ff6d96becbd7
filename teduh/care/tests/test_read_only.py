"""Who received a referral reads what led to it, and writes only in the own episode."""

import uuid
from typing import Any

import pytest

from teduh.care.actions import contacts, goals, referrals
from teduh.care.policies import may_view_episode, may_write_in
from teduh.care.tests.helpers import episode, referral
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible


def test_the_receiver_of_a_referral_reads_and_does_not_write(cast: Any) -> None:
    first = episode(cast)
    row = referral(cast, first)
    referrals.answer_consent(
        referral=row, agrees=True, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )
    opened = referrals.accept_referral(referral=row, answer="Ya.", by=cast.actor("dewi"), at=clock.now())
    dewi = cast.actor("dewi")
    assert may_view_episode(dewi, first)
    assert not may_write_in(dewi, first)
    assert may_write_in(dewi, opened)
    with pytest.raises(NotVisible):
        goals.set_goal(episode=first, text="x", by=dewi, at=clock.now(), client_id=uuid.uuid4())
    with pytest.raises(NotVisible):
        contacts.write_contact(
            episode=first,
            activity="individual_counselling",
            happened_at=clock.now(),
            minutes=10,
            note="x",
            by=dewi,
            at=clock.now(),
            client_id=uuid.uuid4(),
        )


@pytest.mark.parametrize("page", ["note/", "goal/", "follow-up/", "questionnaire/"])
def test_the_pages_for_writing_are_not_there_for_the_receiver(cast: Any, page: str) -> None:
    first = episode(cast)
    row = referral(cast, first)
    referrals.answer_consent(
        referral=row, agrees=True, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )
    referrals.accept_referral(referral=row, answer="Ya.", by=cast.actor("dewi"), at=clock.now())
    dewi = cast.client("dewi")
    assert dewi.get(f"/care/episode/{first.public_id}/").status_code == 200
    assert dewi.get(f"/care/episode/{first.public_id}/{page}").status_code == 404
