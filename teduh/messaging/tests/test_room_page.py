import re
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from teduh.kernel import clock
from teduh.kernel.models import AuditEntry
from teduh.messaging import hooks
from teduh.messaging.actions import Draft, close_room, leave_room, post_message, post_messages
from teduh.messaging.models import Message, Participant, Room
from teduh.messaging.queries import conversations, find_seat, fold, messages_after, room_page
from teduh.messaging.states import RoomKind
from teduh.people.actions.persons import exclude


def bare(content: bytes) -> str:
    """A page without what changes with every rendering: the masked token against forged forms."""
    return re.sub(r"[A-Za-z0-9]{64}", "", content.decode())


def url(room: Room) -> str:
    return reverse("messaging:room", args=[room.public_id])


def fill(cast: Any, room: Room, count: int, text: str = "pesan {}") -> None:
    who = [cast.actor("ayu"), cast.actor("bima")]
    post_messages(
        [
            Draft(room=room.public_id, by=who[n % 2], text=text.format(n), client_id=uuid.uuid4())
            for n in range(count)
        ],
        at=clock.now(),
    )


def test_the_page_shows_the_conversation_under_the_shown_names_only(cast: Any, room: Room) -> None:
    fill(cast, room, 3)
    body = cast.client("bima").get(url(room)).content.decode()
    assert "Kelinci" in body
    assert "pesan 2" in body
    for secret in ("Ayu", "Lestari", cast.ayu.public_id.hex, str(cast.ayu.public_id), cast.ayu.nisn):
        assert secret not in body


def test_streams_carry_no_real_name_and_no_id(cast: Any, room: Room) -> None:
    fill(cast, room, 2)
    lines = messages_after(find_seat(room.public_id, by=cast.actor("bima")), 0)
    assert [sorted(line.as_json()) for line in lines] == [["at", "mine", "part", "seq", "text", "who"]] * 2
    assert [(line.who, line.mine) for line in lines] == [("Kelinci", False), ("Kak B", True)]


def test_the_page_needs_at_most_twelve_queries_whatever_the_number_of_messages(
    cast: Any, room: Room, query_count: Any
) -> None:
    client = cast.client("bima")
    fill(cast, room, 4)
    client.get(url(room))
    fill(cast, room, 150)
    with query_count() as queries:
        assert client.get(url(room)).status_code == 200
    assert len(queries) <= 12, queries.statements


def test_one_view_is_one_entry_about_the_person_served(cast: Any, room: Room) -> None:
    fill(cast, room, 30)
    cast.client("bima").get(url(room))
    [entry] = AuditEntry.objects.filter(verb="messaging.room.read")
    assert (entry.actor, entry.subject) == (cast.bima.public_id, cast.ayu.public_id)


def test_a_view_that_cannot_be_told_shows_nothing(
    cast: Any, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the chain is not there")

    monkeypatch.setattr("teduh.messaging.queries.audit.record", fails)
    with pytest.raises(RuntimeError):
        room_page(room.public_id, by=cast.actor("bima"), at=clock.now())


@pytest.mark.parametrize("name", ["fajar", "hari", "indra", "gita", "citra", "eko", "joko", "dewi", None])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_strangers_the_room_is_what_does_not_exist(
    cast: Any, room: Room, name: str | None, method: str
) -> None:
    client = cast.client(name)
    there = getattr(client, method)(url(room))
    nowhere = getattr(client, method)(reverse("messaging:room", args=[uuid.uuid4()]))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert bare(there.content) == bare(nowhere.content)
    assert Message.objects.count() == 0


def test_who_has_left_is_a_stranger(cast: Any, room: Room) -> None:
    leave_room(room=room, person=cast.bima, by=cast.actor("citra"), at=clock.now())
    client = cast.client("bima")
    there, nowhere = client.get(url(room)), client.get(reverse("messaging:room", args=[uuid.uuid4()]))
    assert (there.status_code, bare(there.content)) == (404, bare(nowhere.content))


def test_an_excluded_person_is_a_stranger_even_when_taking_part(cast: Any, room: Room) -> None:
    exclude(person=cast.ayu, excluded=cast.bima, reason="x", by=cast.actor("citra"), at=clock.now())
    assert cast.client("bima").get(url(room)).status_code == 404


def test_a_message_is_sent_without_javascript_and_twice_is_once(cast: Any, room: Room) -> None:
    client, client_id = cast.client("ayu"), str(uuid.uuid4())
    for _n in range(2):
        answer = client.post(url(room), {"client_id": client_id, "text": "halo kak"})
        assert answer.status_code == 302
    assert [m.text.open() for m in Message.objects.all()] == ["halo kak"]
    assert "halo kak" in client.get(url(room)).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_text_that_cannot_be_sent_is_explained_and_kept(cast: Any, room: Room, text: str) -> None:
    answer = cast.client("ayu").post(url(room), {"client_id": str(uuid.uuid4()), "text": text})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert 'role="alert"' in body
    assert text in body


def test_a_malformed_client_id_is_no_500(cast: Any, room: Room) -> None:
    answer = cast.client("ayu").post(url(room), {"client_id": "x", "text": "halo"})
    assert answer.status_code == 422
    assert Message.objects.count() == 0


@pytest.mark.parametrize("before", ["x", "-1", "0", "²", "9" * 40])
def test_nonsense_in_the_address_is_no_500(cast: Any, room: Room, before: str) -> None:
    assert cast.client("ayu").get(url(room), {"before": before}).status_code == 200


def test_a_closed_room_shows_no_composer_and_explains_a_late_send(cast: Any, room: Room) -> None:
    close_room(room=room, by=cast.actor("citra"), at=clock.now())
    client = cast.client("ayu")
    assert "<textarea" not in client.get(url(room)).content.decode()
    answer = client.post(url(room), {"client_id": str(uuid.uuid4()), "text": "halo"})
    assert answer.status_code == 422


def test_older_messages_are_pages_away(cast: Any, room: Room) -> None:
    fill(cast, room, 130)
    page = room_page(room.public_id, by=cast.actor("ayu"), at=clock.now())
    assert (page.lines[0].seq, page.lines[-1].seq, page.has_older) == (31, 130, True)
    older = room_page(room.public_id, by=cast.actor("ayu"), at=clock.now(), before=31)
    assert (older.lines[0].seq, older.lines[-1].seq, older.has_older) == (1, 30, False)
    assert cast.client("ayu").get(url(room), {"before": 31}).status_code == 200


def test_opening_the_page_marks_as_read(cast: Any, room: Room) -> None:
    fill(cast, room, 3)
    assert [c.unread for c in conversations(by=cast.actor("bima"))] == [3]
    cast.client("bima").get(url(room))
    assert Participant.objects.get(person=cast.bima).read_seq == 3
    assert [(c.unread, c.with_whom) for c in conversations(by=cast.actor("bima"))] == [(0, ["Kelinci"])]


def test_markup_in_a_message_stays_text(cast: Any, room: Room) -> None:
    post_message(
        room=room,
        by=cast.actor("ayu"),
        text="<script>alert(1)</script>",
        client_id=uuid.uuid4(),
        at=clock.now(),
    )
    body = cast.client("bima").get(url(room)).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_a_flood_is_stored_whole_and_folded_for_the_reader(cast: Any, room: Room) -> None:
    by = cast.actor("ayu")
    same = [Draft(room=room.public_id, by=by, text="tolong", client_id=uuid.uuid4()) for _n in range(40)]
    many = [Draft(room=room.public_id, by=by, text=f"kata {n}", client_id=uuid.uuid4()) for n in range(40)]
    post_messages([*same, *many], at=clock.now())
    assert Message.objects.count() == 80
    groups = fold(messages_after(find_seat(room.public_id, by=cast.actor("bima")), 0))
    assert [group.folded for group in groups] == [False, True, False]
    assert (groups[0].lines[0].text, groups[0].lines[0].times) == ("tolong", 40)
    assert sum(line.times for group in groups for line in group.lines) == 80
    assert cast.client("bima").get(url(room)).status_code == 200


def test_higher_rooms_add_buttons(cast: Any, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def provide(there: Room, participant: Participant) -> list[hooks.RoomAction]:
        if participant.part != "helper":
            return []
        return [hooks.RoomAction(label="Panggil pembina", url=f"/x/{there.public_id}/", fields={"key": "k"})]

    monkeypatch.setattr(hooks, "_providers", [provide])
    assert "Panggil pembina" in cast.client("bima").get(url(room)).content.decode()
    assert "Panggil pembina" not in cast.client("ayu").get(url(room)).content.decode()


def test_a_day_is_named_once_however_many_groups_of_lines_it_has(cast: Any, room: Room) -> None:
    fill(cast, room, 6)
    body = cast.client("bima").get(url(room)).content.decode()
    assert body.count('class="chat__day"') == 1


def test_a_new_day_begins_at_the_schools_midnight(cast: Any, room: Room) -> None:
    zone = timezone.get_current_timezone()
    for moment in (datetime(2026, 3, 2, 23, 50, tzinfo=zone), datetime(2026, 3, 3, 0, 10, tzinfo=zone)):
        for who in ("ayu", "bima"):
            post_message(
                room=room, by=cast.actor(who), text=f"{who} {moment}", client_id=uuid.uuid4(), at=moment
            )
    groups = fold(messages_after(find_seat(room.public_id, by=cast.actor("bima")), 0))
    assert [group.starts_day for group in groups] == [True, False, True, False]
    body = cast.client("bima").get(url(room)).content.decode()
    assert re.findall(r'chat__day" data-day="([0-9-]+)"', body) == ["2026-03-02", "2026-03-03"]
    assert f'data-timezone="{timezone.get_current_timezone_name()}"' in body


@pytest.mark.parametrize("kind", list(RoomKind))
def test_the_note_tells_who_else_may_come_in(cast: Any, room: Room, kind: RoomKind) -> None:
    Room.objects.update(kind=kind)
    with translation.override("en"):
        note = str(room_page(room.public_id, by=cast.actor("ayu"), at=clock.now()).note)
    assert ("supervisor may join" in note) == (kind == RoomKind.PEER)
