"""Episodes: notes once, closing with what the level asks for, and somebody who looks again."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions import contacts, episodes, goals
from teduh.care.levels import level_of
from teduh.care.models import Contact, Episode, FollowUp
from teduh.care.states import EpisodeState
from teduh.care.tests.helpers import episode, referral
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry


def note(cast: Any, of: Episode, who: str = "citra", **changes: Any) -> Contact:
    fields: dict[str, Any] = {
        "activity": "individual_counselling",
        "happened_at": clock.now(),
        "minutes": 40,
        "note": "Catatan.",
        "client_id": uuid.uuid4(),
    }
    return contacts.write_contact(episode=of, by=cast.actor(who), at=clock.now(), **(fields | changes))


def close(cast: Any, of: Episode, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "reason": "goals_met",
        "checks": list(level_of(of.level).closing_checks),
        "note": "",
        "aftercare_on": clock.today() + timedelta(days=14),
        "aftercare_owner": cast.citra,
        "client_id": uuid.uuid4(),
    }
    episodes.close_episode(episode=of, by=cast.actor("citra"), at=clock.now(), **(fields | changes))


def test_the_same_note_sent_twice_is_one(cast: Any) -> None:
    of = episode(cast)
    same: dict[str, Any] = {"client_id": uuid.uuid4(), "happened_at": clock.now()}
    assert note(cast, of, **same).pk == note(cast, of, **same).pk


def test_a_note_leaves_an_audit_row_about_the_person(cast: Any) -> None:
    note(cast, episode(cast))
    row = AuditEntry.objects.get(verb="care.contact.write")
    assert row.subject == cast.ayu.public_id
    assert "Catatan" not in str(row.detail)


@pytest.mark.parametrize(
    "who", ["ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana"]
)
def test_nobody_outside_the_team_writes(cast: Any, who: str) -> None:
    with pytest.raises(NotVisible):
        note(cast, episode(cast), who)


def test_closing_needs_every_check_a_reason_and_aftercare(cast: Any) -> None:
    of = episode(cast)
    with pytest.raises(Refused, match="checks_missing"):
        close(cast, of, checks=[])
    with pytest.raises(Refused, match="reason_unknown"):
        close(cast, of, reason="because")
    with pytest.raises(Refused, match="aftercare_missing"):
        close(cast, of, aftercare_on=None)
    close(cast, of)
    assert of.state == EpisodeState.CLOSED
    assert FollowUp.objects.get().is_aftercare


def test_an_episode_with_an_unanswered_referral_does_not_close(cast: Any) -> None:
    of = episode(cast)
    referral(cast, of)
    with pytest.raises(Refused, match="referral_open"):
        close(cast, of)


def test_a_closed_episode_takes_no_more_notes(cast: Any) -> None:
    of = episode(cast)
    close(cast, of)
    with pytest.raises(NotVisible):
        note(cast, of)


def test_the_person_rates_their_own_goal(cast: Any) -> None:
    of = episode(cast)
    goal = goals.set_goal(
        episode=of, text="Berani bicara.", by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )
    rating = goals.rate_goal(goal=goal, value=4, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4())
    assert rating.value == 4
    with pytest.raises(Refused, match="rating_range"):
        goals.rate_goal(goal=goal, value=11, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4())
    with pytest.raises(NotVisible):
        goals.rate_goal(goal=goal, value=4, by=cast.actor("gita"), at=clock.now(), client_id=uuid.uuid4())
