import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from teduh.care.models import Episode
from teduh.care.states import Topic
from teduh.counselling import queries
from teduh.counselling.actions.booking import WISH_LIMIT, open_from_appointment
from teduh.counselling.tests.helpers import booked, booking_form, episode_of, keep_hours, tomorrow
from teduh.counselling.web.show import slot_value
from teduh.kernel.errors import Refused
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions.appointments import take_step
from teduh.scheduling.states import AppointmentState, AppointmentStep


@pytest.fixture(autouse=True)
def _hours(cast: Any) -> None:
    keep_hours(cast)


def _with_citra(cast: Any) -> str:
    return reverse("counselling:book_with", args=[cast.citra.public_id])


def test_three_taps_book_a_time_without_javascript(cast: Any) -> None:
    ayu = cast.client("ayu")
    page = ayu.get(reverse("counselling:book"))
    (shown,) = page.context["counsellors"]
    link = shown["days"][-1].slots[-1].url
    assert link.replace("&", "&amp;") in page.content.decode()
    form = ayu.get(link).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = ayu.post(_with_citra(cast), {key: str(value) for key, value in sent.items()}, follow=True)
    assert answer.redirect_chain
    (line,) = scheduling.upcoming(cast.actor("citra"), at=timezone.now())
    assert line.guest_name == "Ayu Lestari"


def test_the_confirmation_tells_who_will_see_it(cast: Any) -> None:
    page = cast.client("ayu").get(_with_citra(cast), {"slot": slot_value(tomorrow())})
    words = page.content.decode()
    assert "Citra Maharani" in words
    assert "WIB" in words


def test_who_is_free_first_stands_first_but_the_own_counsellor_above_all(cast: Any) -> None:
    keep_hours(cast, "kirana")
    now = timezone.now()
    first = queries.counsellors(cast.actor("ayu"), at=now)[0].first
    assert first is not None
    booked(cast, first.starts_at, guest="bima")
    names = [one.name for one in queries.counsellors(cast.actor("ayu"), at=now)]
    assert names == ["Kirana Putri", "Citra Maharani"]
    episode_of(cast)
    mine = queries.counsellors(cast.actor("ayu"), at=now)[0]
    assert (mine.name, mine.is_mine) == ("Citra Maharani", True)


def test_whoever_comes_second_keeps_the_words_and_sees_free_times(cast: Any) -> None:
    booked(cast, guest="bima")
    page = cast.client("ayu").post(_with_citra(cast), booking_form(tomorrow(), wish="soal ujian"))
    assert page.status_code == 422
    words = page.content.decode()
    assert "soal ujian" in words
    assert page.context["form"].errors["slot"]
    offered = [slot["value"] for day in page.context["days"] for slot in day["slots"]]
    assert offered
    assert slot_value(tomorrow()) not in offered
    again = booking_form(tomorrow(8, 50), wish="soal ujian")
    assert cast.client("ayu").post(_with_citra(cast), again).status_code == 302


def test_sending_the_same_form_twice_leads_to_the_same_appointment(cast: Any) -> None:
    form = booking_form(tomorrow())
    client = cast.client("ayu")
    first, second = (client.post(_with_citra(cast), form) for _ in range(2))
    assert first.url == second.url
    assert len(scheduling.upcoming(cast.actor("ayu"), at=timezone.now())) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"slot": ""},
        {"slot": "yesterday"},
        {"slot": "2026-02-31T08:00"},
        {"slot": "0001-01-01T00:00"},
        {"slot": "9999-12-31T23:59"},
        {"client_id": ""},
        {"client_id": "x"},
        {"wish": "a" * (WISH_LIMIT + 1)},
    ],
)
def test_what_makes_no_sense_is_answered_on_the_page(cast: Any, change: dict[str, str]) -> None:
    page = cast.client("ayu").post(_with_citra(cast), booking_form(tomorrow(), **change))
    assert page.status_code == 422
    assert not scheduling.upcoming(cast.actor("ayu"), at=timezone.now())


@pytest.mark.parametrize(
    "query", [{"slot": "x"}, {"week": "-1"}, {"week": "99"}, {"week": "²"}, {"slot": "9999-12-31T23:59"}]
)
def test_odd_addresses_show_times(cast: Any, query: dict[str, str]) -> None:
    assert cast.client("ayu").get(_with_citra(cast), query).status_code == 200


def test_a_time_that_went_meanwhile_shows_the_others(cast: Any) -> None:
    booked(cast, guest="bima")
    page = cast.client("ayu").get(_with_citra(cast), {"slot": slot_value(tomorrow())})
    assert page.templates[0].name == "counselling/times.html"


def test_the_student_cancels_and_the_time_is_free_again(cast: Any) -> None:
    public_id = booked(cast)
    url = reverse("counselling:appointment", args=[public_id])
    page = cast.client("ayu").post(url, {"step": "cancel"}, follow=True)
    assert page.context["line"].state == AppointmentState.CANCELLED
    assert booked(cast, guest="bima")


@pytest.mark.parametrize("step", ["hold", "miss", "explode", ""])
def test_a_student_takes_no_other_step(cast: Any, step: str) -> None:
    url = reverse("counselling:appointment", args=[booked(cast)])
    assert cast.client("ayu").post(url, {"step": step}, follow=True).status_code == 200
    assert cast.client("ayu").get(url).context["line"].state == AppointmentState.BOOKED


def test_the_counsellor_opens_one_episode_however_often_it_is_tapped(cast: Any) -> None:
    public_id = booked(cast)
    url = reverse("counselling:open_episode", args=[public_id])
    citra = cast.client("citra")
    answers = [citra.post(url, {"topic": "friends"}) for _ in range(2)]
    episode = Episode.objects.get()
    assert (episode.person, episode.lead, episode.level) == (cast.ayu, cast.citra, "counselling")
    assert episode.previous is None
    assert {answer.url for answer in answers} == {
        f"{reverse('counselling:session', args=[episode.public_id])}?appointment={public_id}"
    }


@pytest.mark.parametrize("topic", ["", "unheard-of"])
def test_an_episode_needs_a_topic(cast: Any, topic: str) -> None:
    url = reverse("counselling:open_episode", args=[booked(cast)])
    assert cast.client("citra").post(url, {"topic": topic}).status_code == 422
    assert not Episode.objects.exists()


def test_no_episode_opens_from_a_cancelled_appointment(cast: Any) -> None:
    public_id, citra, now = booked(cast), cast.actor("citra"), timezone.now()
    row = scheduling.appointment_of(citra, public_id)
    take_step(appointment=row, step=AppointmentStep.CANCEL, by=citra, at=now)
    with pytest.raises(Refused):
        open_from_appointment(appointment_id=public_id, topic=Topic.STUDY, by=citra, at=now)


def test_the_counsellors_home_shows_today_and_what_was_not_noted(cast: Any) -> None:
    booked(cast, tomorrow(8))
    booked(cast, tomorrow(9, 40), guest="bima")
    episode_of(cast, "bima")
    citra = cast.actor("citra")
    home = queries.counsellor_home(citra, at=tomorrow(7))
    assert [(one.appointment.other_name, bool(one.episode)) for one in home.today] == [
        ("Ayu Lestari", False),
        ("Bima Saputra", True),
    ]
    later = queries.counsellor_home(citra, at=tomorrow(7) + timedelta(days=1))
    assert (len(later.today), len(later.unanswered), later.next) == (0, 2, None)
    before = queries.counsellor_home(citra, at=timezone.now())
    assert before.next is not None
    assert before.next.other_name == "Ayu Lestari"


def test_the_students_home_shows_the_next_appointment_or_offers_one(cast: Any) -> None:
    ayu, now = cast.actor("ayu"), timezone.now()
    assert queries.student_home(ayu, at=now).can_book
    assert not queries.student_home(cast.actor("fajar"), at=now).can_book
    public_id = booked(cast)
    home = queries.student_home(ayu, at=now)
    assert home.next is not None
    assert (home.next.public_id, home.reminder) == (public_id, None)


def test_the_form_key_of_another_opens_nothing(cast: Any) -> None:
    key = uuid.uuid4()
    cast.client("bima").post(_with_citra(cast), booking_form(tomorrow(), client_id=str(key)))
    page = cast.client("ayu").post(_with_citra(cast), booking_form(tomorrow(8, 50), client_id=str(key)))
    assert page.status_code == 422
