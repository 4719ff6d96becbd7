"""Results show scores over time, and never sell a change as an effect."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from teduh.kernel import clock
from teduh.measures import queries, words
from teduh.measures.engine import Change, available, known_keys, load_instrument
from teduh.measures.engine.change import Limit
from teduh.measures.models import Sheet
from teduh.measures.tests.helpers import CALM, IN_DANGER, assign, submit
from teduh.measures.web.forms import AssignForm

MATTER = uuid.UUID(int=77)
WORST = (3,) * 8 + (0,)


def fill_twice(
    cast: Any, first: Any = WORST, second: Any = CALM, languages: tuple[str, str] = ("id", "id")
) -> None:
    for days, answers, language in zip((40, 10), (first, second), languages, strict=True):
        at = clock.now() - timedelta(days=days)
        submit(cast, assign(cast, matter=MATTER, at=at, language=language), answers, at=at)


def change_of(results: queries.Results) -> Any:
    return results.instruments[0].scales[0].change


def test_the_series_and_the_change_follow_the_engine(cast: Any) -> None:
    fill_twice(cast)
    scale = queries.results_of(MATTER).instruments[0].scales[0]
    assert [(each.value, each.band) for each in scale.fillings] == [(24, "severe"), (6, "mild")]
    assert scale.change is not None
    assert scale.change.report is not None
    assert scale.change.report.outcome is Change.RECOVERED
    assert scale.change.report.difference == -18
    assert scale.change.report.threshold == pytest.approx(5.06, abs=0.005)


def test_every_change_is_shown_with_its_limits(cast: Any) -> None:
    fill_twice(cast)
    change = change_of(queries.results_of(MATTER))
    for limit in (Limit.NO_COMPARISON, Limit.BORROWED, Limit.UNCONFIRMED):
        assert str(words.LIMITS[limit]) in change.limits
    html = render_to_string("measures/_results.html", {"results": queries.results_of(MATTER)})
    for limit in change.limits:
        assert limit in html


def test_an_estimated_score_and_another_language_are_limits_too(cast: Any) -> None:
    fill_twice(cast, second=(None, *CALM[1:]), languages=("id", "en"))
    limits = change_of(queries.results_of(MATTER)).limits
    assert str(words.LIMITS[Limit.PRORATED]) in limits
    assert str(words.LANGUAGE_DIFFERS) in limits


def test_no_word_for_a_change_names_a_cause() -> None:
    for language in ("id", "en"):
        with translation.override(language):
            said = " ".join(str(part) for row in words.CHANGES.values() for part in row[:2]).lower()
            for claim in (
                "thanks to",
                "because of",
                "effect",
                "berkat",
                "karena",
                "efek",
                "berhasil",
                "sembuh",
            ):
                assert claim not in said


def test_one_filling_in_shows_no_change(cast: Any) -> None:
    submit(cast, assign(cast, matter=MATTER))
    assert change_of(queries.results_of(MATTER)) is None


def test_a_last_filling_without_a_score_is_not_compared(cast: Any) -> None:
    fill_twice(cast, second=(*CALM[:8], None))
    results = queries.results_of(MATTER)
    change = change_of(results)
    assert change.report.outcome is Change.NOT_MEASURED
    assert change.report.difference is None
    assert len(results.instruments[0].scales[0].points) == 1
    assert [flag.code for flag in results.instruments[0].scales[0].latest.flags] == ["item9_missing"]


def test_different_versions_are_not_compared(cast: Any) -> None:
    fill_twice(cast)
    Sheet.objects.filter(submitted_at__lt=clock.now() - timedelta(days=20)).update(version="0")
    change = change_of(queries.results_of(MATTER))
    assert change.report is None
    assert change.sentence == str(words.VERSION_DIFFERS)


def test_scores_stay_when_their_version_is_gone(cast: Any) -> None:
    fill_twice(cast)
    Sheet.objects.update(version="0")
    results = queries.results_of(MATTER)
    scale = results.instruments[0].scales[0]
    assert [each.value for each in scale.fillings] == [24, 6]
    assert scale.scale is None
    assert "24" in render_to_string("measures/_results.html", {"results": results})


def test_danger_stands_out_in_the_results(cast: Any, heard: list[Any]) -> None:
    submit(cast, assign(cast, matter=MATTER), IN_DANGER)
    flag = queries.results_of(MATTER).instruments[0].scales[0].latest.flags[0]
    assert (flag.code, flag.tone) == ("safety:9", "urgent")
    assert flag.text in render_to_string("measures/_results.html", {"results": queries.results_of(MATTER)})


def test_other_matters_do_not_leak_in(cast: Any) -> None:
    submit(cast, assign(cast, matter=uuid.uuid4()))
    submit(cast, assign(cast, matter=None))
    assert queries.results_of(MATTER).is_empty


def test_the_number_of_queries_does_not_grow(cast: Any, query_count: Any) -> None:
    fill_twice(cast)
    with query_count() as few:
        queries.results_of(MATTER)
    fill_twice(cast)
    submit(cast, assign(cast, matter=MATTER, instrument="gad-7"), (1, 1, 1, 2, 2, 0, 0))
    assign(cast, matter=MATTER)
    with query_count() as many:
        results = queries.results_of(MATTER)
    assert len(few) == len(many) == 2
    assert (len(results.instruments), len(results.waiting)) == (2, 1)


def test_waiting_sheets_are_listed_and_the_renewed_marked(cast: Any) -> None:
    assign(cast, matter=MATTER, due_on=clock.today())
    assert [each.gone for each in queries.results_of(MATTER).waiting] == [False]
    Sheet.objects.update(version="0")
    results = queries.results_of(MATTER)
    assert [each.gone for each in results.waiting] == [True]
    assert results.waiting[0].title in render_to_string("measures/_results.html", {"results": results})


def test_empty_results_say_so() -> None:
    html = render_to_string("measures/_results.html", {"results": queries.Results((), ())})
    assert 'class="empty"' in html


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_band_cutoff_and_unconfirmed_part_has_a_word(language: str) -> None:
    with translation.override(language):
        for each in available():
            instrument = load_instrument(each.key, each.language)
            for scale in instrument.scales:
                assert all(band.key in words.BANDS for band in scale.bands)
                assert all("_" not in words.cutoff(cutoff.key) for cutoff in scale.cutoffs)
            assert not [part for part in words.unconfirmed_parts(instrument) if "." in part or "_" in part]


def test_bands_are_called_in_indonesian_and_english() -> None:
    for language, expected in (("id", "ringan"), ("en", "mild")):
        with translation.override(language):
            assert words.band("mild") == expected


def test_staff_see_what_is_shipped_and_what_is_unconfirmed() -> None:
    shown = queries.instruments("id")
    assert {each.key for each in shown} == set(known_keys())
    assert all(each.unconfirmed and each.licence and each.source for each in shown)


def test_the_assign_form_keeps_its_id_and_explains_mistakes() -> None:
    given = {"client_id": str(uuid.uuid4()), "instrument": "phq-9", "language": "id", "due_on": ""}
    form = AssignForm(given)
    assert form.is_valid()
    assert form.cleaned_data["due_on"] is None
    wrong = AssignForm(given | {"instrument": "x", "due_on": "kapan-kapan", "client_id": "x"})
    assert set(wrong.errors) == {"instrument", "due_on", "client_id"}
    html = render_to_string("measures/_assign_form.html", {"form": AssignForm(), "action_url": "/x/"})
    assert 'value="phq-9"' in html
    assert "client_id" in html
