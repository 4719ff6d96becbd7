"""Every page of counselling stays within its queries, however much there is to show."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from teduh.care.actions.goals import set_goal
from teduh.counselling import queries
from teduh.counselling.tests.helpers import booked, episode_of, held, keep_hours, tomorrow
from teduh.counselling.web.show import slot_value
from teduh.kernel import clock
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions.appointments import book, take_step
from teduh.scheduling.states import AppointmentStep

MOST = 12


@pytest.fixture(autouse=True)
def _hours(cast: Any) -> None:
    keep_hours(cast, "citra", "kirana")


def _fill(cast: Any, count: int) -> None:
    """Let Citra book times for Ayu and Bima by turns; she holds an episode with each."""
    slots = [
        slot
        for day in scheduling.free_slots(cast.citra, tomorrow().date(), 20, at=timezone.now())
        for slot in day.slots
    ]
    for number, slot in enumerate(slots[:count]):
        book(
            host=cast.citra,
            guest=cast.ayu if number % 2 else cast.bima,
            starts_at=slot.starts_at,
            by=cast.actor("citra"),
            at=timezone.now(),
            client_id=uuid.uuid4(),
            wish="beberapa kata",
        )


def _count(cast: Any, query_count: Any, name: str, url: str, **query: str) -> int:
    client = cast.client(name)
    client.get(url, query)
    with query_count() as counted:
        assert client.get(url, query).status_code == 200
    return len(counted)


@pytest.mark.parametrize(("name", "show"), [("citra", ""), ("ayu", ""), ("citra", "past"), ("ayu", "past")])
def test_the_list_of_appointments_has_a_fixed_number_of_queries(
    cast: Any, query_count: Any, name: str, show: str
) -> None:
    episode_of(cast)
    episode_of(cast, "bima")
    url = reverse("counselling:appointments")
    _fill(cast, 4)
    at = tomorrow(7) if not show else tomorrow(7) + timedelta(days=25)
    with clock.at(at):
        few = _count(cast, query_count, name, url, show=show)
    _fill(cast, 60)
    with clock.at(at):
        many = _count(cast, query_count, name, url, show=show)
        page = cast.client(name).get(url, {"show": show}).context["page"]
    assert (page.paginator.per_page, len(page.object_list)) == (25, 25)
    assert few == many <= MOST


def test_booking_pages_have_a_fixed_number_of_queries(cast: Any, query_count: Any) -> None:
    citra = reverse("counselling:book_with", args=[cast.citra.public_id])
    pages: list[tuple[str, dict[str, str]]] = [
        (reverse("counselling:book"), {}),
        (citra, {"week": "1"}),
        (citra, {"slot": slot_value(tomorrow(11, 20))}),
    ]
    few = [_count(cast, query_count, "ayu", url, **query) for url, query in pages]
    _fill(cast, 4)
    many = [_count(cast, query_count, "ayu", url, **query) for url, query in pages]
    assert few == many
    assert max(many) <= MOST


@pytest.mark.parametrize("name", ["ayu", "citra"])
def test_an_appointment_stays_within_its_queries(cast: Any, query_count: Any, name: str) -> None:
    url = reverse("counselling:appointment", args=[booked(cast, wish="kata")])
    assert _count(cast, query_count, name, url) <= MOST + 3  # the audit of a sealed wish costs three or four


def test_the_session_form_has_a_fixed_number_of_queries(cast: Any, query_count: Any) -> None:
    episode = episode_of(cast)
    url = reverse("counselling:session", args=[episode.public_id])

    def goal() -> None:
        set_goal(
            episode=episode, text="Tujuan", by=cast.actor("citra"), at=timezone.now(), client_id=uuid.uuid4()
        )

    goal()
    held(cast, episode)
    few = _count(cast, query_count, "citra", url)
    for _ in range(5):
        goal()
        held(cast, episode)
    assert few == _count(cast, query_count, "citra", url)


def test_the_hours_page_stays_within_its_queries(cast: Any, query_count: Any) -> None:
    assert _count(cast, query_count, "citra", reverse("counselling:availability")) <= MOST


def test_the_home_pieces_draw_what_their_queries_return(cast: Any, query_count: Any) -> None:
    episode_of(cast)
    _fill(cast, 8)
    with query_count() as counted:
        home = queries.counsellor_home(cast.actor("citra"), at=tomorrow(9))
    assert len(counted) <= 8
    words = render_to_string("counselling/_home_counsellor.html", {"counselling": home})
    assert "Ayu Lestari" in words
    for appointment in scheduling.upcoming(cast.actor("ayu"), at=timezone.now()):
        assert str(appointment.public_id) in words or appointment.starts_at > tomorrow(23)
    with query_count() as counted:
        shown = queries.student_home(cast.actor("ayu"), at=timezone.now())
    assert len(counted) <= 5
    assert "Citra Maharani" in render_to_string("counselling/_home_student.html", {"counselling": shown})
    empty = queries.student_home(cast.actor("fajar"), at=timezone.now())
    assert not render_to_string("counselling/_home_student.html", {"counselling": empty}).strip()


def test_steps_in_the_list_lead_back_to_it(cast: Any) -> None:
    public_id = booked(cast)
    url = reverse("counselling:appointment", args=[public_id])
    with clock.at(tomorrow(9)):
        answer = cast.client("citra").post(url, {"step": "miss", "back": "list"})
    assert answer.url == reverse("counselling:appointments")


def test_every_state_of_an_appointment_can_be_shown(cast: Any) -> None:
    citra = cast.actor("citra")
    for step in (*AppointmentStep, None):
        public_id = booked(cast)
        if step is not None:
            row = scheduling.appointment_of(citra, public_id)
            take_step(appointment=row, step=step, by=citra, at=tomorrow(9))
        for name in ("ayu", "citra"):
            page = cast.client(name).get(reverse("counselling:appointment", args=[public_id]))
            assert page.status_code == 200
