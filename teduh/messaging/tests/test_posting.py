import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from teduh.kernel import clock
from teduh.kernel.audit.verify import verify
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry, Wake
from teduh.kernel.sealing import keyring
from teduh.messaging.actions import (
    TEXT_LIMIT,
    Draft,
    Posted,
    close_room,
    join_room,
    leave_room,
    mark_read,
    open_room,
    post_message,
    post_messages,
)
from teduh.messaging.hooks import danger_found
from teduh.messaging.jobs import announce_unheard
from teduh.messaging.models import Message, Participant, Room
from teduh.messaging.states import Part, RoomKind
from teduh.people.actions.persons import exclude
from teduh.people.models import Exclusion
from teduh.risk import Finding

DANGER = "aku mau bunuh diri malam ini"


def draft(room: Room, by: Any, text: str = "halo", client_id: uuid.UUID | None = None) -> Draft:
    return Draft(room=room.public_id, by=by, text=text, client_id=client_id or uuid.uuid4())


def say(room: Room, by: Any, text: str = "halo", client_id: uuid.UUID | None = None) -> Posted:
    return post_message(room=room, by=by, text=text, client_id=client_id or uuid.uuid4(), at=clock.now())


@pytest.fixture
def heard() -> Iterator[list[tuple[Message, Room, Finding]]]:
    """What a higher room would hear."""
    calls: list[tuple[Message, Room, Finding]] = []

    def listen(message: Message, room: Room, finding: Finding, at: Any) -> None:
        calls.append((message, room, finding))

    before = list(danger_found._listeners)
    danger_found._listeners[:] = [listen]
    yield calls
    danger_found._listeners[:] = before


def test_messages_are_numbered_without_a_gap(cast: Any, room: Room) -> None:
    seqs = [say(room, cast.actor(name)).seq for name in ("ayu", "bima", "ayu")]
    assert seqs == [1, 2, 3]
    assert list(Message.objects.filter(room=room).values_list("seq", flat=True).order_by("seq")) == [1, 2, 3]


def test_a_resend_returns_the_stored_message(cast: Any, room: Room) -> None:
    client_id = uuid.uuid4()
    first = say(room, cast.actor("ayu"), "satu", client_id)
    again = say(room, cast.actor("ayu"), "satu", client_id)
    assert (again.seq, again.is_new, first.is_new) == (first.seq, False, True)
    assert Message.objects.filter(room=room).count() == 1


def test_a_resend_inside_one_batch_is_stored_once(cast: Any, room: Room) -> None:
    client_id, by = uuid.uuid4(), cast.actor("ayu")
    one, two = post_messages(
        [draft(room, by, "x", client_id), draft(room, by, "x", client_id)], at=clock.now()
    )
    assert isinstance(one, Posted)
    assert isinstance(two, Posted)
    assert (one.seq, two.seq) == (1, 1)
    assert (one.is_new, two.is_new) == (True, False)


def test_two_senders_may_happen_on_the_same_client_id(cast: Any, room: Room) -> None:
    client_id = uuid.uuid4()
    assert say(room, cast.actor("ayu"), client_id=client_id).seq == 1
    assert say(room, cast.actor("bima"), client_id=client_id).seq == 2


def test_who_left_and_came_back_may_resend(cast: Any, room: Room) -> None:
    client_id = uuid.uuid4()
    first = say(room, cast.actor("bima"), client_id=client_id)
    leave_room(room=room, person=cast.bima, by=cast.actor("citra"), at=clock.now())
    join_room(
        room=room,
        person=cast.bima,
        part=Part.HELPER,
        shown_as="Kak B",
        by=cast.actor("citra"),
        at=clock.now(),
    )
    assert say(room, cast.actor("bima"), client_id=client_id).seq == first.seq


def test_one_refused_draft_does_not_touch_the_others(cast: Any, room: Room) -> None:
    outcomes = post_messages(
        [
            draft(room, cast.actor("ayu"), "satu"),
            draft(room, cast.actor("fajar"), "dua"),
            draft(room, cast.actor("ayu"), "x" * (TEXT_LIMIT + 1)),
            draft(room, cast.actor("ayu"), "  \r\n "),
            Draft(room=uuid.uuid4(), by=cast.actor("ayu"), text="ke mana", client_id=uuid.uuid4()),
            draft(room, cast.actor("bima"), "tiga"),
        ],
        at=clock.now(),
    )
    assert [type(o).__name__ for o in outcomes] == [
        "Posted", "NotVisible", "Refused", "Refused", "NotVisible", "Posted"
    ]  # fmt: skip
    assert Message.objects.filter(room=room).count() == 2


def test_a_batch_over_rooms_numbers_each_and_asks_a_fixed_number_of_queries(
    cast: Any, room: Room, query_count: Any
) -> None:
    other = open_room(
        organisation=cast.school,
        kind=RoomKind.CARE,
        subject=cast.ayu,
        matter=uuid.uuid4(),
        participants=[(cast.ayu, Part.SEEKER, "Ayu"), (cast.citra, Part.HELPER, "Bu Citra")],
        by=cast.actor("citra"),
        at=clock.now(),
    )
    ayu, bima, citra = cast.actor("ayu"), cast.actor("bima"), cast.actor("citra")
    drafts = [
        draft(r, by)
        for _n in range(15)
        for r, by in ((room, ayu), (room, bima), (other, citra), (other, ayu))
    ]
    with query_count() as queries:
        outcomes = post_messages(drafts, at=clock.now())
    assert len(queries) <= 14
    seqs = [o.seq for o in outcomes if isinstance(o, Posted) and o.room == other.public_id]
    assert seqs == list(range(1, 31))


def test_exactly_the_limit_is_sent(cast: Any, room: Room) -> None:
    assert say(room, cast.actor("ayu"), "x" * TEXT_LIMIT).seq == 1


def test_half_characters_do_not_break_a_batch(cast: Any, room: Room) -> None:
    say(room, cast.actor("ayu"), "rusak \ud83d sekali \x00")
    assert Message.objects.get().text.open().startswith("rusak ?")


@pytest.mark.parametrize("name", ["fajar", "hari", "indra", "gita", "citra", "eko"])
def test_who_takes_no_part_cannot_write(cast: Any, room: Room, name: str) -> None:
    with pytest.raises(NotVisible):
        say(room, cast.actor(name))


def test_who_has_left_cannot_write(cast: Any, room: Room) -> None:
    leave_room(room=room, person=cast.bima, by=cast.actor("citra"), at=clock.now())
    with pytest.raises(NotVisible):
        say(room, cast.actor("bima"))


def test_an_exclusion_wins_over_taking_part(cast: Any, room: Room) -> None:
    exclude(person=cast.ayu, excluded=cast.bima, reason="x", by=cast.actor("citra"), at=clock.now())
    with pytest.raises(NotVisible):
        say(room, cast.actor("bima"))
    assert not Room.objects.visible_to(cast.actor("bima")).exists()


def test_who_is_excluded_cannot_be_let_in(cast: Any, room: Room) -> None:
    with pytest.raises(Refused):
        join_room(
            room=room,
            person=cast.hari,
            part=Part.HELPER,
            shown_as="x",
            by=cast.actor("citra"),
            at=clock.now(),
        )


def test_a_closed_room_refuses_kindly_and_stays_readable(cast: Any, room: Room) -> None:
    close_room(room=room, by=cast.actor("citra"), at=clock.now())
    with pytest.raises(Refused) as refusal:
        say(room, cast.actor("ayu"))
    assert refusal.value.code == "room_closed"
    assert str(refusal.value.message)
    assert Room.objects.visible_to(cast.actor("ayu")).exists()


def test_an_unfinished_send_may_be_repeated_after_the_room_closed(cast: Any, room: Room) -> None:
    client_id = uuid.uuid4()
    say(room, cast.actor("ayu"), client_id=client_id)
    close_room(room=room, by=cast.actor("citra"), at=clock.now())
    assert say(room, cast.actor("ayu"), client_id=client_id).seq == 1


def test_the_text_is_sealed_under_the_rooms_own_key(cast: Any, room: Room) -> None:
    canary = "kenari-7f3a91-pesan"
    say(room, cast.actor("ayu"), canary)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM messaging_message")
        stored = bytes(cursor.fetchone()[0])
    assert canary.encode() not in stored
    message = Message.objects.get()
    assert message.text.open() == canary
    assert message.sealing_key_id == room.sealing_key_id != cast.ayu.data_key_id
    assert canary not in str(list(AuditEntry.objects.values()))
    assert canary not in repr(say(room, cast.actor("ayu"), canary))


def test_an_erased_conversation_refuses_without_harm_to_others(cast: Any, room: Room) -> None:
    other = open_room(
        organisation=cast.school,
        kind=RoomKind.CARE,
        subject=cast.ayu,
        matter=uuid.uuid4(),
        participants=[(cast.citra, Part.HELPER, "Bu Citra")],
        by=cast.actor("citra"),
        at=clock.now(),
    )
    keyring.destroy(room.sealing_key, at=clock.now())
    erased, fine = post_messages(
        [draft(room, cast.actor("ayu")), draft(other, cast.actor("citra"))], at=clock.now()
    )
    assert isinstance(erased, Refused)
    assert isinstance(fine, Posted)


def test_each_message_is_in_the_chain_about_the_person_served(cast: Any, room: Room) -> None:
    post_messages([draft(room, cast.actor("ayu")), draft(room, cast.actor("bima"))], at=clock.now())
    entries = AuditEntry.objects.filter(verb="messaging.message.post")
    assert [e.subject for e in entries] == [cast.ayu.public_id] * 2
    assert {e.actor for e in entries} == {cast.ayu.public_id, cast.bima.public_id}
    assert verify().faults == ()


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="elsewhere the word goes out through the database itself"
)
def test_streams_and_the_other_persons_pages_are_woken(cast: Any, room: Room) -> None:
    Wake.objects.all().delete()
    say(room, cast.actor("ayu"))
    assert set(Wake.objects.values_list("channel", flat=True)) == {
        f"r:{room.public_id.hex}", f"p:{cast.bima.public_id.hex}"
    }  # fmt: skip


def test_danger_is_announced_and_the_message_stands(cast: Any, room: Room, heard: Any) -> None:
    posted = say(room, cast.actor("ayu"), DANGER)
    assert posted.seq == 1
    [(message, told_room, finding)] = heard
    assert (told_room, message.seq, finding.severity) == (room, 1, "urgent")


def test_an_everyday_message_is_not_announced(cast: Any, room: Room, heard: Any) -> None:
    say(room, cast.actor("ayu"), "besok kita latihan basket ya")
    assert heard == []


def test_a_listener_that_fails_blocks_nothing_and_is_tried_again(cast: Any, room: Room, heard: Any) -> None:
    def fails(*_args: Any) -> None:
        raise RuntimeError("no")

    danger_found._listeners.insert(0, fails)
    assert say(room, cast.actor("ayu"), DANGER).seq == 1
    assert Message.objects.count() == 1
    announce_unheard(clock.now())
    assert heard == []
    danger_found._listeners.remove(fails)
    announce_unheard(clock.now())
    assert [m.seq for m, _room, _finding in heard] == [1]
    announce_unheard(clock.now() + timedelta(minutes=5))
    assert len(heard) == 1
    assert verify().faults == ()


def test_a_matter_has_one_open_conversation(cast: Any, room: Room) -> None:
    again = open_room(
        organisation=cast.school,
        kind=RoomKind.PEER,
        subject=cast.ayu,
        matter=room.matter,
        participants=[],
        by=cast.actor("citra"),
        at=clock.now(),
    )
    assert again == room


def test_read_marks_only_move_forward_and_never_beyond_the_last_message(cast: Any, room: Room) -> None:
    say(room, cast.actor("ayu"))
    say(room, cast.actor("ayu"))
    bima = Participant.objects.get(person=cast.bima)
    for seq, expected in ((2, 2), (1, 2), (99, 2)):
        mark_read(room=room, by=cast.actor("bima"), seq=seq)
        bima.refresh_from_db()
        assert bima.read_seq == expected


def test_nobodys_own_words_count_as_unread(cast: Any, room: Room) -> None:
    say(room, cast.actor("ayu"))
    say(room, cast.actor("ayu"))
    seats = {p.person_id: p.read_seq for p in Participant.objects.all()}
    assert seats == {cast.ayu.pk: 2, cast.bima.pk: 0}


def test_posting_and_visibility_state_the_same_rule(cast: Any, room: Room) -> None:
    now = clock.now()

    def may_write() -> set[str]:
        return {
            name
            for name in cast.persons
            if isinstance(post_messages([draft(room, cast.actor(name))], at=clock.now())[0], Posted)
        }

    def may_see() -> set[str]:
        return {name for name in cast.persons if Room.objects.visible_to(cast.actor(name)).exists()}

    assert may_write() == may_see() == {"ayu", "bima"}
    # The bare row: the action would also end the seat, and here the rule itself is asked.
    ended = Exclusion.objects.create(
        sealing_key=cast.ayu.data_key,
        person=cast.ayu,
        excluded=cast.bima,
        reason="x",
        starts_at=now - timedelta(days=2),
    )
    assert may_write() == may_see() == {"ayu"}
    ended.ends_at = now - timedelta(days=1)
    ended.save(update_fields=["ends_at"])
    assert may_write() == may_see() == {"ayu", "bima"}
    ended.starts_at, ended.ends_at = now + timedelta(days=1), None
    ended.save(update_fields=["starts_at", "ends_at"])
    assert may_write() == may_see() == {"ayu", "bima"}
    leave_room(room=room, person=cast.ayu, by=cast.actor("citra"), at=now)
    assert may_write() == may_see() == {"bima"}
