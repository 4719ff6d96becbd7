"""Answers are taken once, sealed, scored as the engine scores them, and danger in them is announced once."""

import json
from typing import Any

import pytest
from django.db import connection

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.kernel.models import AuditEntry, DataKey, Wake
from teduh.measures import actions, hooks
from teduh.measures.engine import AnswerInvalid, load_instrument, score
from teduh.measures.models import Score, Sheet
from teduh.measures.tests.helpers import CALM, IN_DANGER, assign, submit

TWO_BLANK = (None, 0, 2, 1, None, 1, 0, 1, 0)
THREE_BLANK = (None, None, None, 1, 0, 1, 0, 1, 0)
SAFETY_BLANK = (1, 0, 2, 1, 0, 1, 0, 1, None)


@pytest.mark.parametrize(
    "answers", [CALM, IN_DANGER, (3,) * 9, (0,) * 9, TWO_BLANK, THREE_BLANK, SAFETY_BLANK]
)
def test_stored_scores_equal_the_engine_s(
    cast: Any, heard: list[Any], answers: tuple[int | None, ...]
) -> None:
    submit(cast, assign(cast), answers)
    expected = score(load_instrument("phq-9", "id"), answers)
    stored = Score.objects.order_by("pk")
    assert [
        (s.scale, None if s.value is None else float(s.value), s.band or None, tuple(s.flags)) for s in stored
    ] == [(e.scale, e.value, e.band, e.flags) for e in expected]


def test_the_published_check_value_comes_out(cast: Any) -> None:
    submit(cast, assign(cast), (2, 2, 2, 2, 1, 1, 2, 0, 0))
    assert float(Score.objects.get().value or 0) == 12


def test_answers_come_back_from_the_seal_as_they_were_given(cast: Any) -> None:
    sheet = submit(cast, assign(cast), TWO_BLANK)
    assert json.loads(Sheet.objects.get().answers.open()) == list(TWO_BLANK)
    assert sheet.state == "submitted"
    assert sheet.submitted_at is not None


def test_no_answer_stands_in_the_database_as_text(cast: Any, caplog: pytest.LogCaptureFixture) -> None:
    answers = (3, 1, 2, 0, 3, 2, 1, 1, 0)
    submit(cast, assign(cast), answers)
    canaries = [json.dumps(answers), json.dumps(answers, separators=(",", ":")), "312032110", str(answers)]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            dump = "\n".join(
                str(bytes(value) if isinstance(value, memoryview) else value)
                for row in cursor
                for value in row
            )
            assert not [canary for canary in canaries if canary in dump], table
    assert not [canary for canary in canaries if canary in caplog.text]


def test_danger_is_announced_once_with_the_sheet_and_the_item(cast: Any, heard: list[Any]) -> None:
    at = clock.now()
    sheet = submit(cast, assign(cast), IN_DANGER, at=at)
    submit(cast, sheet, IN_DANGER)
    assert [(each.pk, item, moment) for each, item, moment in heard] == [(sheet.pk, "9", at)]


def test_without_danger_nothing_is_announced(cast: Any, heard: list[Any]) -> None:
    submit(cast, assign(cast), CALM)
    submit(cast, assign(cast, instrument="gad-7"), (3,) * 7)
    assert heard == []


def test_danger_is_announced_before_anything_is_written(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []

    def listen(sheet: Sheet, item: str, at: Any) -> None:
        seen.append((Sheet.objects.get(pk=sheet.pk).state, Score.objects.count()))
        assert connection.in_atomic_block

    monkeypatch.setattr(hooks.safety_item_positive, "_listeners", [listen])
    submit(cast, assign(cast), IN_DANGER)
    assert seen == [("assigned", 0)]


def test_an_alert_that_fails_undoes_the_submission_so_that_a_retry_raises_it(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(sheet: Sheet, item: str, at: Any) -> None:
        raise RuntimeError("no alert")

    sheet = assign(cast)
    monkeypatch.setattr(hooks.safety_item_positive, "_listeners", [fail])
    with pytest.raises(RuntimeError):
        submit(cast, sheet, IN_DANGER)
    sheet.refresh_from_db()
    assert sheet.state == "assigned"
    assert not Score.objects.exists()


def test_the_same_answers_again_change_nothing(cast: Any) -> None:
    sheet = submit(cast, assign(cast))
    before = Sheet.objects.values().get()
    submit(cast, sheet)
    assert Sheet.objects.values().get() == before
    assert Score.objects.count() == 1
    assert AuditEntry.objects.filter(verb="measures.sheet.submit").count() == 1


def test_other_answers_are_refused_and_the_first_stay(cast: Any) -> None:
    sheet = submit(cast, assign(cast))
    with pytest.raises(Refused) as refusal:
        submit(cast, sheet, (0,) * 9)
    assert refusal.value.code == "already_submitted"
    assert json.loads(Sheet.objects.get().answers.open()) == list(CALM)


def test_danger_that_shows_only_in_refused_answers_is_announced_once(cast: Any, heard: list[Any]) -> None:
    sheet = submit(cast, assign(cast), CALM)
    for _again in range(2):
        with pytest.raises(Refused):
            submit(cast, sheet, IN_DANGER)
    assert [item for _sheet, item, _at in heard] == ["9"]
    assert Score.objects.get().flags == ["safety_later:9"]
    assert float(Score.objects.get().value or 0) == 6


@pytest.mark.parametrize(
    "answers", [(1,) * 8, (1,) * 10, (4, *CALM[1:]), (-1, *CALM[1:]), (True, *CALM[1:]), ()]
)
def test_codes_that_are_no_option_are_refused_whole(
    cast: Any, heard: list[Any], answers: tuple[Any, ...]
) -> None:
    sheet = assign(cast)
    with pytest.raises(AnswerInvalid):
        submit(cast, sheet, answers)
    sheet.refresh_from_db()
    assert (sheet.state, Score.objects.count(), heard) == ("assigned", 0, [])


def test_a_version_that_is_no_longer_shipped_is_refused_kindly(cast: Any) -> None:
    sheet = assign(cast)
    Sheet.objects.update(version="0")
    with pytest.raises(Refused) as refusal:
        submit(cast, sheet)
    assert refusal.value.code == "version_gone"


def test_the_one_who_asked_is_woken(cast: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL wakes by NOTIFY, which leaves no row to look at")
    sheet = assign(cast)
    Wake.objects.all().delete()
    submit(cast, sheet)
    assert set(Wake.objects.values_list("channel", flat=True)) == {
        f"p:{cast.citra.public_id.hex}",
        f"p:{cast.ayu.public_id.hex}",
    }


def test_answers_are_gone_with_the_person_s_key(cast: Any) -> None:
    from teduh.kernel.sealing import keyring

    submit(cast, assign(cast))
    keyring.destroy(DataKey.objects.get(pk=cast.ayu.data_key_id), at=clock.now())
    with pytest.raises(keyring.KeyDestroyed):
        Sheet.objects.get().answers.open()


def test_a_sent_sheet_needs_few_queries(cast: Any, query_count: Any) -> None:
    sheet, by, at = assign(cast), cast.actor("ayu"), clock.now()
    with query_count() as queries:
        actions.submit_sheet(sheet=sheet, answers=CALM, by=by, at=at)
    assert len(queries) <= 9
