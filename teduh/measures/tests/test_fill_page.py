"""Filling in on a phone: who will see it comes first, no answer is lost, and danger meets a human offer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from teduh.kernel import clock
from teduh.measures import actions, hooks, queries
from teduh.measures.engine import load_instrument
from teduh.measures.hooks import Someone
from teduh.measures.models import Score, Sheet
from teduh.measures.tests.helpers import CALM, IN_DANGER, assign, posted, submit


def address(sheet: Sheet) -> str:
    return reverse("measures:fill", args=[sheet.public_id])


def body(response: Any) -> str:
    return str(response.content.decode())


def checked(html: str) -> set[tuple[str, str]]:
    return set(re.findall(r'name="(item_\d)" value="(\w+)" id="[^"]+" checked', html))


def test_who_will_see_the_answers_stands_before_the_first_question(cast: Any) -> None:
    hooks.readers_of.answer_with(
        lambda sheet: [Someone("Dewi Anggraini", "mendampingi bersama"), Someone("Citra Maharani")]
    )
    html = body(cast.client("ayu").get(address(assign(cast))))
    assert html.index("Citra Maharani") < html.index("Dewi Anggraini") < html.index("mendampingi bersama")
    assert html.index("mendampingi bersama") < html.index('name="item_1"')
    assert html.partition('class="who__list"')[2].partition("</ul>")[0].count("Citra Maharani") == 1


def test_every_item_and_option_is_there_without_scripts(cast: Any) -> None:
    html = body(cast.client("ayu").get(address(assign(cast))))
    for item in load_instrument("phq-9", "id").items:
        assert item.text in html
    assert len(re.findall(r'name="item_\d" value="[0-3]"', html)) == 36
    assert re.findall(r'name="(item_\d)" value="skip"', html) == ["item_9"]


def test_the_wording_keeps_the_language_it_was_assigned_in(cast: Any) -> None:
    html = body(cast.client("ayu").get(address(assign(cast, language="en"))))
    assert "Little interest or pleasure in doing things" in html
    assert 'lang="en"' in html


def test_a_whole_sheet_is_taken_and_thanked_for(cast: Any) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    response = client.post(address(sheet), posted(CALM))
    assert (response.status_code, response["Location"]) == (302, address(sheet))
    assert float(Score.objects.get().value or 0) == 6
    html = body(client.get(address(sheet)))
    assert f'data-sheet-done="{sheet.public_id}"' in html


@pytest.mark.parametrize("answers", [CALM, IN_DANGER])
def test_the_person_is_shown_no_score_and_no_band(
    cast: Any, heard: list[Any], answers: tuple[int, ...]
) -> None:
    sheet = submit(cast, assign(cast), answers)
    html = re.sub(r"<(script|style).*?</\1>", "", body(cast.client("ayu").get(address(sheet))), flags=re.S)
    with translation.override("id"):
        from teduh.measures import words

        bands = [words.band(key) for key in words.BANDS]
    content = html.partition('id="content"')[2].partition("<footer")[0]
    text = re.sub(r"<[^>]+>", " ", content).lower()
    assert not [band for band in bands if re.search(rf"\b{band}\b", text)]
    assert "phq" not in text
    assert "depresi" not in text


def test_blanks_are_allowed_after_they_were_shown(cast: Any) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    some_blank = (None, 0, 2, 1, None, 1, 0, 1, 0)
    first = client.post(address(sheet), posted(some_blank))
    html = body(first)
    assert first.status_code == 200
    assert 'name="confirm_blank" value="1,5"' in html
    assert {("item_2", "0"), ("item_3", "2"), ("item_9", "0")} <= checked(html)
    sheet.refresh_from_db()
    assert sheet.state == "assigned"
    second = client.post(address(sheet), posted(some_blank, confirm_blank="1,5"))
    assert second.status_code == 302
    assert Score.objects.get().flags == ["prorated"]


def test_a_confirmation_of_some_blanks_is_none_of_others(cast: Any) -> None:
    sheet = assign(cast)
    response = cast.client("ayu").post(
        address(sheet), posted((None, None, 2, 1, 0, 1, 0, 1, 0), confirm_blank="1")
    )
    assert 'value="1,2"' in body(response)
    assert not Score.objects.exists()


def test_the_safety_item_needs_a_choice_and_says_so_beside_it(cast: Any) -> None:
    sheet = assign(cast)
    response = cast.client("ayu").post(address(sheet), posted((*CALM[:8], None), confirm_blank="9"))
    html = body(response)
    assert response.status_code == 422
    assert 'aria-describedby="id_item_9_error"' in html
    assert html.index('id="id_item_9_error"') > html.index('value="3" id="id_item_8')
    assert len(checked(html)) == 8
    assert 'data-start="9"' in html


def test_not_wanting_to_answer_the_safety_item_is_taken_and_flagged(cast: Any, heard: list[Any]) -> None:
    sheet = assign(cast)
    response = cast.client("ayu").post(address(sheet), posted((*CALM[:8], None), skip_safety=True))
    assert response.status_code == 302
    row = Score.objects.get()
    assert (row.value, row.flags, heard) == (None, ["item9_missing"], [])


@pytest.mark.parametrize("wrong", ["4", "-1", "x", "", "1.0", "skip", "٣", "9" * 500])
def test_wrong_codes_are_named_beside_the_question_and_the_rest_is_kept(cast: Any, wrong: str) -> None:
    sheet = assign(cast)
    response = cast.client("ayu").post(address(sheet), posted(CALM) | {"item_2": wrong})
    html = body(response)
    assert response.status_code == (200 if wrong == "" else 422)
    assert ("item_3", "2") in checked(html)
    assert ('id="id_item_2_error"' in html) == (wrong != "")
    sheet.refresh_from_db()
    assert sheet.state == "assigned"


def test_sending_twice_is_harmless(cast: Any) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    answers = [client.post(address(sheet), posted(CALM)) for _again in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert Score.objects.count() == 1


def test_other_answers_afterwards_are_refused_kindly(cast: Any) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    client.post(address(sheet), posted(CALM))
    response = client.post(address(sheet), posted((0,) * 9))
    assert response.status_code == 409
    assert "data-sheet-done" in body(response)
    assert client.post(address(sheet), {}).status_code == 200


def test_danger_meets_the_crisis_card_and_claims_no_alert_that_was_not_raised(
    cast: Any, heard: list[Any]
) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    client.post(address(sheet), posted(IN_DANGER))
    html = body(client.get(address(sheet)))
    content = html.partition('<div class="page__content">')[2].partition("<aside")[0]
    assert 'class="crisis"' in content
    assert reverse("help") in content
    assert "bell-ring" not in content
    assert "Citra Maharani</strong>" not in content
    hooks.alerted_about.answer_with(lambda sheet: [Someone("Citra Maharani", "guru BK")])
    html = body(client.get(address(sheet)))
    assert "<strong>Citra Maharani</strong> (guru BK)" in html


def test_without_danger_nobody_is_said_to_have_been_told(cast: Any) -> None:
    hooks.alerted_about.answer_with(lambda sheet: [Someone("Citra Maharani", "guru BK")])
    sheet = submit(cast, assign(cast))
    assert "<strong>Citra Maharani</strong>" not in body(cast.client("ayu").get(address(sheet)))


def test_a_sheet_taken_back_or_renewed_says_so_and_blames_nobody(cast: Any) -> None:
    renewed = assign(cast, instrument="gad-7")
    Sheet.objects.update(version="0")
    taken_back = assign(cast)
    actions.withdraw_sheet(sheet=taken_back, by=cast.actor("citra"), at=clock.now())
    client = cast.client("ayu")
    pages = [client.get(address(sheet)) for sheet in (renewed, taken_back)]
    assert [page.status_code for page in pages] == [200, 200]
    assert all(reverse("help") in body(page) and "item_1" not in body(page) for page in pages)
    assert body(pages[0]) != body(pages[1])
    assert client.post(address(renewed), posted(CALM)).status_code == 200
    assert client.post(address(taken_back), posted(CALM)).status_code == 409


def test_the_pages_are_never_kept_by_the_browser(cast: Any) -> None:
    assert cast.client("ayu").get(address(assign(cast)))["Cache-Control"] == "no-store"


def test_each_page_needs_few_queries(cast: Any, query_count: Any, heard: list[Any]) -> None:
    sheet, client = assign(cast), cast.client("ayu")
    with query_count() as asking:
        client.get(address(sheet))
    submit(cast, sheet, IN_DANGER)
    with query_count() as thanking:
        client.get(address(sheet))
    staff = cast.client("citra")
    with query_count() as listing:
        staff.get(reverse("measures:instruments"))
    assert max(len(asking), len(thanking), len(listing)) <= 12


def test_the_home_lists_what_waits_the_soonest_due_first(cast: Any, query_count: Any) -> None:
    actor = cast.actor("ayu")
    assign(cast, instrument="phq-9")
    due = assign(cast, instrument="gad-7", due_on=clock.today() + timedelta(days=2))
    with query_count() as count:
        waiting = queries.sheets_to_fill(actor)
    assert len(count) == 1
    assert [each.title for each in waiting] == ["GAD-7", "PHQ-9"]
    html = render_to_string("measures/_home_student.html", {"sheets": waiting})
    assert address(due) in html
    assert render_to_string("measures/_home_student.html", {"sheets": ()}).strip() == ""
    Sheet.objects.update(version="0")
    assert queries.sheets_to_fill(actor) == ()


def test_a_day_that_has_passed_is_marked(cast: Any) -> None:
    assign(cast, due_on=clock.today())
    with clock.at(clock.now() + timedelta(days=2)):
        assert [each.overdue for each in queries.sheets_to_fill(cast.actor("ayu"))] == [True]
