"""The lead goes to a colleague: by name, with everything that waits, and never to somebody who may not."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions import episodes, followups
from teduh.care.actions.leading import change_lead
from teduh.care.models import Episode, FollowUp
from teduh.care.policies import may_lead, may_view_episode
from teduh.care.states import LevelKey, TeamPart
from teduh.care.tests.helpers import episode
from teduh.care.tests.test_alerts import raised
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude


def hand(cast: Any, of: Episode, to: str = "kirana", *, by: str = "citra", stays: bool = False) -> None:
    change_lead(episode=of, lead=cast.persons[to], stays=stays, by=cast.actor(by), at=clock.now())


def test_the_new_lead_leads_and_the_old_one_sees_it_no_more(cast: Any) -> None:
    of = episode(cast)
    hand(cast, of)
    of.refresh_from_db()
    assert of.lead_id == cast.kirana.pk
    assert may_lead(cast.actor("kirana"), of)
    assert not may_view_episode(cast.actor("citra"), of)
    assert AuditEntry.objects.filter(verb="care.episode.change_lead", subject=cast.ayu.public_id).count() == 1


def test_the_old_lead_may_stay_on_the_team_without_leading(cast: Any) -> None:
    of = episode(cast)
    hand(cast, of, stays=True)
    assert may_view_episode(cast.actor("citra"), of)
    assert not may_lead(cast.actor("citra"), of)


def test_a_member_of_the_team_can_become_the_lead(cast: Any) -> None:
    of = episode(cast)
    episodes.join_team(
        episode=of,
        member=cast.kirana,
        part=TeamPart.MEMBER,
        purpose="cover",
        by=system_actor(),
        at=clock.now(),
    )
    hand(cast, of)
    assert may_lead(cast.actor("kirana"), of)


def test_what_waited_for_the_old_lead_waits_for_the_new_one(cast: Any) -> None:
    of = episode(cast)
    alert = raised(cast, episode=of)
    row = followups.plan_follow_up(
        episode=of,
        due_on=clock.today(),
        owner=cast.citra,
        by=cast.actor("citra"),
        at=clock.now(),
        client_id=uuid.uuid4(),
    )
    hand(cast, of)
    alert.refresh_from_db()
    assert alert.assigned_to_id == cast.kirana.pk
    assert alert.events.filter(step="pass_on", told=cast.kirana).count() == 1
    assert FollowUp.objects.get(pk=row.pk).owner_id == cast.kirana.pk


@pytest.mark.parametrize("to", ["ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko"])
def test_nobody_leads_who_does_not_answer_at_this_level_here(cast: Any, to: str) -> None:
    with pytest.raises(Refused, match="cannot_lead"):
        hand(cast, episode(cast), to)


def test_nobody_leads_who_is_excluded(cast: Any) -> None:
    of = episode(cast)
    exclude(person=cast.ayu, excluded=cast.kirana, reason="relative", by=system_actor(), at=clock.now())
    with pytest.raises(Refused, match="cannot_lead"):
        hand(cast, of)


def test_nobody_leads_whose_account_is_shut(cast: Any) -> None:
    of = episode(cast)
    cast.kirana.account.is_active = False
    cast.kirana.account.save()
    with pytest.raises(Refused, match="cannot_lead"):
        hand(cast, of)


@pytest.mark.parametrize(
    "by", ["ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana"]
)
def test_nobody_but_the_lead_hands_it_on(cast: Any, by: str) -> None:
    with pytest.raises(NotVisible):
        hand(cast, episode(cast), by=by)


def test_a_peers_episode_is_matched_anew_instead(cast: Any) -> None:
    of = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    with pytest.raises(NotVisible):
        hand(cast, of)


def test_a_peer_supporter_lets_go_when_the_care_ends(cast: Any) -> None:
    from teduh.care.tests.test_episodes import close

    of = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    close(cast, of)
    assert may_view_episode(cast.actor("bima"), of)
    assert not may_view_episode(cast.actor("bima", at=clock.now() + timedelta(days=2)), of)
    assert may_view_episode(cast.actor("citra", at=clock.now() + timedelta(days=2)), of)
