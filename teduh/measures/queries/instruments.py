"""What staff see of an instrument before choosing it, and beside its scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from teduh.measures import words
from teduh.measures.engine import Instrument, available, load_instrument
from teduh.measures.engine.model import Scale
from teduh.measures.queries.filling import minutes_for


@dataclass(frozen=True, slots=True)
class CutoffShown:
    """One cut-off of a scale and for whom it was found; `for_change` marks the one that recovery crosses."""

    label: str
    at: float
    population: str
    borrowed: bool
    confirmed: bool
    for_change: bool


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """A scale's range, bands as (low, high, name), cut-offs, and where its measurement error comes from."""

    title: str
    low: float
    high: float
    bands: tuple[tuple[float, float, str], ...]
    cutoffs: tuple[CutoffShown, ...]
    error_population: str
    error_borrowed: bool


@dataclass(frozen=True, slots=True)
class InstrumentShown:
    """One instrument with its licence and source, and what nobody has checked yet."""

    key: str
    title: str
    version: str
    languages: tuple[str, ...]
    questions: int
    minutes: int
    recall: str
    licence: str
    licence_source: str
    source: str
    last_checked: date
    text_note: str
    youngest: int
    oldest: int | None
    scales: tuple[ScaleShown, ...]
    unconfirmed: tuple[str, ...]
    notices: tuple[str, ...]


def instruments(language: str) -> tuple[InstrumentShown, ...]:
    """List what is shipped, worded in `language` where it is there (no query)."""
    spoken: dict[str, list[str]] = {}
    for each in available():
        spoken.setdefault(each.key, []).append(each.language)
    return tuple(
        _show(load_instrument(key, language if language in codes else codes[0]), codes)
        for key, codes in spoken.items()
    )


def _show(wording: Instrument, codes: Sequence[str]) -> InstrumentShown:
    return InstrumentShown(
        key=wording.key,
        title=wording.title,
        version=wording.version,
        languages=tuple(words.language(code) for code in codes),
        questions=len(wording.items),
        minutes=minutes_for(wording),
        recall=wording.recall,
        licence=wording.licence,
        licence_source=wording.licence_source,
        source=wording.source,
        last_checked=wording.last_checked,
        text_note=wording.text_note,
        youngest=wording.ages.youngest,
        oldest=wording.ages.oldest,
        scales=tuple(show_scale(scale) for scale in wording.scales),
        unconfirmed=words.unconfirmed_parts(wording),
        notices=reader_notices(wording),
    )


def show_scale(scale: Scale) -> ScaleShown:
    """Return what stands beside every score of a scale."""
    return ScaleShown(
        title=scale.title,
        low=scale.lowest,
        high=scale.highest,
        bands=tuple((band.low, band.high, words.band(band.key)) for band in scale.bands),
        cutoffs=tuple(
            CutoffShown(
                label=words.cutoff(each.key),
                at=each.at,
                population=each.population,
                borrowed=each.borrowed,
                confirmed=each.evidence.confirmed,
                for_change=each.key == scale.change_cutoff,
            )
            for each in scale.cutoffs
        ),
        error_population=scale.reliability.population,
        error_borrowed=scale.reliability.borrowed,
    )


def reader_notices(wording: Instrument) -> tuple[str, ...]:
    """Return the sentences that whoever reads a score has to see."""
    return tuple(notice.text for notice in wording.notices if notice.audience in {"reader", "everyone"})
