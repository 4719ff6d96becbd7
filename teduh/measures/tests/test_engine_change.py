"""Reliable change gives the published figures, and its words claim no more than two scores can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teduh.measures.engine import Change, ScaleScore, load_instrument, report_change, score
from teduh.measures.engine import change as engine
from teduh.measures.engine.change import (
    Limit,
    classify,
    cutoff_a,
    cutoff_b,
    cutoff_c,
    reliable_change_index,
    reliable_change_threshold,
    s_diff,
    standard_error,
)
from teduh.measures.engine.model import Direction

LOWER, HIGHER = Direction.LOWER, Direction.HIGHER


def test_the_worked_example_of_jacobson_and_truax_comes_out() -> None:
    assert standard_error(7.5, 0.80) == pytest.approx(3.354, abs=5e-4)
    assert s_diff(7.5, 0.80) == pytest.approx(4.743, abs=5e-4)
    assert reliable_change_index(32.5, 47.5, sd=7.5, reliability=0.80) == pytest.approx(3.162, abs=5e-4)


def test_the_cutoffs_of_the_worked_example_come_out() -> None:
    assert cutoff_a(40, 7.5, worse=LOWER) == 55
    assert cutoff_b(60, 7.5, worse=LOWER) == 45
    assert cutoff_c(40, 7.5, 60, 7.5) == 50


def test_the_cutoffs_turn_round_where_higher_is_worse() -> None:
    assert cutoff_a(60, 7.5, worse=HIGHER) == 45
    assert cutoff_b(40, 7.5, worse=HIGHER) == 55
    assert cutoff_c(60, 7.5, 40, 7.5) == 50


def test_cutoff_c_lies_nearer_to_the_group_with_the_smaller_spread() -> None:
    assert cutoff_c(40, 5, 60, 15) == 45


@pytest.mark.parametrize(("key", "points", "used"), [("phq-9", 5.06, 6), ("gad-7", 3.53, 4)])
def test_the_thresholds_of_the_instruments_are_the_published_ones(key: str, points: float, used: int) -> None:
    found = load_instrument(key, "id").scale("total").reliability
    threshold = reliable_change_threshold(found.sd, found.alpha)
    assert threshold == pytest.approx(points, abs=5e-3)
    assert used - 1 <= threshold < used


@pytest.mark.parametrize(
    ("cutoff", "outcome"), [(50, Change.IMPROVED), (45, Change.RECOVERED), (None, Change.IMPROVED)]
)
def test_the_worked_example_is_recovery_only_across_the_cutoff(cutoff: float | None, outcome: Change) -> None:
    assert classify(32.5, 47.5, sd=7.5, reliability=0.8, cutoff=cutoff, worse=LOWER) is outcome


@pytest.mark.parametrize(
    ("pre", "post", "outcome"),
    [
        (15, 9, Change.RECOVERED),
        (10, 4, Change.RECOVERED),
        (16, 10, Change.IMPROVED),  # 10 is the first score that is a case
        (9, 3, Change.IMPROVED),  # was no case, so there is nothing to recover from
        (15, 10, Change.UNCHANGED),  # 5 points are within the error of 5.06
        (10, 9, Change.UNCHANGED),  # crosses the cut-off, but not reliably
        (9, 15, Change.DETERIORATED),
        (9, 14, Change.UNCHANGED),
        (12, 12, Change.UNCHANGED),
        (None, 9, Change.NOT_MEASURED),
        (9, None, Change.NOT_MEASURED),
        (None, None, Change.NOT_MEASURED),
    ],
)
def test_phq_9_pairs_are_classified(pre: int | None, post: int | None, outcome: Change) -> None:
    assert classify(pre, post, sd=5.5, reliability=0.89, cutoff=10, worse=HIGHER) is outcome


@given(
    pre=st.integers(0, 27),
    post=st.integers(0, 27),
    cutoff=st.none() | st.integers(1, 27),
)
def test_a_pair_turned_upside_down_gets_the_same_class(pre: int, post: int, cutoff: int | None) -> None:
    turned = classify(
        27 - pre,
        27 - post,
        sd=5.5,
        reliability=0.89,
        cutoff=None if cutoff is None else 27 - cutoff,
        worse=LOWER,
    )
    assert classify(pre, post, sd=5.5, reliability=0.89, cutoff=cutoff, worse=HIGHER) is turned


@given(pre=st.integers(0, 27), post=st.integers(0, 27))
def test_better_one_way_is_worse_the_other_way(pre: int, post: int) -> None:
    there = classify(pre, post, sd=5.5, reliability=0.89, cutoff=10, worse=HIGHER)
    back = classify(post, pre, sd=5.5, reliability=0.89, cutoff=10, worse=HIGHER)
    assert (there in {Change.IMPROVED, Change.RECOVERED}) == (back is Change.DETERIORATED)
    assert (there is Change.UNCHANGED) == (abs(post - pre) <= 5)


@pytest.mark.parametrize(("sd", "reliability"), [(0, 0.8), (-1, 0.8), (5, 1), (5, -0.1), (float("nan"), 0.8)])
def test_impossible_figures_are_refused_even_when_nothing_was_measured(sd: float, reliability: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        classify(None, None, sd=sd, reliability=reliability, cutoff=None, worse=HIGHER)


def test_a_report_carries_the_numbers_and_the_limits() -> None:
    instrument = load_instrument("phq-9", "id")
    (pre,) = score(instrument, [2, 2, 2, 2, 2, 2, 2, 1, 0])
    (post,) = score(instrument, [1, 1, 1, 1, 0, 0, 0, None, 0])
    report = report_change(instrument.scale("total"), pre, post)
    assert report.outcome is Change.RECOVERED
    assert (report.pre, report.post, report.difference, report.cutoff) == (15, 5, -10, 10)
    assert report.index == pytest.approx(-10 / 2.5797, abs=1e-3)
    assert report.limits == (Limit.NO_COMPARISON, Limit.BORROWED, Limit.UNCONFIRMED, Limit.PRORATED)


def test_a_report_without_a_second_score_says_so_and_invents_nothing() -> None:
    instrument = load_instrument("gad-7", "id")
    (pre,) = score(instrument, [1] * 7)
    report = report_change(instrument.scale("total"), pre, None)
    assert report.outcome is Change.NOT_MEASURED
    assert (report.pre, report.post, report.difference, report.index) == (7, None, None, None)
    assert Limit.NO_COMPARISON in report.limits


def test_a_score_of_another_scale_is_refused() -> None:
    other = ScaleScore("anxiety", 3, "minimal", (), 0)
    with pytest.raises(ValueError, match="cannot be compared"):
        report_change(load_instrument("phq-9", "id").scale("total"), other, None)


def test_no_word_for_a_change_claims_a_cause() -> None:
    words = " ".join([*Change, *Limit]).lower()
    assert not any(claim in words for claim in ("effect", "success", "impact", "cured", "helped", "benefit"))
    assert "not an effect of the service" in " ".join((engine.__doc__ or "").split())
