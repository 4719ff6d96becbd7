"""An instrument is asked once, in a fixed version, and can be taken back while it waits."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.kernel.models import AuditEntry
from teduh.measures import actions
from teduh.measures.engine import load_instrument
from teduh.measures.models import Sheet
from teduh.measures.tests.helpers import CALM, assign, submit


def test_the_version_and_language_are_fixed_when_it_is_assigned(cast: Any) -> None:
    sheet = assign(cast, instrument="gad-7", language="en")
    assert (sheet.instrument, sheet.version, sheet.language) == (
        "gad-7",
        load_instrument("gad-7", "en").version,
        "en",
    )
    assert sheet.sealing_key_id == cast.ayu.data_key_id


def test_a_repeated_request_gives_the_same_sheet(cast: Any) -> None:
    client_id = uuid.uuid4()
    assert assign(cast, client_id=client_id) == assign(cast, client_id=client_id)
    assert AuditEntry.objects.filter(verb="measures.sheet.assign").count() == 1


def test_a_request_id_is_not_good_for_another_sheet(cast: Any) -> None:
    client_id = uuid.uuid4()
    assign(cast, client_id=client_id)
    with pytest.raises(Refused) as refusal:
        assign(cast, client_id=client_id, instrument="gad-7")
    assert refusal.value.code == "client_id_used"


@pytest.mark.parametrize("matter", [None, uuid.uuid4()])
def test_an_open_instrument_is_not_asked_twice_for_one_matter(cast: Any, matter: uuid.UUID | None) -> None:
    first = assign(cast, matter=matter)
    assert assign(cast, matter=matter, by="kirana") == first
    assert Sheet.objects.count() == 1


def test_other_matters_and_other_instruments_are_asked(cast: Any) -> None:
    matter = uuid.uuid4()
    sheets = {
        assign(cast, matter=matter).pk,
        assign(cast, matter=uuid.uuid4()).pk,
        assign(cast, matter=matter, instrument="gad-7").pk,
    }
    assert len(sheets) == 3


def test_a_submitted_instrument_is_asked_again(cast: Any) -> None:
    first = assign(cast)
    submit(cast, first)
    assert assign(cast) != first


@pytest.mark.parametrize("matter", [None, uuid.uuid4()])
def test_the_database_itself_refuses_a_second_open_sheet(cast: Any, matter: uuid.UUID | None) -> None:
    sheet = assign(cast, matter=matter)
    sheet.pk, sheet.public_id, sheet.client_id = None, uuid.uuid4(), uuid.uuid4()
    sheet._state.adding = True
    sheet.answers = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"instrument": "phq-8"}, "instrument_unknown", "instrument"),
        ({"instrument": "../phq-9"}, "instrument_unknown", "instrument"),
        ({"language": "jv"}, "instrument_unknown", "instrument"),
        ({"due_on": date(2020, 1, 1)}, "due_in_the_past", "due_on"),
    ],
)
def test_impossible_requests_say_which_field_is_wrong(
    cast: Any, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        assign(cast, **change)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Sheet.objects.exists()


def test_a_child_below_the_instrument_s_age_is_not_asked(cast: Any) -> None:
    thirteen = date(clock.today().year - 13, clock.today().month, clock.today().day)
    cast.ayu.birth_date = thirteen + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        assign(cast)
    assert (refusal.value.code, refusal.value.field) == ("age", "instrument")
    cast.ayu.birth_date = thirteen
    assert assign(cast).state == "assigned"


def test_a_sheet_whose_version_is_gone_gives_way_to_a_new_one(cast: Any) -> None:
    old = assign(cast)
    Sheet.objects.update(version="0")
    new = assign(cast)
    old.refresh_from_db()
    assert new != old
    assert (old.state, new.state) == ("withdrawn", "assigned")


def test_a_waiting_sheet_is_taken_back_once(cast: Any) -> None:
    sheet = assign(cast)
    for _again in range(2):
        actions.withdraw_sheet(sheet=sheet, by=cast.actor("citra"), at=clock.now())
    assert sheet.state == "withdrawn"
    assert AuditEntry.objects.filter(verb="measures.sheet.withdraw").count() == 1
    with pytest.raises(Refused) as refusal:
        submit(cast, sheet, CALM)
    assert refusal.value.code == "withdrawn"


def test_a_submitted_sheet_cannot_be_taken_back(cast: Any) -> None:
    sheet = submit(cast, assign(cast))
    with pytest.raises(Refused):
        actions.withdraw_sheet(sheet=sheet, by=cast.actor("citra"), at=clock.now())
    sheet.refresh_from_db()
    assert sheet.state == "submitted"


def test_each_deed_is_told_about_the_person_without_content(cast: Any) -> None:
    submit(cast, assign(cast))
    told = list(AuditEntry.objects.filter(verb__startswith="measures.").order_by("seq"))
    assert [each.verb for each in told] == ["measures.sheet.assign", "measures.sheet.submit"]
    assert {each.subject for each in told} == {cast.ayu.public_id}
    assert all(each.detail == {"instrument": "phq-9"} for each in told)
