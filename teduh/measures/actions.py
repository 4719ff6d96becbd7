"""Every write of measures: assign a sheet, submit it, withdraw it."""

import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.live import person_channel, wake
from teduh.kernel.machine import move, rule_for
from teduh.measures import hooks
from teduh.measures.engine import (
    AnswerInvalid,
    Instrument,
    InstrumentUnknown,
    ScaleScore,
    check_answers,
    load_instrument,
    safety_flags,
    score,
)
from teduh.measures.models import Score, Sheet
from teduh.measures.policies import may_assign
from teduh.measures.shipped import shipped
from teduh.measures.states import SHEET_RULES, SheetState, SheetStep
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told

SAFETY = "safety:"
SAFETY_LATER = "safety_later:"
"""Flag of a safety item that turned positive only in a repeated sending, whose answers were not taken."""


def assign_sheet(
    *,
    person: Person,
    instrument: str,
    matter: uuid.UUID | None,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    due_on: date | None = None,
    language: str = "id",
) -> Sheet:
    """Ask a person to fill in an instrument; its version is fixed now, so that a score says what was asked.

    Repeats return the first sheet; an instrument still open for the matter is returned, not asked twice.
    The caller has checked that `by` cares for the person in that matter.
    Raises NotVisible for a role that does not read scores, Refused with the field that needs another look.
    """
    if not may_assign(by):
        raise NotVisible
    with transaction.atomic():
        again = _assigned_before(person, instrument, matter, by, client_id)
        if again is not None:
            return again
        wording = _wording(instrument, language)
        _check_due(due_on, at)
        _check_age(person, wording, at)
        still_open = Sheet.objects.filter(
            person=person, instrument=instrument, matter=matter, state=SheetState.ASSIGNED
        ).first()
        if still_open is not None:
            if shipped(still_open) is not None:
                return still_open
            # Nobody can fill in a version that is gone; the new sheet takes its place.
            withdraw_sheet(sheet=still_open, by=by, at=at)
        return _create_sheet(person, wording, matter, by, at, client_id, due_on)


def _assigned_before(
    person: Person, instrument: str, matter: uuid.UUID | None, by: Actor, client_id: uuid.UUID
) -> Sheet | None:
    found = Sheet.objects.filter(client_id=client_id).first()
    if found is None:
        return None
    if (found.person_id, found.instrument, found.matter, found.assigned_by_id) != (
        person.pk,
        instrument,
        matter,
        by.person_id,
    ):
        raise Refused("client_id_used", _("This form was already used. Please open it again."))
    return found


def _wording(instrument: str, language: str) -> Instrument:
    try:
        return load_instrument(instrument, language)
    except InstrumentUnknown:
        message = _("This questionnaire is not available in that language.")
        raise Refused("instrument_unknown", message, field="instrument") from None


def _check_due(due_on: date | None, at: datetime) -> None:
    if due_on is not None and due_on < timezone.localtime(at).date():
        raise Refused("due_in_the_past", _("The day has passed. Choose today or later."), field="due_on")


def _check_age(person: Person, wording: Instrument, at: datetime) -> None:
    if person.birth_date is None:
        return
    today = timezone.localtime(at).date()
    had_birthday = (today.month, today.day) >= (person.birth_date.month, person.birth_date.day)
    age = today.year - person.birth_date.year - (not had_birthday)
    oldest = wording.ages.oldest
    if age < wording.ages.youngest or (oldest is not None and age > oldest):
        raise Refused("age", _("This questionnaire is not meant for this age."), field="instrument")


def _create_sheet(
    person: Person,
    wording: Instrument,
    matter: uuid.UUID | None,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    due_on: date | None,
) -> Sheet:
    assert by.person_id is not None
    sheet = Sheet(
        organisation=person.organisation,
        person=person,
        sealing_key_id=person.data_key_id,
        instrument=wording.key,
        version=wording.version,
        language=wording.language,
        matter=matter,
        assigned_by_id=by.person_id,
        assigned_at=at,
        due_on=due_on,
        client_id=client_id,
    )
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
    except IntegrityError:
        # The same request, or a colleague's, was a moment faster.
        faster = _assigned_before(person, wording.key, matter, by, client_id)
        return faster or Sheet.objects.get(
            person=person, instrument=wording.key, matter=matter, state=SheetState.ASSIGNED
        )
    audit.record(
        told(
            by,
            "measures.sheet.assign",
            sheet,
            subject=person,
            scope=person.organisation,
            instrument=wording.key,
        ),
        at=at,
    )
    wake(person_channel(person.public_id))
    return sheet


def submit_sheet(*, sheet: Sheet, answers: Sequence[int | None], by: Actor, at: datetime) -> Sheet:
    """Take the answers of the person themself, in form order, None for a blank; once and for all.

    The same answers again change nothing; others are refused, but a danger that shows only in them is
    announced, because somebody has now said it.
    Raises NotVisible for anybody else, Refused, AnswerInvalid and Stale.
    """
    given = tuple(answers)
    with transaction.atomic():
        row = (
            Sheet.objects.select_for_update(of=("self",))
            .select_related("organisation", "person", "assigned_by")
            .get(pk=sheet.pk)
        )
        if by.person_id is None or row.person_id != by.person_id:
            raise NotVisible
        if row.state == SheetState.WITHDRAWN:
            raise Refused("withdrawn", _("This questionnaire is no longer needed. Nothing was sent."))
        wording = shipped(row)
        if row.state == SheetState.SUBMITTED:
            same = _repeat(row, wording, given, by, at)
        elif wording is None:
            message = _("This questionnaire has been replaced. Please ask for the new one.")
            raise Refused("version_gone", message)
        else:
            _submit(row, wording, given, by, at)
            same = True
    if not same:
        # Only now: the refusal must not undo the announcement made above.
        raise Refused("already_submitted", _("Your first answers were already saved. They stay as they are."))
    return row


def _submit(row: Sheet, wording: Instrument, given: tuple[int | None, ...], by: Actor, at: datetime) -> None:
    rule = rule_for(SHEET_RULES, SheetState(row.state), SheetStep.SUBMIT)
    problems = check_answers(wording, given)
    if problems:
        raise AnswerInvalid(problems)
    for item in _positive(wording, given):
        hooks.safety_item_positive.announce(row, item, at)
    scores = score(wording, given)
    move(row, rule, submitted_at=at)
    row.answers = json.dumps(given)
    row.save(update_fields=["answers"])
    Score.objects.bulk_create([_score_row(row, each) for each in scores])
    audit.record(
        told(
            by,
            "measures.sheet.submit",
            row,
            subject=row.person,
            scope=row.organisation,
            instrument=row.instrument,
        ),
        at=at,
    )
    wake(person_channel(row.assigned_by.public_id), person_channel(row.person.public_id))


def _score_row(row: Sheet, found: ScaleScore) -> Score:
    return Score(
        sheet=row, scale=found.scale, value=found.value, band=found.band or "", flags=list(found.flags)
    )


def _positive(wording: Instrument, given: tuple[int | None, ...]) -> list[str]:
    return [flag.removeprefix(SAFETY) for flag in safety_flags(wording, given)]


def _repeat(
    row: Sheet, wording: Instrument | None, given: tuple[int | None, ...], by: Actor, at: datetime
) -> bool:
    """Tell whether these are the answers already taken; a danger that is new in them is announced once."""
    audit.record(told(by, "measures.sheet.read", row, subject=row.person, scope=row.organisation), at=at)
    if json.loads(row.answers.open()) == list(given):
        return True
    if wording is None or check_answers(wording, given):
        return False
    scores = list(Score.objects.filter(sheet=row))
    known = {flag.partition(":")[2] for each in scores for flag in each.flags if flag.startswith("safety")}
    new = [item for item in _positive(wording, given) if item not in known]
    for item in new:
        hooks.safety_item_positive.announce(row, item, at)
    if new:
        for each in scores:
            each.flags = [*each.flags, *(f"{SAFETY_LATER}{item}" for item in new)]
        Score.objects.bulk_update(scores, ["flags"])
        audit.record(
            told(by, "measures.sheet.safety_later", row, subject=row.person, scope=row.organisation), at=at
        )
        wake(person_channel(row.assigned_by.public_id))
    return False


@transaction.atomic
def withdraw_sheet(*, sheet: Sheet, by: Actor, at: datetime) -> None:
    """Take back a sheet that nobody has filled in; again changes nothing. The caller has checked the matter.

    Raises NotVisible for a role that does not read scores, Refused once it was submitted, Stale.
    """
    if not may_assign(by):
        raise NotVisible
    if sheet.state == SheetState.WITHDRAWN:
        return
    move(sheet, rule_for(SHEET_RULES, SheetState(sheet.state), SheetStep.WITHDRAW))
    audit.record(
        told(by, "measures.sheet.withdraw", sheet, subject=sheet.person, scope=sheet.organisation), at=at
    )
    wake(person_channel(sheet.person.public_id))
