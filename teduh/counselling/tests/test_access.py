import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from teduh.care.models import Contact
from teduh.care.states import Topic
from teduh.counselling.actions.booking import open_from_appointment
from teduh.counselling.models import Session
from teduh.counselling.tests.helpers import booked, episode_of, held, keep_hours, tomorrow
from teduh.kernel.errors import NotVisible
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude
from teduh.scheduling.queries import appointment_of

STRANGERS = ("bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana", None)


@pytest.fixture(autouse=True)
def _hours(cast: Any) -> None:
    keep_hours(cast)


def _bare(answer: Any, url: str) -> str:
    """Return a page without its own address and the tokens that differ on each request."""
    words = answer.content.decode().replace(url, "")
    return re.sub(r'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"', "", words)


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_to_strangers_an_appointment_is_like_one_that_does_not_exist(
    cast: Any, name: str | None, method: str
) -> None:
    there = reverse("counselling:appointment", args=[booked(cast)])
    nowhere = reverse("counselling:appointment", args=[uuid.uuid4()])
    client = cast.client(name)
    found, missing = (getattr(client, method)(url, {"step": "cancel"}) for url in (there, nowhere))
    assert (found.status_code, missing.status_code) == (404, 404)
    assert _bare(found, there) == _bare(missing, nowhere)


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_reads_the_wish_or_finds_it_in_a_list(cast: Any, name: str | None) -> None:
    booked(cast, wish="katakunci rahasia")
    page = cast.client(name).get(reverse("counselling:appointments"))
    assert "Ayu Lestari" not in page.content.decode()
    assert not AuditEntry.objects.filter(verb="scheduling.appointment.read").exists()


@pytest.mark.parametrize("name", [*STRANGERS, "ayu"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_form_is_open_to_the_care_team_alone(cast: Any, name: str | None, method: str) -> None:
    url = reverse("counselling:session", args=[episode_of(cast).public_id])
    assert getattr(cast.client(name), method)(url).status_code == 404
    assert not Contact.objects.exists()


@pytest.mark.parametrize("name", ["kirana", "bima", "dewi", "eko", "indra", "ayu"])
def test_who_is_not_on_the_care_team_cannot_write_a_session(cast: Any, name: str) -> None:
    episode = episode_of(cast)
    with pytest.raises(NotVisible):
        held(cast, episode, by=name)
    assert not Session.objects.exists()


def test_an_excluded_counsellor_loses_episode_appointment_and_booking(cast: Any) -> None:
    episode, appointment = episode_of(cast), booked(cast)
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=timezone.now())
    citra = cast.client("citra")
    assert citra.get(reverse("counselling:session", args=[episode.public_id])).status_code == 404
    assert citra.get(reverse("counselling:appointment", args=[appointment])).status_code == 404
    ayu = cast.client("ayu")
    assert ayu.get(reverse("counselling:book")).context["counsellors"] == []
    assert ayu.get(reverse("counselling:book_with", args=[cast.citra.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["fajar", "gita", "hari", "indra", "joko", "eko", "dewi", "citra", None])
def test_only_students_of_the_school_book_its_counsellors(cast: Any, name: str | None) -> None:
    url = reverse("counselling:book_with", args=[cast.citra.public_id])
    assert cast.client(name).get(url).status_code == 404


@pytest.mark.parametrize("name", ["joko", "kirana", "bima", "eko"])
def test_only_counsellors_with_hours_are_offered(cast: Any, name: str) -> None:
    url = reverse("counselling:book_with", args=[cast.persons[name].public_id])
    assert cast.client("ayu").get(url).status_code == 404


@pytest.mark.parametrize("name", ["ayu", "bima", "dewi", "eko", "gita", "indra", "joko"])
def test_only_counsellors_keep_hours(cast: Any, name: str) -> None:
    for route in ("availability", "leave"):
        assert cast.client(name).get(reverse(f"counselling:{route}")).status_code == 404


def test_the_anonymous_are_led_to_log_in_where_no_object_is_named(cast: Any) -> None:
    for route in ("book", "appointments", "availability", "leave"):
        answer = cast.client().get(reverse(f"counselling:{route}"))
        assert answer.status_code == 302
        assert "login" in answer.url


@pytest.mark.parametrize("name", ["ayu", "kirana", "indra"])
def test_only_the_host_opens_an_episode_from_an_appointment(cast: Any, name: str) -> None:
    public_id = booked(cast)
    with pytest.raises(NotVisible):
        open_from_appointment(
            appointment_id=public_id, topic=Topic.FRIENDS, by=cast.actor(name), at=timezone.now()
        )
    url = reverse("counselling:open_episode", args=[public_id])
    assert cast.client(name).post(url, {"topic": "friends"}).status_code == 404


def test_another_counsellors_days_off_cannot_be_removed(cast: Any) -> None:
    citra, kirana = cast.client("citra"), cast.client("kirana")
    day = tomorrow().date().isoformat()
    citra.post(reverse("counselling:leave"), {"first_day": day, "last_day": day})
    (off,) = citra.get(reverse("counselling:availability")).context["leave"]
    kirana.post(reverse("counselling:remove_leave", args=[off.public_id]))
    assert len(citra.get(reverse("counselling:availability")).context["leave"]) == 1


def test_both_parties_see_their_appointment(cast: Any) -> None:
    public_id = booked(cast, wish="tentang teman")
    for name in ("ayu", "citra"):
        page = cast.client(name).get(reverse("counselling:appointment", args=[public_id]))
        assert page.status_code == 200
        assert "tentang teman" in page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"
    reads = AuditEntry.objects.filter(verb="scheduling.appointment.read", subject=cast.ayu.public_id)
    assert reads.count() == 2
    assert appointment_of(cast.actor("ayu"), public_id)
