"""The scores of one matter over time, and what a change between them does and does not say."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from teduh.measures import words
from teduh.measures.engine import Change, Instrument, ScaleScore, report_change
from teduh.measures.engine.change import ChangeReport
from teduh.measures.engine.model import Scale
from teduh.measures.models import Score, Sheet
from teduh.measures.queries.filling import overdue
from teduh.measures.queries.instruments import ScaleShown, reader_notices, show_scale
from teduh.measures.shipped import shipped
from teduh.measures.states import SheetState


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know about one filling-in, beside its score."""

    code: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Filling:
    """One scale's result of one filling-in; `value` is None where too little was answered."""

    sheet: uuid.UUID
    at: datetime
    value: float | None
    band: str
    band_label: str
    flags: tuple[Flag, ...]
    version: str
    language: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """The change from the first scored filling-in to the last, and its limits; `report` has the numbers.

    `report` is None where the two must not be compared at all.
    """

    first: Filling
    last: Filling
    report: ChangeReport | None
    label: str
    sentence: str
    tone: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """One scale over time, oldest first; `scale` is None when its version is no longer shipped."""

    key: str
    scale: ScaleShown | None
    fillings: tuple[Filling, ...]
    change: ChangeShown | None

    @property
    def points(self) -> tuple[tuple[str, float], ...]:
        """What the chart draws: (day, score); a filling without a score stands in the table only."""
        return tuple(
            (date_format(timezone.localtime(each.at), "j M"), each.value)
            for each in self.fillings
            if each.value is not None
        )

    @property
    def latest(self) -> Filling:
        """The newest filling-in."""
        return self.fillings[-1]


@dataclass(frozen=True, slots=True)
class InstrumentResult:
    """One instrument's scales, with its source and what nobody has checked yet."""

    key: str
    title: str
    source: str
    scales: tuple[ScaleResult, ...]
    unconfirmed: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet that still waits for answers; `gone` when its version can no longer be filled in."""

    public_id: uuid.UUID
    title: str
    assigned_on: date
    due_on: date | None
    overdue: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Results:
    """All measures of one matter."""

    instruments: tuple[InstrumentResult, ...]
    waiting: tuple[Waiting, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there to show."""
        return not self.instruments and not self.waiting


def results_of(matter: uuid.UUID) -> Results:
    """Return every instrument's scores over time, and what still waits (two queries).

    The caller has checked access to the matter and audits the read. Answers stay sealed; scores suffice.
    """
    sheets = list(
        Sheet.objects.of_matter(matter)
        .filter(state__in=(SheetState.ASSIGNED, SheetState.SUBMITTED))
        .prefetch_related("scores")
        .order_by("submitted_at", "pk")
    )
    done: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        if sheet.state == SheetState.SUBMITTED:
            done.setdefault(sheet.instrument, []).append(sheet)
    return Results(
        instruments=tuple(_instrument(key, of_key) for key, of_key in done.items()),
        waiting=tuple(_waiting(sheet) for sheet in sheets if sheet.state == SheetState.ASSIGNED),
    )


def sheet_of_matter(matter: uuid.UUID, public_id: uuid.UUID) -> Sheet | None:
    """Return one sheet of a matter that the caller has checked, to withdraw it, or None (one query)."""
    sheets = Sheet.objects.of_matter(matter).select_related("person", "organisation")
    return sheets.filter(public_id=public_id).first()


def _instrument(key: str, sheets: Sequence[Sheet]) -> InstrumentResult:
    wording = _for_reader(sheets[-1])
    fillings: dict[str, list[Filling]] = {}
    for sheet in sheets:
        for each in sheet.scores.all():
            fillings.setdefault(each.scale, []).append(_filling(sheet, each))
    return InstrumentResult(
        key=key,
        title=wording.title if wording else key.upper(),
        source=wording.source if wording else "",
        scales=tuple(_scale(name, wording, of_scale) for name, of_scale in fillings.items()),
        unconfirmed=words.unconfirmed_parts(wording) if wording else (),
        notices=reader_notices(wording) if wording else (),
    )


def _for_reader(sheet: Sheet) -> Instrument | None:
    """Return the instrument in the reader's language where it is there, else in that of the sheet."""
    return shipped(sheet, language=get_language() or sheet.language) or shipped(sheet)


def _filling(sheet: Sheet, each: Score) -> Filling:
    value = None if each.value is None else float(each.value)
    return Filling(
        sheet=sheet.public_id,
        at=sheet.submitted_at or sheet.assigned_at,
        value=int(value) if value is not None and value.is_integer() else value,
        band=each.band,
        band_label=words.band(each.band) if each.band else "",
        flags=tuple(Flag(code, *words.flag(code)) for code in each.flags),
        version=sheet.version,
        language=sheet.language,
    )


def _scale(name: str, wording: Instrument | None, fillings: Sequence[Filling]) -> ScaleResult:
    scale = next((each for each in wording.scales if each.key == name), None) if wording else None
    return ScaleResult(
        key=name,
        scale=show_scale(scale) if scale else None,
        fillings=tuple(fillings),
        change=_change(scale, fillings),
    )


def _change(scale: Scale | None, fillings: Sequence[Filling]) -> ChangeShown | None:
    """Compare the first filling that has a score with the last of all; None while there is only one."""
    first = next((each for each in fillings if each.value is not None), fillings[0])
    last = fillings[-1]
    if first is last:
        return None
    if scale is None or first.version != last.version:
        label, _sentence, tone = words.CHANGES[Change.NOT_MEASURED]
        why = words.VERSION_GONE if scale is None else words.VERSION_DIFFERS
        return ChangeShown(first, last, None, str(label), str(why), tone, ())
    report = report_change(scale, _as_score(scale, first), _as_score(scale, last))
    label, sentence, tone = words.CHANGES[report.outcome]
    limits = [str(words.LIMITS[limit]) for limit in report.limits]
    if scale.cutoff(scale.change_cutoff).borrowed:
        limits.append(str(words.BORROWED_CUTOFF))
    if first.language != last.language:
        limits.append(str(words.LANGUAGE_DIFFERS))
    return ChangeShown(first, last, report, str(label), str(sentence), tone, tuple(limits))


def _as_score(scale: Scale, filling: Filling) -> ScaleScore:
    codes = tuple(flag.code for flag in filling.flags)
    return ScaleScore(scale.key, filling.value, filling.band or None, codes, missing=0)


def _waiting(sheet: Sheet) -> Waiting:
    wording = _for_reader(sheet)
    return Waiting(
        public_id=sheet.public_id,
        title=wording.title if wording else sheet.instrument.upper(),
        assigned_on=timezone.localtime(sheet.assigned_at).date(),
        due_on=sheet.due_on,
        overdue=overdue(sheet),
        gone=shipped(sheet) is None,
    )
