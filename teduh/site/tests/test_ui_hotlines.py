"""Help lines come from a dated file; what is wrong in it is refused with the reason."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from teduh.site.hotlines import FILE, HotlineError, load_hotlines, read_hotlines

TEXT = FILE.read_text(encoding="utf-8")


def test_the_shipped_file_holds_the_lines_of_the_country() -> None:
    lines = {line.key: line for line in load_hotlines().lines}
    assert lines["healing119"].tel == "tel:119,8"
    assert lines["sapa-129"].whatsapp_url == "https://wa.me/628111129129"
    assert lines["tepsa"].number == "1500-771"
    assert not lines["tepsa"].urgent


def test_texts_follow_the_reader() -> None:
    line = load_hotlines().lines[0]
    with translation.override("id"):
        assert line.purpose == line.for_id
    with translation.override("en"):
        assert (line.purpose, line.hours, line.note) == (line.for_en, line.hours_en, line.note_en)


def test_no_text_of_the_file_has_a_sentence_longer_than_fifteen_words() -> None:
    for line in load_hotlines().lines:
        for text in (line.for_id, line.for_en, line.note_id, line.note_en):
            for sentence in text.split("."):
                assert len(sentence.split()) <= 15, sentence


def test_numbers_grow_stale() -> None:
    hotlines = load_hotlines()
    assert not hotlines.is_stale(hotlines.last_checked + timedelta(days=180))
    assert hotlines.is_stale(hotlines.last_checked + timedelta(days=181))


def test_the_page_is_as_old_as_its_oldest_number() -> None:
    older = TEXT.replace("last_checked = 2026-11-24", "last_checked = 2026-01-02", 1)
    assert read_hotlines(older).last_checked == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('dial = "112"', 'dial = "one one two"', "cannot be dialled"),
        ('key = "sapa-129"', 'key = "healing119"', "twice"),
        ("last_checked = 2026-11-24", 'last_checked = "yesterday"', "last_checked must be date"),
        ('name = "SAPA 129"', 'name = " "', "name is empty"),
        ('whatsapp = "08111129129"', 'whatsapp = "+1 555"', "not an Indonesian mobile number"),
        ('hours_id = "24 jam"\n', "", "hours_id is missing"),
        ('dial = "1500771"', 'dial = "1500771"\nfax = "12"', "unknown fax"),
        ("stale_after_days = 180", "stale_after_days = 0", "stale_after_days"),
        ('source = "https://', 'source = "ftp://', "https address"),
        ("urgent = true", "urgent = false", "at least one hotline must be urgent"),
        ("[[hotline]]", "[[hotline", "not TOML"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(HotlineError, match=reason):
        read_hotlines(TEXT.replace(old, new))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(HotlineError, match="at least one hotline"):
        read_hotlines("stale_after_days = 30")
