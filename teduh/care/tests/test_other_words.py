"""A form's id sent again with other words never answers "saved" while the words are lost."""

import uuid
from typing import Any

import pytest

from teduh.care.actions import contacts, goals
from teduh.care.models import Contact, Goal, GoalRating
from teduh.care.tests.helpers import episode
from teduh.kernel import clock
from teduh.kernel.errors import Refused


def test_a_note_with_other_words_under_the_same_id_is_refused(cast: Any) -> None:
    of, key, now = episode(cast), uuid.uuid4(), clock.now()

    def write(note: str) -> Contact:
        return contacts.write_contact(
            episode=of,
            activity="individual_counselling",
            happened_at=now,
            minutes=40,
            note=note,
            by=cast.actor("citra"),
            at=now,
            client_id=key,
        )

    first = write("Catatan pertama.")
    assert write("Catatan pertama.").pk == first.pk
    with pytest.raises(Refused, match="form_used"):
        write("Catatan lain.")
    assert Contact.objects.get().note.open() == "Catatan pertama."


def test_a_goal_with_other_words_under_the_same_id_is_refused(cast: Any) -> None:
    of, key = episode(cast), uuid.uuid4()

    def set_goal(text: str) -> Goal:
        return goals.set_goal(episode=of, text=text, by=cast.actor("citra"), at=clock.now(), client_id=key)

    first = set_goal("Berani bicara.")
    assert set_goal("Berani bicara.").pk == first.pk
    with pytest.raises(Refused, match="form_used"):
        set_goal("Tidur lebih awal.")


def test_another_rating_under_the_same_id_is_refused(cast: Any) -> None:
    of, key = episode(cast), uuid.uuid4()
    goal = goals.set_goal(
        episode=of, text="Berani.", by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )

    def rate(value: int) -> GoalRating:
        return goals.rate_goal(goal=goal, value=value, by=cast.actor("ayu"), at=clock.now(), client_id=key)

    first = rate(4)
    assert rate(4).pk == first.pk
    with pytest.raises(Refused, match="form_used"):
        rate(7)


def test_the_page_shows_the_other_words_again_and_a_second_press_keeps_them(cast: Any) -> None:
    of, key = episode(cast), str(uuid.uuid4())
    client, address = cast.client("citra"), f"/care/episode/{of.public_id}/goal/"
    assert client.post(address, {"client_id": key, "text": "Berani bicara."}).status_code == 302
    again = client.post(address, {"client_id": key, "text": "Tidur lebih awal."})
    assert again.status_code == 200
    assert "Tidur lebih awal." in again.content.decode()
    fresh = again.context["form"]["client_id"].value()
    assert str(fresh) != key
    assert client.post(address, {"client_id": str(fresh), "text": "Tidur lebih awal."}).status_code == 302
    assert Goal.objects.count() == 2
