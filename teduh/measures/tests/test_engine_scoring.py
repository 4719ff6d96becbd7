"""The engine agrees with a table worked out by hand, and keeps the laws that any sum score must keep."""

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teduh.measures.engine import AnswerInvalid, Instrument, ScaleScore, load_instrument, safety_flags, score
from teduh.measures.engine.scoring import round_half_up

Answers = list[int | None]
KEYS = ("phq-9", "gad-7")


def cases(key: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / f"engine_cases_{key}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


TABLE = [pytest.param(key, case, id=f"{key}:{n}") for key in KEYS for n, case in enumerate(cases(key), 1)]


def total(instrument: Instrument, answers: Answers) -> ScaleScore:
    (only,) = score(instrument, answers)
    return only


@pytest.mark.parametrize(("key", "case"), TABLE)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sheet_of_the_table_gets_the_score_worked_out_by_hand(
    key: str, case: dict[str, str], language: str
) -> None:
    instrument = load_instrument(key, language)
    answers: Answers = [int(case[item.id]) if case[item.id] else None for item in instrument.items]
    expected = ScaleScore(
        scale="total",
        value=int(case["score"]) if case["score"] else None,
        band=case["band"] or None,
        flags=tuple(case["flags"].split(";")) if case["flags"] else (),
        missing=int(case["missing"]),
    )
    assert total(instrument, answers) == expected


@pytest.mark.parametrize("key", KEYS)
def test_the_table_is_large_enough_to_be_worth_something(key: str) -> None:
    rows = list(cases(key))
    assert len(rows) >= 12
    assert sum(int(row["missing"]) > 0 for row in rows) >= 4
    assert all(row["source"] for row in rows)
    assert {row["band"] for row in rows} - {""} == {
        band.key for band in load_instrument(key, "id").scale("total").bands
    }


def sheets(key: str, *, blanks: bool = True) -> st.SearchStrategy[Answers]:
    codes: st.SearchStrategy[int | None] = st.integers(0, 3)
    one = st.none() | codes if blanks else codes
    size = len(load_instrument(key, "id").items)
    return st.lists(one, min_size=size, max_size=size)


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_a_score_lies_in_its_range_and_in_its_band(key: str, data: st.DataObject) -> None:
    instrument = load_instrument(key, "id")
    result = total(instrument, data.draw(sheets(key)))
    scale = instrument.scale("total")
    assert (result.value is None) == (result.band is None)
    if result.value is not None:
        assert scale.lowest <= result.value <= scale.highest
        (band,) = (band for band in scale.bands if band.key == result.band)
        assert band.low <= result.value <= band.high


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_a_full_sheet_scores_its_plain_sum(key: str, data: st.DataObject) -> None:
    answers = data.draw(sheets(key, blanks=False))
    assert total(load_instrument(key, "id"), answers).value == sum(a for a in answers if a is not None)


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_a_heavier_answer_never_lowers_the_score(key: str, data: st.DataObject) -> None:
    instrument = load_instrument(key, "id")
    answers = data.draw(sheets(key).filter(lambda sheet: any(a is not None and a < 3 for a in sheet)))
    raisable = [n for n, answer in enumerate(answers) if answer is not None and answer < 3]
    position = data.draw(st.sampled_from(raisable))
    heavier = [(a + 1 if n == position and a is not None else a) for n, a in enumerate(answers)]
    before, after = total(instrument, answers), total(instrument, heavier)
    assert (before.value is None) == (after.value is None)
    if before.value is not None and after.value is not None:
        assert before.value <= after.value


@given(data=st.data())
def test_the_order_of_the_items_does_not_matter_for_gad_7(data: st.DataObject) -> None:
    answers = data.draw(sheets("gad-7"))
    instrument = load_instrument("gad-7", "id")
    assert total(instrument, answers) == total(instrument, data.draw(st.permutations(answers)))


@given(data=st.data())
def test_the_order_of_the_items_before_the_ninth_does_not_matter_for_phq_9(data: st.DataObject) -> None:
    *eight, ninth = data.draw(sheets("phq-9"))
    instrument = load_instrument("phq-9", "id")
    assert total(instrument, [*eight, ninth]) == total(
        instrument, [*data.draw(st.permutations(eight)), ninth]
    )


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_a_prorated_score_lies_between_the_least_and_the_most_the_blanks_allow(
    key: str, data: st.DataObject
) -> None:
    answers = data.draw(sheets(key))
    result = total(load_instrument(key, "id"), answers)
    if result.value is not None:
        known = sum(a for a in answers if a is not None)
        assert known <= result.value <= known + 3 * result.missing
        assert ("prorated" in result.flags) == (result.missing > 0)


@given(data=st.data())
def test_a_positive_item_nine_is_flagged_whatever_else_is_on_the_sheet(data: st.DataObject) -> None:
    answers = data.draw(sheets("phq-9"))
    instrument = load_instrument("phq-9", "id")
    positive = answers[8] is not None and answers[8] >= 1
    assert ("safety:9" in total(instrument, answers).flags) == positive
    assert safety_flags(instrument, answers) == (("safety:9",) if positive else ())


@pytest.mark.parametrize("bad", [4, -1, 99, True, 1.0, "2"])
def test_a_code_that_is_no_option_is_refused_by_item_and_never_repeated(bad: object) -> None:
    answers: list[object] = [0] * 9
    answers[3] = bad
    with pytest.raises(AnswerInvalid) as caught:
        score(load_instrument("phq-9", "id"), answers)  # type: ignore[arg-type]  # the point of the test
    (problem,) = caught.value.problems
    assert problem.item == "4"
    assert str(caught.value) == "item 4: must be one of 0, 1, 2, 3, or blank"


def test_every_bad_answer_is_named_at_once() -> None:
    with pytest.raises(AnswerInvalid, match=r"item 2: .*; item 7: "):
        score(load_instrument("gad-7", "id"), [0, 9, 0, 0, 0, 0, 9])


@pytest.mark.parametrize("count", [0, 8, 10])
def test_a_sheet_with_another_number_of_answers_is_refused(count: int) -> None:
    with pytest.raises(AnswerInvalid, match=f"9 answers are needed, {count} were given"):
        score(load_instrument("phq-9", "id"), [0] * count)


@pytest.mark.parametrize(
    ("exact", "decimals", "rounded"),
    [("12.5", 0, 13), ("13.5", 0, 14), ("12.49", 0, 12), ("2.345", 2, 2.35), ("0", 0, 0), ("-0.5", 0, 0)],
)
def test_halves_are_rounded_upwards(exact: str, decimals: int, rounded: float) -> None:
    assert round_half_up(Fraction(exact), decimals) == rounded
