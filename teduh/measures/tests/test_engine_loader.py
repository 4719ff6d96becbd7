"""Shipped instruments load and agree between languages; a broken file is refused with its fault."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from teduh.measures.engine import (
    Instrument,
    InstrumentInvalid,
    InstrumentUnknown,
    available,
    known_keys,
    load_instrument,
    score,
    unconfirmed,
)
from teduh.measures.engine.loader import DATA, load_file
from teduh.measures.engine.model import TextStatus, structure

SHIPPED = [(each.key, each.language) for each in available()]
GOOD = (DATA / "phq-9.id.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("key", "language"), SHIPPED)
def test_every_shipped_file_loads(key: str, language: str) -> None:
    instrument = load_instrument(key, language)
    assert (instrument.key, instrument.language) == (key, language)


def test_phq_9_and_gad_7_are_there_in_both_languages() -> None:
    assert set(SHIPPED) >= {("phq-9", "id"), ("phq-9", "en"), ("gad-7", "id"), ("gad-7", "en")}
    assert set(known_keys()) >= {"phq-9", "gad-7"}


@pytest.mark.parametrize("key", known_keys())
def test_the_languages_of_an_instrument_differ_in_nothing_but_wording(key: str) -> None:
    first, *others = (load_instrument(key, each.language) for each in available() if each.key == key)
    for other in others:
        assert structure(other) == structure(first)
        assert [item.text for item in other.items] != [item.text for item in first.items]


def test_structure_sees_a_changed_rule_and_not_a_changed_word(tmp_path: Path) -> None:
    same = load_changed(tmp_path, 'title = "Skor total"', 'title = "Jumlah"')
    other = load_changed(tmp_path, "safety_at_least = 1", "safety_at_least = 2")
    original = load_instrument("phq-9", "id")
    assert structure(same) == structure(original)
    assert structure(other) != structure(original)


def test_the_indonesian_wording_is_shown_as_not_compared_with_the_primary_form() -> None:
    for key in ("phq-9", "gad-7"):
        instrument = load_instrument(key, "id")
        assert instrument.text_status is TextStatus.PRIMARY_NOT_OPENED
        assert set(unconfirmed(instrument)) >= {"text", "scales.total.missing", "scales.total.rounding"}


def test_a_confirmed_source_is_not_listed_as_unconfirmed() -> None:
    listed = unconfirmed(load_instrument("phq-9", "id"))
    assert "scales.total.cutoffs.nhs_case" in listed
    assert "scales.total.cutoffs.indonesian_students" not in listed


def test_answer_zero_of_gad_7_is_not_at_all() -> None:
    assert load_instrument("gad-7", "en").options[0].label == "Not at all"


def test_only_verified_codes_are_written() -> None:
    codes = {(c.code, c.about) for key in ("phq-9", "gad-7") for c in load_instrument(key, "id").codes}
    assert codes == {("44249-1", "instrument"), ("44261-6", "total"), ("70274-6", "total")}


@pytest.mark.parametrize(("key", "language"), SHIPPED)
def test_figures_from_abroad_are_marked_as_borrowed(key: str, language: str) -> None:
    scale = load_instrument(key, language).scale("total")
    assert scale.reliability.borrowed
    assert [c.key for c in scale.cutoffs if not c.borrowed] == (
        ["indonesian_students"] if key == "phq-9" else []
    )


@pytest.mark.parametrize(
    ("key", "language"),
    [("phq-8", "id"), ("phq-9", "fr"), ("../data/phq-9", "id"), ("", ""), ("PHQ-9", "id")],
)
def test_an_unknown_instrument_is_refused_with_the_names_there_are(key: str, language: str) -> None:
    with pytest.raises(InstrumentUnknown, match=r"phq-9 \(id\)"):
        load_instrument(key, language)


def load_changed(folder: Path, old: str, new: str) -> Instrument:
    assert GOOD.count(old) >= 1, old
    path = folder / "phq-9.id.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return load_file(path)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('version = "1"\n', "", "version", "is missing"),
        ('version = "1"', "version = 1", "version", "must be text"),
        ('version = "1"', 'version = " "', "version", "blank ends"),
        ('version = "1"', 'version = "1"\nsoring = 2', "soring", "is not known here"),
        ("last_checked = 2026-11-24", 'last_checked = "today"', "last_checked", "must be a date"),
        ("last_checked = 2026-11-24", "last_checked = 2026-11-24T08:00:00", "last_checked", "must be a date"),
        ("recall_days = 14", "recall_days = 0", "recall_days", "at least 1"),
        ("recall_days = 14", "recall_days = true", "recall_days", "whole number"),
        ("wording_certain_primary_not_opened", "fine", "text_status", "must be one of confirmed"),
        ("value = 1\n", "value = 0\n", "options", "rising values"),
        ('id = "2"', 'id = "3"', "items[2].id", "must be '2'"),
        ("safety_at_least = 1", "safety_at_least = 0", "items[9].safety_at_least", "above the lowest"),
        ("safety_at_least = 1", "safety_at_least = 4", "items[9].safety_at_least", "within the options"),
        ("safety_at_least = 1", "safety_atleast = 1", "items[9].safety_atleast", "is not known here"),
        ('items = ["1", "2"', 'items = ["1", "1"', "scales[1].items", "names '1' twice"),
        ('items = ["1", "2"', 'items = ["1", "12"', "scales[1].items", "no such item: 12"),
        ('items = ["1", "2", ', 'items = ["1", ', "scales[1].lowest", "range must be 0 to 24"),
        ('method = "sum"', 'method = "median"', "scales[1].method", "must be one of sum, mean"),
        ("factor = 1", "factor = 0", "scales[1].factor", "at least 1"),
        ("highest = 27", "highest = 30", "scales[1].lowest", "range must be 0 to 27"),
        ("low = 5\n", "low = 6\n", "scales[1].bands[2].low", "must be 5"),
        ("low = 5\n", "low = 4\n", "scales[1].bands[2].low", "must be 5"),
        ("high = 27", "high = 26", "scales[1].bands", "must end at 27"),
        ('key = "mild"', 'key = "minimal"', "scales[1].bands", "same key twice"),
        ("max_blank = 2", "max_blank = 9", "scales[1].missing.max_blank", "at least one answered"),
        (
            'never_imputed = ["9"]',
            'never_imputed = ["10"]',
            "scales[1].missing.never_imputed",
            "outside the scale",
        ),
        ('rule = "half_up"', 'rule = "half_even"', "scales[1].rounding.rule", "must be one of half_up"),
        ("decimals = 0", "decimals = 9", "scales[1].rounding.decimals", "between 0 and 3"),
        ("at = 10\n", "at = 28\n", "scales[1].cutoffs[1].at", "not above 27"),
        ("sensitivity = 0.907", "sensitivity = 90.7", "scales[1].cutoffs[2].sensitivity", "between 0 and 1"),
        ("borrowed = true", 'borrowed = "yes"', "scales[1].cutoffs[1].borrowed", "true or false"),
        (
            'change_cutoff = "nhs_case"',
            'change_cutoff = "other"',
            "scales[1].change_cutoff",
            "must be one of nhs_case",
        ),
        ("sd = 5.5", "sd = 0", "scales[1].reliability.sd", "above 0"),
        ("sd = 5.5", "sd = nan", "scales[1].reliability.sd", "must be a number"),
        ("alpha = 0.89", "alpha = 1", "scales[1].reliability.alpha", "below 1"),
        ("youngest = 13", "youngest = -1", "ages.youngest", "below 0"),
        ('about = "instrument"', 'about = "sum"', "codes[1].about", "must be one of instrument, total"),
        ('key = "item_9"', 'key = "not_a_diagnosis"', "notices", "same key twice"),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_the_rule(
    tmp_path: Path, old: str, new: str, place: str, reason: str
) -> None:
    with pytest.raises(InstrumentInvalid, match=re.escape(reason)) as caught:
        load_changed(tmp_path, old, new)
    assert caught.value.path == f"phq-9.id.toml: {place}"


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "phq-9.id.toml"
    path.write_bytes(b"key = \xff")
    with pytest.raises(InstrumentInvalid, match="cannot be read"):
        load_file(path)


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "phq-9.en.toml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(InstrumentInvalid, match="named after its key and language"):
        load_file(path)


def test_the_engine_runs_without_django() -> None:
    code = "import sys, teduh.measures.engine.sheets; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# A made-up instrument, never shipped, for the rules that no shipped instrument uses yet.
REVERSED_MEAN = """
key = "made-up"
version = "1"
language = "en"
title = "Made up"
licence = "none"
licence_source = "none"
source = "none"
last_checked = 2026-01-31
text_status = "confirmed"
text_note = "none"
recall = "now"
recall_days = 1
stem = "How is it?"
options = [{ value = 1, label = "low" }, { value = 2, label = "middle" }, { value = 5, label = "high" }]
items = [
  { id = "1", text = "one" },
  { id = "2", text = "two", reverse = true },
  { id = "3", text = "three" },
]
codes = []
[[scales]]
key = "average"
title = "Average"
items = ["1", "2", "3"]
method = "mean"
factor = 1
worse = "lower"
lowest = 1
highest = 5
change_cutoff = "low"
bands = [{ key = "low", low = 1, high = 2.99 }, { key = "high", low = 3, high = 5 }]
missing = { max_blank = 1, never_imputed = [], source = "none", confirmed = true }
rounding = { rule = "half_up", decimals = 2, source = "none", confirmed = true }
cutoffs = [{ key = "low", at = 2.99, borrowed = false, population = "x", source = "none", confirmed = true }]
reliability = { sd = 1, alpha = 0.8, borrowed = false, population = "x", source = "none", confirmed = true }
[[scales]]
key = "tenfold"
title = "Tenfold"
items = ["1", "3"]
method = "sum"
factor = 10
worse = "higher"
lowest = 20
highest = 100
change_cutoff = "high"
bands = [{ key = "any", low = 20, high = 100 }]
missing = { max_blank = 0, never_imputed = [], source = "none", confirmed = true }
rounding = { rule = "half_up", decimals = 0, source = "none", confirmed = true }
cutoffs = [{ key = "high", at = 60, borrowed = false, population = "x", source = "none", confirmed = true }]
reliability = { sd = 9, alpha = 0.8, borrowed = false, population = "x", source = "none", confirmed = true }
[ages]
youngest = 10
oldest = 19
source = "none"
confirmed = true
[[notices]]
key = "made_up"
audience = "everyone"
text = "Made up."
"""


@pytest.mark.parametrize(
    ("answers", "average", "band", "tenfold"),
    [
        ([5, 1, 5], 5.0, "high", 100),  # item 2 is reversed: 1 counts as 5
        ([1, 5, 1], 1.0, "low", 20),
        ([1, 2, 1], 2.0, "low", 20),  # (1 + 4 + 1) / 3
        ([2, 2, 2], 2.67, "low", 40),  # (2 + 4 + 2) / 3 = 2.666...
        ([2, None, 5], 3.5, "high", 70),
        ([None, 1, 2], 3.5, "high", None),
        ([None, None, 2], None, None, None),
    ],
)
def test_reversed_items_means_factors_and_two_scales_are_scored(
    tmp_path: Path, answers: list[int | None], average: float | None, band: str | None, tenfold: int | None
) -> None:
    path = tmp_path / "made-up.en.toml"
    path.write_text(REVERSED_MEAN, encoding="utf-8")
    instrument = load_file(path)
    assert unconfirmed(instrument) == ()
    first, second = score(instrument, answers)
    assert (first.value, first.band, second.value) == (average, band, tenfold)
