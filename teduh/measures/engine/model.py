"""What an instrument consists of: frozen dataclasses, so that a loaded one can be shared without fear."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

WORDING: Mapping[str, bool] = {"wording": True}
"""Marks a field that differs between languages; all other fields must agree (see `structure`)."""


class TextStatus(StrEnum):
    """How far the wording was checked; only `CONFIRMED` was compared with the primary form."""

    CONFIRMED = "confirmed"
    PRIMARY_NOT_OPENED = "wording_certain_primary_not_opened"


class Direction(StrEnum):
    """Which end of a scale means more distress."""

    HIGHER = "higher"
    LOWER = "lower"


class Method(StrEnum):
    """How the item values of a scale become one number, before the factor."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a rule or number comes from; `confirmed` is false until somebody has read that source."""

    source: str
    confirmed: bool
    note: str = field(default="", metadata=WORDING)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person can choose, with the code that is scored."""

    value: int
    label: str = field(metadata=WORDING)


@dataclass(frozen=True, slots=True)
class Item:
    """One question; `safety_at_least` is the answer from which a human must be reached the same day."""

    id: str
    text: str = field(metadata=WORDING)
    reverse: bool
    safety_at_least: int | None


@dataclass(frozen=True, slots=True)
class Band:
    """A named part of a scale's range, both ends included; `key` names its label in the catalogue."""

    key: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MissingRule:
    """Up to `max_blank` blanks take the mean of the answered items, but never one of `never_imputed`."""

    max_blank: int
    never_imputed: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Rounding:
    """Scores are rounded half up to `decimals`, because bands have no room for fractions between them."""

    decimals: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The first score that counts, for one population; `borrowed` when that population is not Indonesian."""

    key: str
    at: float
    sensitivity: float | None
    specificity: float | None
    borrowed: bool
    population: str = field(metadata=WORDING)
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reliability:
    """Spread and reliability of a scale in one population; `borrowed` when it is not Indonesian."""

    sd: float
    alpha: float
    borrowed: bool
    population: str = field(metadata=WORDING)
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Scale:
    """One number drawn from items; `change_cutoff` names the cut-off that recovery has to cross."""

    key: str
    title: str = field(metadata=WORDING)
    items: tuple[str, ...]
    method: Method
    factor: int
    worse: Direction
    lowest: float
    highest: float
    bands: tuple[Band, ...]
    missing: MissingRule
    rounding: Rounding
    cutoffs: tuple[Cutoff, ...]
    change_cutoff: str
    reliability: Reliability

    def band_of(self, value: float) -> Band:
        """Return the band that holds `value`, which must lie in the range of the scale."""
        return next(band for band in reversed(self.bands) if band.low <= value)

    def cutoff(self, key: str) -> Cutoff:
        """Return the cut-off named `key`. Raises KeyError when there is none."""
        for cutoff in self.cutoffs:
            if cutoff.key == key:
                return cutoff
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in whole years for which the instrument is offered; `oldest` is None where nothing limits it."""

    youngest: int
    oldest: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence to be seen beside the instrument; `audience` is person (who answers), reader or everyone."""

    key: str
    audience: str
    text: str = field(metadata=WORDING)


@dataclass(frozen=True, slots=True)
class Code:
    """A verified code in a public terminology; `about` is `instrument` or the key of a scale."""

    system: str
    code: str
    about: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument in one language, as its data file states it."""

    key: str
    version: str
    language: str = field(metadata=WORDING)
    title: str = field(metadata=WORDING)
    licence: str
    licence_source: str
    source: str = field(metadata=WORDING)
    last_checked: date = field(metadata=WORDING)
    text_status: TextStatus = field(metadata=WORDING)
    text_note: str = field(metadata=WORDING)
    recall: str = field(metadata=WORDING)
    recall_days: int
    stem: str = field(metadata=WORDING)
    options: tuple[Option, ...]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    ages: Ages
    notices: tuple[Notice, ...]
    codes: tuple[Code, ...]

    def scale(self, key: str) -> Scale:
        """Return the scale named `key`. Raises KeyError when there is none."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise KeyError(key)

    def item(self, item_id: str) -> Item:
        """Return the item with this id. Raises KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """The score of one scale; `value` and `band` are None where too little was answered for a number."""

    scale: str
    value: int | float | None
    band: str | None
    flags: tuple[str, ...]
    missing: int


def structure(thing: object) -> object:
    """Return `thing` without its wording, so that two languages of one instrument can be compared."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return (
            type(thing).__name__,
            tuple(
                (each.name, structure(getattr(thing, each.name)))
                for each in fields(thing)
                if not each.metadata.get("wording")
            ),
        )
    if isinstance(thing, tuple):
        return tuple(structure(each) for each in thing)
    return thing


def unconfirmed(instrument: Instrument) -> tuple[str, ...]:
    """List what nobody has checked against its source, so that a page can say so beside the score."""
    text = () if instrument.text_status is TextStatus.CONFIRMED else ("text",)
    return text + tuple(_unconfirmed(instrument, ""))


def _unconfirmed(thing: Any, path: str) -> Iterator[str]:
    if isinstance(thing, Evidence):
        if not thing.confirmed:
            yield path
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _unconfirmed(each, f"{path}.{getattr(each, 'key', '')}".rstrip("."))
    elif is_dataclass(thing):
        for each in fields(thing):
            part = path if each.name == "evidence" else f"{path}.{each.name}".lstrip(".")
            yield from _unconfirmed(getattr(thing, each.name), part)
