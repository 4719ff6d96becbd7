"""The conversation by message between a student and the counsellor who leads."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from teduh.care.actions.episodes import close_episode
from teduh.care.actions.leading import change_lead
from teduh.care.closing import closing_reasons
from teduh.care.levels import level_of
from teduh.care.models import Alert, Episode
from teduh.counselling import queries
from teduh.counselling.actions.conversations import open_conversation
from teduh.counselling.tests.helpers import booked, episode_of, keep_hours
from teduh.kernel.errors import NotVisible
from teduh.kernel.models import AuditEntry
from teduh.messaging.actions import post_message
from teduh.messaging.models import Participant, Room
from teduh.messaging.states import RoomKind
from teduh.people.actions.persons import end_role, exclude, grant_role
from teduh.people.models import RoleGrant
from teduh.people.states import Role

STRANGERS = ("bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana", None)


def converse(cast: Any, episode: Episode, by: str = "citra") -> Room:
    return open_conversation(episode=episode, by=cast.actor(by), at=timezone.now())


def say(cast: Any, room: Room, by: str, text: str = "Halo.") -> None:
    post_message(room=room, by=cast.actor(by), text=text, client_id=uuid.uuid4(), at=timezone.now())


def room_url(room: Room) -> str:
    return reverse("messaging:room", args=[room.public_id])


def converse_url(episode: Episode) -> str:
    return reverse("counselling:converse", args=[episode.public_id])


def make_counsellor(cast: Any, name: str) -> None:
    grant_role(
        person=cast.persons[name],
        role=Role.COUNSELLOR,
        organisation=cast.school,
        by=cast.actor("indra"),
        at=timezone.now(),
    )


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_to_strangers_the_conversation_is_like_one_that_does_not_exist(
    cast: Any, name: str | None, method: str
) -> None:
    room = converse(cast, episode_of(cast))
    client = cast.client(name)
    nowhere = reverse("messaging:room", args=[uuid.uuid4()])
    values = {"text": "halo", "client_id": str(uuid.uuid4())}
    found, missing = (getattr(client, method)(url, values) for url in (room_url(room), nowhere))
    assert (found.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize("name", [*STRANGERS, "ayu"])
def test_nobody_but_the_lead_opens_one(cast: Any, name: str | None) -> None:
    episode = episode_of(cast)
    answer = cast.client(name).post(converse_url(episode))
    assert answer.status_code == 404
    assert not Room.objects.exists()


def test_another_counsellor_of_the_school_neither_opens_nor_reads(cast: Any) -> None:
    make_counsellor(cast, "joko")
    episode = episode_of(cast)
    assert cast.client("joko").post(converse_url(episode)).status_code == 404
    room = converse(cast, episode)
    assert cast.client("joko").get(room_url(room)).status_code == 404


def test_a_counsellor_who_is_shut_out_does_not_write_any_more(cast: Any) -> None:
    episode = episode_of(cast)
    room = converse(cast, episode)
    exclude(person=cast.ayu, excluded=cast.citra, reason="keluarga", by=cast.actor("hari"), at=timezone.now())
    assert cast.client("citra").get(room_url(room)).status_code == 404
    with pytest.raises(NotVisible):
        converse(cast, episode)


def test_both_see_the_room_under_the_names_they_know(cast: Any) -> None:
    answer = cast.client("citra").post(converse_url(episode_of(cast)))
    room = Room.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == room_url(room)
    assert (room.kind, room.subject) == (RoomKind.CARE, cast.ayu)
    assert cast.citra.full_name in cast.client("ayu").get(room_url(room)).content.decode()
    seen = cast.client("citra").get(room_url(room)).content.decode()
    assert cast.ayu.called in seen


def test_asking_again_opens_nothing_new_and_is_told_once(cast: Any) -> None:
    episode = episode_of(cast)
    assert converse(cast, episode) == converse(cast, episode)
    assert Room.objects.count() == 1
    assert Participant.objects.filter(left_at__isnull=True).count() == 2
    assert AuditEntry.objects.filter(verb="counselling.conversation.open").count() == 1


def test_the_conversation_closes_with_the_episode(cast: Any) -> None:
    episode = episode_of(cast)
    room = converse(cast, episode)
    say(cast, room, "ayu")
    close_episode(
        episode=episode,
        reason=next(iter(closing_reasons())),
        checks=list(level_of(episode.level).closing_checks),
        note="Selesai.",
        by=cast.actor("citra"),
        at=timezone.now(),
        aftercare_on=timezone.localdate(),
        aftercare_owner=cast.citra,
        client_id=uuid.uuid4(),
    )
    room.refresh_from_db()
    assert room.closed_at is not None
    assert cast.client("ayu").get(room_url(room)).status_code == 200
    with pytest.raises(NotVisible):
        converse(cast, Episode.objects.get(pk=episode.pk))


@pytest.mark.parametrize("stays", [True, False])
def test_the_new_lead_comes_in_and_the_old_one_is_out(cast: Any, stays: bool) -> None:
    make_counsellor(cast, "joko")
    episode = episode_of(cast)
    room = converse(cast, episode)
    change_lead(episode=episode, lead=cast.joko, stays=stays, by=cast.actor("citra"), at=timezone.now())
    assert cast.client("citra").get(room_url(room)).status_code == 404
    assert cast.client("joko").get(room_url(room)).status_code == 200
    assert cast.joko.full_name in cast.client("ayu").get(room_url(room)).content.decode()


def test_danger_in_the_conversation_reaches_the_lead(cast: Any) -> None:
    room = converse(cast, episode_of(cast))
    say(cast, room, "ayu", "aku mau bunuh diri malam ini")
    alert = Alert.objects.get()
    assert (alert.assigned_to, alert.person) == (cast.citra, cast.ayu)
    assert alert.matter == room.public_id


def test_the_episode_offers_to_write_and_then_to_open(cast: Any, query_count: Any) -> None:
    episode = episode_of(cast)
    client = cast.client("citra")
    address = reverse("care:episode", args=[episode.public_id])
    before = client.get(address).content.decode()
    assert converse_url(episode) in before
    room = converse(cast, episode)
    with query_count() as counted:
        after = client.get(address).content.decode()
    assert room_url(room) in after
    assert converse_url(episode) not in after
    assert len(counted.statements) <= 12


def test_the_homes_show_what_is_unread_within_the_limit(cast: Any, query_count: Any) -> None:
    keep_hours(cast)
    booked(cast)
    room = converse(cast, episode_of(cast))
    say(cast, room, "citra")
    say(cast, room, "ayu")
    say(cast, room, "ayu")
    for name in ("ayu", "citra"):
        client = cast.client(name)
        client.get("/today/")
        with query_count() as counted:
            page = client.get("/today/").content.decode()
        assert room_url(room) in page
        assert len(counted.statements) <= 12, name
    at = timezone.now()
    (ayus,) = queries.student_home(cast.actor("ayu"), at=at).talks
    (citras,) = queries.counsellor_home(cast.actor("citra"), at=at).talks
    assert (ayus.who, ayus.unread) == (cast.citra.full_name, 1)
    assert (citras.who, citras.unread) == (cast.ayu.called, 2)


def test_the_homes_ask_as_often_for_many_conversations_as_for_one(cast: Any, query_count: Any) -> None:
    say(cast, converse(cast, episode_of(cast)), "ayu")
    counts = []
    for more in ("bima", None):
        client = cast.client("citra")
        client.get("/today/")
        with query_count() as counted:
            client.get("/today/")
        counts.append(len(counted.statements))
        if more:
            say(cast, converse(cast, episode_of(cast, more)), more)
    assert counts[0] == counts[1]


def test_a_closed_conversation_without_news_leaves_the_counsellors_home(cast: Any) -> None:
    room = converse(cast, episode_of(cast))
    say(cast, room, "ayu")
    client = cast.client("citra")
    assert room_url(room) in client.get("/today/").content.decode()
    client.get(room_url(room))
    assert not re.search(re.escape(room_url(room)), client.get("/today/").content.decode())


def test_a_counsellor_who_loses_the_role_is_out_of_the_conversation(cast: Any) -> None:
    room = converse(cast, episode_of(cast))
    for grant in RoleGrant.objects.filter(person=cast.citra):
        end_role(grant=grant, by=cast.actor("indra"), at=timezone.now())
    assert not Participant.objects.filter(room=room, person=cast.citra, left_at__isnull=True).exists()
