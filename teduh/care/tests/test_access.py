"""Access is a relationship: `visible_to` and `may_view` agree for everybody, and an exclusion always wins."""

from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions import episodes
from teduh.care.models import Alert, Episode
from teduh.care.policies import may_view_episode, may_write_in
from teduh.care.states import LevelKey, TeamPart
from teduh.care.tests.helpers import episode, plain
from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude

EVERYBODY = ["ayu", "bima", "citra", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_list_and_object_agree(cast: Any, who: str) -> None:
    opened = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    actor = cast.actor(who)
    listed = Episode.objects.visible_to(actor).filter(pk=opened.pk).exists()
    assert listed == bool(may_view_episode(actor, opened))
    assert listed == (who in {"bima", "citra"})


def test_an_exclusion_wins_over_membership(cast: Any) -> None:
    opened = episode(cast)
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=clock.now())
    actor = cast.actor("citra")
    assert not Episode.objects.visible_to(actor).exists()
    assert not may_view_episode(actor, opened)


def test_somebody_excluded_cannot_join_a_team(cast: Any) -> None:
    with pytest.raises(Refused, match="excluded"):
        episodes.join_team(
            episode=episode(cast),
            member=cast.hari,
            part=TeamPart.MEMBER,
            purpose="x",
            by=system_actor(),
            at=clock.now(),
        )


def test_membership_ends_on_time(cast: Any) -> None:
    opened = episode(cast)
    episodes.join_team(
        episode=opened,
        member=cast.kirana,
        part=TeamPart.MEMBER,
        purpose="cover",
        by=cast.actor("citra"),
        at=clock.now(),
        ends_at=clock.now() + timedelta(days=2),
    )
    assert may_write_in(cast.actor("kirana"), opened)
    assert not may_write_in(cast.actor("kirana", at=clock.now() + timedelta(days=3)), opened)


def test_pak_hari_cannot_learn_that_an_episode_exists(cast: Any) -> None:
    opened = episode(cast)
    client = cast.client("hari")
    there = client.get(f"/care/episode/{opened.public_id}/")
    nowhere = client.get("/care/episode/00000000-0000-4000-8000-000000000000/")
    assert there.status_code == nowhere.status_code == 404
    assert plain(there.content) == plain(nowhere.content)


def test_the_peer_supporter_does_not_see_the_alert_about_the_person_they_listen_to(cast: Any) -> None:
    from teduh.care.actions.alerts import raise_alert
    from teduh.care.states import AlertSource, Severity

    opened = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    raise_alert(
        organisation=cast.school,
        person=cast.ayu,
        source=AlertSource.MESSAGE,
        severity=Severity.URGENT,
        category="x",
        evidence="y",
        assigned_to=cast.citra,
        by=system_actor(),
        at=clock.now(),
        episode=opened,
    )
    assert not Alert.objects.visible_to(cast.actor("bima")).exists()
    assert Alert.objects.visible_to(cast.actor("citra")).exists()


def test_the_own_record_names_who_leads_as_leading_even_where_they_supervise_as_well(cast: Any) -> None:
    from teduh.care.queries.mine import my_record

    episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    episode(cast)
    lines = {line.person_id: line.part for line in my_record(cast.actor("ayu")).team}
    assert lines[cast.citra.pk] == TeamPart.LEAD


def test_the_own_record_shows_who_is_on_the_team_for_a_time_and_nobody_who_is_shut_out(cast: Any) -> None:
    from teduh.care.queries.mine import my_record

    opened = episode(cast)
    episodes.join_team(
        episode=opened,
        member=cast.kirana,
        part=TeamPart.MEMBER,
        purpose="cover",
        by=cast.actor("citra"),
        at=clock.now(),
        ends_at=clock.now() + timedelta(days=2),
    )
    seen = {line.person_id for line in my_record(cast.actor("ayu")).team}
    assert seen == {cast.citra.pk, cast.kirana.pk}
    exclude(person=cast.ayu, excluded=cast.kirana, reason="relative", by=system_actor(), at=clock.now())
    assert {line.person_id for line in my_record(cast.actor("ayu")).team} == {cast.citra.pk}
