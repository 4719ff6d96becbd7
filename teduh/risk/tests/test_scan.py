"""The detector hears danger in the writing of pupils, and leaves their idioms alone."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import teduh.risk
from teduh.risk import Category, Person, Severity, scan, scan_all
from teduh.risk.rules import Rule, load


def severity(text: str) -> str:
    finding = scan(text)
    return finding.severity.value if finding else "none"


@pytest.mark.parametrize(
    "text",
    [
        "aku mau bunuh diri",
        "gw pgn bundir",
        "bun0h d1r1 aja",
        "aku mau b*nuh diri",
        "aku mau b.u.n.u.h diri",
        "aku mau bu nuh di ri",
        "p e n g e n m a t i",
        "akumaubunuhdiri",
        "pengeeen matiiii ajaa",
        "gak mau hidup lagi",
        "hayang paeh",
        "pengen mati ae, wis ora kuat",
        "aku mau b\u200bunuh diri",
        "aku mau ｂｕｎｕｈ diri",
        "i want to kill myself",
        "maafin aku ya, selamat tinggal semua",
        "dia bilang mau ngabisin aku",
        "besok aku bawa pisau ke sekolah",
        "mereka di depan pintu bawa parang",
    ],
)
def test_a_near_danger_is_urgent_in_any_spelling(text: str) -> None:
    assert severity(text) == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "capek hidup",
        "dulu aku pernah mau bunuh diri, sekarang sudah baik",
        "aku dibully di kelas",
        "udah 3 bulan ga self harm",
    ],
)
def test_what_is_past_or_passive_is_a_concern(text: str) -> None:
    assert severity(text) == "concern"


@pytest.mark.parametrize(
    "text",
    [
        "mati lampu",
        "mati ketawa gue",
        "HP-ku mati",
        "bunuh waktu dulu",
        "killing me softly",
        "aku mati terus di ML",
        "tugas sejarah tentang pembunuhan",
        "aku gak pernah kepikiran bunuh diri",
        "apa itu self harm?",
        "sakit kepala",
        "capek banget hari ini",
        "",
        " ",
        "halo kak, besok jadi konseling?",
    ],
)
def test_idioms_denials_and_school_talk_raise_nothing(text: str) -> None:
    assert scan(text) is None


def test_a_friend_in_danger_counts_as_much_as_the_writer() -> None:
    finding = scan("temanku mau bunuh diri")
    assert finding is not None
    assert (finding.severity, finding.person) == (Severity.URGENT, Person.THIRD)


def test_the_writer_is_told_apart_from_a_friend() -> None:
    finding = scan("aku pengen mati aja")
    assert finding is not None
    assert finding.person is Person.FIRST


def test_the_evidence_is_cut_from_the_original_text() -> None:
    text = "Hari ini hujan... terus aku pengen b*nuh d1r1 😭 gitu"
    finding = scan(text)
    assert finding is not None
    assert finding.evidence == text[finding.span[0] : finding.span[1]]
    assert "b*nuh d1r1" in finding.evidence


def test_the_gravest_danger_comes_first() -> None:
    findings = scan_all("aku dibully di kelas. aku mau bunuh diri")
    assert [finding.severity for finding in findings] == [Severity.URGENT, Severity.CONCERN]
    assert findings[0].category is Category.SUICIDE_SELF_HARM
    assert findings[1].category is Category.VIOLENCE_ABUSE


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.id)
def test_every_example_of_a_rule_is_found_at_least_as_gravely(rule: Rule) -> None:
    assert rule.examples
    for text in rule.examples:
        assert severity(text) in {"urgent", rule.severity.value}, text


@pytest.mark.parametrize(("idiom", "text"), load().idiom_examples)
def test_every_example_of_an_idiom_raises_nothing(idiom: str, text: str) -> None:
    assert scan(text) is None, idiom


URGENT = (
    "aku mau bunuh diri",
    "pengen mati aja",
    "mending aku mati",
    "aku mau gantung diri",
    "gak mau hidup lagi",
    "aku pengen loncat dari gedung",
    "aku diperkosa",
    "aku mau bunuh dia",
    "temanku mau bunuh diri",
)
LEET = str.maketrans({"a": "4", "i": "1", "e": "3", "o": "0", "u": "0"})


@given(st.sampled_from(URGENT), st.data())
def test_stretching_letters_loses_no_urgent_message(text: str, data: st.DataObject) -> None:
    stretched = "".join(letter * (data.draw(st.integers(1, 9)) if letter.isalpha() else 1) for letter in text)
    assert severity(stretched) == "urgent"


@given(st.sampled_from(("aku mau bunuh diri", "pengen mati aja", "aku mau gantung diri")), st.data())
def test_figures_for_letters_lose_no_urgent_message(text: str, data: st.DataObject) -> None:
    words = [
        "".join(
            letter.translate(LEET) if place and data.draw(st.booleans()) else letter
            for place, letter in enumerate(word)
        )
        for word in text.split()
    ]
    assert severity(" ".join(words)) == "urgent"


@given(
    st.sampled_from(URGENT),
    st.sampled_from((str.upper, str.title, str.swapcase)),
    st.sampled_from((" ", "  ", "\n", "\t")),
)
def test_case_and_spacing_do_not_matter(text: str, change: Callable[[str], str], space: str) -> None:
    assert severity(space.join(change(text).split(" "))) == "urgent"


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=300), st.text(alphabet="aiunmtdbh.,*-+!@$#%0123 \n'?…", max_size=200)))
@example("+")
@example("***")
@example("b*nuh+")
def test_no_text_makes_it_raise_and_spans_stay_inside(text: str) -> None:
    for finding in scan_all(text):
        start, end = finding.span
        assert 0 <= start < end <= len(text)
        assert finding.evidence == text[start:end]


FRAGMENTS = (
    "aku",
    "mau",
    "bunuh",
    "diri",
    "mati",
    "ga",
    "temanku",
    "b*nuh",
    "m4ti",
    "?",
    "...",
    "😂",
    "\0",
    "ayah",
    "dipukul",
    "kalo",
    "\u200b",
    "dulu",
    "d i r i",
    "lampu",
    "１２",
    "Ǆ",
    "ﷺ",
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60))
def test_words_of_danger_in_any_order_keep_spans_inside_and_answers_stable(parts: list[str]) -> None:
    text = " ".join(parts)
    findings = scan_all(text)
    assert findings == scan_all(text)
    assert list(findings) == sorted(findings, key=lambda finding: finding.severity.rank)
    for finding in findings:
        start, end = finding.span
        assert 0 <= start < end <= len(text)
        assert finding.evidence == text[start:end]


@settings(max_examples=20)
@given(
    st.sampled_from(("aku mau ", "mati", "b.u.n.u.h ", "bunuh diri ga ", "😂\0", "d i r i ", "ga mau mati ")),
    st.integers(1, 4000),
)
def test_long_repetitions_neither_raise_nor_hang(part: str, times: int) -> None:
    scan_all((part * times)[:20_000])


def test_the_detector_needs_no_web_framework() -> None:
    program = "import sys, teduh.risk; teduh.risk.scan('aku mau mati'); print('django' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
    assert teduh.risk.scan is scan
