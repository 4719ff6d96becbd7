"""A sheet is its person's alone: for everybody else its address looks like one that never existed."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from conftest import ACTORS
from teduh.kernel.errors import NotVisible
from teduh.measures import actions, queries
from teduh.measures.models import Sheet
from teduh.measures.tests.helpers import CALM, assign, posted
from teduh.people.access import ANONYMOUS, system_actor

OTHERS = [name for name in ACTORS if name != "ayu"]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_others_a_sheet_is_the_same_as_nothing(cast: Any, name: str, method: str) -> None:
    sheet = assign(cast)
    client = cast.client(name or None)
    there = getattr(client, method)(reverse("measures:fill", args=[sheet.public_id]), posted(CALM))
    nowhere = getattr(client, method)(reverse("measures:fill", args=[uuid.uuid4()]), posted(CALM))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    strip = b"csrfmiddlewaretoken"
    assert [
        line for line in there.content.splitlines() if strip not in line and b"data-csrf" not in line
    ] == [line for line in nowhere.content.splitlines() if strip not in line and b"data-csrf" not in line]
    assert Sheet.objects.get().state == "assigned"


@pytest.mark.parametrize("name", OTHERS)
def test_others_do_not_even_see_the_row(cast: Any, name: str) -> None:
    assign(cast)
    actor = cast.actor(name) if name else ANONYMOUS
    assert not Sheet.objects.visible_to(actor).exists()
    assert queries.sheets_to_fill(actor) == ()


def test_the_person_reaches_the_sheet(cast: Any) -> None:
    sheet = assign(cast)
    assert cast.client("ayu").get(reverse("measures:fill", args=[sheet.public_id])).status_code == 200


@pytest.mark.parametrize("name", [name for name in OTHERS if name])
def test_nobody_submits_for_another_not_even_past_the_page(cast: Any, name: str) -> None:
    sheet = assign(cast)
    with pytest.raises(NotVisible):
        actions.submit_sheet(sheet=sheet, answers=CALM, by=cast.actor(name), at=sheet.assigned_at)


def test_the_system_submits_for_nobody(cast: Any) -> None:
    sheet = assign(cast)
    with pytest.raises(NotVisible):
        actions.submit_sheet(sheet=sheet, answers=CALM, by=system_actor(), at=sheet.assigned_at)


@pytest.mark.parametrize("name", ["ayu", "bima", "eko", "gita", "hari", "indra", "joko"])
def test_only_those_who_read_scores_assign_and_take_back(cast: Any, name: str) -> None:
    with pytest.raises(NotVisible):
        assign(cast, by=name)
    sheet = assign(cast)
    with pytest.raises(NotVisible):
        actions.withdraw_sheet(sheet=sheet, by=cast.actor(name), at=sheet.assigned_at)


@pytest.mark.parametrize(("name", "status"), [("citra", 200), ("kirana", 200), ("dewi", 200), ("", 302)])
def test_the_list_of_instruments_is_for_those_who_read_scores(cast: Any, name: str, status: int) -> None:
    assert cast.client(name or None).get(reverse("measures:instruments")).status_code == status


@pytest.mark.parametrize("name", ["ayu", "bima", "eko", "fajar", "gita", "hari", "indra", "joko"])
def test_the_list_of_instruments_is_hidden_from_the_others(cast: Any, name: str) -> None:
    assert cast.client(name).get(reverse("measures:instruments")).status_code == 404
