from datetime import time
from typing import Any

import pytest
from django.urls import reverse

from teduh.counselling.tests.helpers import booked, keep_hours, tomorrow
from teduh.scheduling.queries import week_windows
from teduh.scheduling.slots import WeekWindow


def _week(**times: str) -> dict[str, str]:
    return {"slot_minutes": "40", "buffer_minutes": "10", **times}


def _windows(cast: Any) -> list[WeekWindow]:
    return week_windows([cast.citra.pk]).get(cast.citra.pk, [])


def test_a_week_is_filled_in_and_shown_again(cast: Any) -> None:
    citra, url = cast.client("citra"), reverse("counselling:availability")
    week = _week(d0_0_from="07:30", d0_0_to="09:30", d0_1_from="10.00", d0_1_to="12.00")
    assert citra.post(url, week).status_code == 302
    assert _windows(cast) == [WeekWindow(0, 450, 570, 40, 10), WeekWindow(0, 600, 720, 40, 10)]
    form = citra.get(url).context["form"]
    assert form["d0_1_from"].value() == time(10)
    assert 'value="10:00"' in str(form["d0_1_from"])


def test_an_emptied_week_offers_nothing(cast: Any) -> None:
    keep_hours(cast)
    cast.client("citra").post(reverse("counselling:availability"), _week())
    assert _windows(cast) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"d1_0_from": "08:00"}, "d1_0_from"),
        ({"d1_0_from": "08:00", "d1_0_to": "07:00"}, "d1_0_from"),
        ({"d1_0_from": "08:00", "d1_0_to": "08:20"}, "d1_0_from"),
        ({"d1_0_from": "08:00", "d1_0_to": "eight"}, "d1_0_to"),
        ({"d1_0_from": "08:00", "d1_0_to": "10:00", "d1_1_from": "09:00", "d1_1_to": "11:00"}, "d1_0_from"),
        ({"slot_minutes": "7"}, "slot_minutes"),
    ],
)
def test_a_mistake_is_shown_at_its_day_and_nothing_is_changed(
    cast: Any, change: dict[str, str], field: str
) -> None:
    keep_hours(cast)
    page = cast.client("citra").post(reverse("counselling:availability"), _week(**change))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert len(_windows(cast)) == 7


def test_days_off_warn_about_what_is_booked(cast: Any) -> None:
    keep_hours(cast)
    booked(cast)
    day = tomorrow().date().isoformat()
    page = cast.client("citra").post(
        reverse("counselling:leave"), {"first_day": day, "last_day": day}, follow=True
    )
    levels = [message.level_tag for message in page.context["messages"]]
    assert levels == ["success", "warning"]
    assert len(page.context["leave"]) == 1


@pytest.mark.parametrize(
    "days", [("", ""), ("2026-01-02", "2026-01-01"), ("x", "y"), ("2020-01-01", "2020-01-02")]
)
def test_days_off_that_make_no_sense_are_answered_on_the_page(cast: Any, days: tuple[str, str]) -> None:
    form = {"first_day": days[0], "last_day": days[1]}
    page = cast.client("citra").post(reverse("counselling:leave"), form)
    assert page.status_code == 422
    assert page.context["leave_form"].errors
