"""Loads instruments from their data files and refuses any that could score a person wrongly."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from teduh.measures.engine.model import (
    Ages,
    Band,
    Code,
    Cutoff,
    Direction,
    Evidence,
    Instrument,
    Item,
    Method,
    MissingRule,
    Notice,
    Option,
    Reliability,
    Rounding,
    Scale,
    TextStatus,
)
from teduh.measures.engine.reading import InstrumentInvalid, Table

__all__ = [
    "Available",
    "InstrumentInvalid",
    "InstrumentUnknown",
    "available",
    "known_keys",
    "load_file",
    "load_instrument",
]

DATA = Path(__file__).resolve().parent.parent / "data"


class InstrumentUnknown(LookupError):
    """No such instrument, or not in that language; the message lists what there is."""


@dataclass(frozen=True, slots=True)
class Available:
    """An instrument that can be loaded, and the language of its wording."""

    key: str
    language: str


@cache
def available() -> tuple[Available, ...]:
    """List every instrument and language that is shipped, ordered by key and language."""
    names = (path.name.removesuffix(".toml").rpartition(".") for path in DATA.glob("*.toml"))
    return tuple(sorted((Available(key, lang) for key, _, lang in names), key=lambda a: (a.key, a.language)))


def known_keys() -> tuple[str, ...]:
    """List the names of all instruments, each once."""
    return tuple(dict.fromkeys(each.key for each in available()))


@cache
def load_instrument(key: str, language: str) -> Instrument:
    """Return the instrument in that language; only listed names reach the disk, so a name is never a path.

    Raises InstrumentUnknown, or InstrumentInvalid when the shipped file breaks a rule.
    """
    if Available(key, language) not in available():
        known = ", ".join(f"{each.key} ({each.language})" for each in available())
        raise InstrumentUnknown(f"There is no instrument {key!r} in language {language!r}. Known: {known}.")
    return load_file(DATA / f"{key}.{language}.toml")


def load_file(path: Path) -> Instrument:
    """Read and check one data file. Raises InstrumentInvalid with the place of the first fault."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InstrumentInvalid(path.name, f"cannot be read: {error}") from error
    root = Table(values, path.name)
    instrument = _instrument(root)
    root.done()
    if path.name != f"{instrument.key}.{instrument.language}.toml":
        raise InstrumentInvalid(path.name, "must be named after its key and language")
    return instrument


def _instrument(root: Table) -> Instrument:
    options = _options(root)
    items = _items(root, options)
    scales = tuple(_scale(each, options, items) for each in root.tables("scales"))
    _distinct(root, "scales", tuple(scale.key for scale in scales))
    codes = tuple(_code(each, scales) for each in root.tables("codes", at_least=0))
    notices = tuple(_notice(each) for each in root.tables("notices"))
    _distinct(root, "notices", tuple(notice.key for notice in notices))
    recall_days = root.integer("recall_days")
    if recall_days < 1:
        raise root.fail("recall_days", "must be at least 1")
    return Instrument(
        key=root.text("key"),
        version=root.text("version"),
        language=root.text("language"),
        title=root.text("title"),
        licence=root.text("licence"),
        licence_source=root.text("licence_source"),
        source=root.text("source"),
        last_checked=root.day("last_checked"),
        text_status=TextStatus(root.one_of("text_status", tuple(TextStatus))),
        text_note=root.text("text_note"),
        recall=root.text("recall"),
        recall_days=recall_days,
        stem=root.text("stem"),
        options=options,
        items=items,
        scales=scales,
        ages=_ages(root.table("ages")),
        notices=notices,
        codes=codes,
    )


def _distinct(table: Table, key: str, names: tuple[str, ...]) -> None:
    if len(set(names)) != len(names):
        raise table.fail(key, "has the same key twice")


def _evidence(table: Table) -> Evidence:
    return Evidence(table.text("source"), table.flag("confirmed"), table.text_or_empty("note"))


def _options(root: Table) -> tuple[Option, ...]:
    options = []
    for each in root.tables("options", at_least=2):
        options.append(Option(each.integer("value"), each.text("label")))
        each.done()
    values = [option.value for option in options]
    if values != sorted(set(values)):
        raise root.fail("options", "must have rising values, each once")
    return tuple(options)


def _items(root: Table, options: tuple[Option, ...]) -> tuple[Item, ...]:
    items = []
    for position, each in enumerate(root.tables("items"), start=1):
        item_id = each.text("id")
        if item_id != str(position):
            raise each.fail("id", f"must be {str(position)!r}, the position of the item on the form")
        text = each.text("text")
        reverse = each.flag("reverse") if each.has("reverse") else False
        safety = each.integer_or_none("safety_at_least")
        if safety is not None and not options[0].value < safety <= options[-1].value:
            raise each.fail("safety_at_least", "must lie above the lowest option and within the options")
        each.done()
        items.append(Item(item_id, text, reverse, safety))
    return tuple(items)


def _scale(table: Table, options: tuple[Option, ...], items: tuple[Item, ...]) -> Scale:
    names = table.texts("items")
    unknown = [name for name in names if name not in {item.id for item in items}]
    if unknown or not names:
        raise table.fail("items", f"names no such item: {', '.join(unknown)}" if unknown else "is empty")
    method = Method(table.one_of("method", tuple(Method)))
    factor = table.integer("factor")
    if factor < 1:
        raise table.fail("factor", "must be at least 1")
    times = factor * (len(names) if method is Method.SUM else 1)
    lowest, highest = table.number("lowest"), table.number("highest")
    least, most = options[0].value * times, options[-1].value * times
    if (lowest, highest) != (least, most):
        raise table.fail("lowest", f"range must be {least} to {most}, as items and options give")
    rounding = _rounding(table.table("rounding"))
    cutoffs = tuple(_cutoff(each, lowest, highest) for each in table.tables("cutoffs"))
    _distinct(table, "cutoffs", tuple(cutoff.key for cutoff in cutoffs))
    scale = Scale(
        key=table.text("key"),
        title=table.text("title"),
        items=names,
        method=method,
        factor=factor,
        worse=Direction(table.one_of("worse", tuple(Direction))),
        lowest=lowest,
        highest=highest,
        bands=_bands(table, lowest, highest, rounding.decimals),
        missing=_missing(table.table("missing"), names),
        rounding=rounding,
        cutoffs=cutoffs,
        change_cutoff=table.one_of("change_cutoff", tuple(cutoff.key for cutoff in cutoffs)),
        reliability=_reliability(table.table("reliability")),
    )
    table.done()
    return scale


def _bands(table: Table, lowest: float, highest: float, decimals: int) -> tuple[Band, ...]:
    bands = []
    expected = lowest
    for each in table.tables("bands"):
        band = Band(each.text("key"), each.number("low"), each.number("high"))
        each.done()
        if abs(band.low - expected) > 1e-9:
            raise each.fail("low", f"must be {expected:g}: bands leave no gap and do not overlap")
        if band.high < band.low:
            raise each.fail("high", "must not be below low")
        expected = band.high + 10**-decimals
        bands.append(band)
    _distinct(table, "bands", tuple(band.key for band in bands))
    if bands[-1].high != highest:
        raise table.fail("bands", f"must end at {highest:g}")
    return tuple(bands)


def _missing(table: Table, names: tuple[str, ...]) -> MissingRule:
    max_blank = table.integer("max_blank")
    if not 0 <= max_blank < len(names):
        raise table.fail("max_blank", "must leave at least one answered item")
    never = table.texts("never_imputed")
    if not set(never) <= set(names):
        raise table.fail("never_imputed", "names an item outside the scale")
    rule = MissingRule(max_blank, never, _evidence(table))
    table.done()
    return rule


def _rounding(table: Table) -> Rounding:
    table.one_of("rule", ("half_up",))
    decimals = table.integer("decimals")
    if not 0 <= decimals <= 3:
        raise table.fail("decimals", "must lie between 0 and 3")
    rounding = Rounding(decimals, _evidence(table))
    table.done()
    return rounding


def _cutoff(table: Table, lowest: float, highest: float) -> Cutoff:
    at = table.number("at")
    if not lowest < at <= highest:
        raise table.fail("at", f"must lie above {lowest:g} and not above {highest:g}")
    cutoff = Cutoff(
        key=table.text("key"),
        at=at,
        sensitivity=table.share_or_none("sensitivity"),
        specificity=table.share_or_none("specificity"),
        borrowed=table.flag("borrowed"),
        population=table.text("population"),
        evidence=_evidence(table),
    )
    table.done()
    return cutoff


def _reliability(table: Table) -> Reliability:
    sd, alpha = table.number("sd"), table.number("alpha")
    if sd <= 0:
        raise table.fail("sd", "must be above 0")
    if not 0 <= alpha < 1:
        raise table.fail("alpha", "must be at least 0 and below 1")
    found = Reliability(sd, alpha, table.flag("borrowed"), table.text("population"), _evidence(table))
    table.done()
    return found


def _ages(table: Table) -> Ages:
    ages = Ages(table.integer("youngest"), table.integer_or_none("oldest"), _evidence(table))
    if ages.youngest < 0 or (ages.oldest is not None and ages.oldest < ages.youngest):
        raise table.fail("youngest", "must not be below 0 or above oldest")
    table.done()
    return ages


def _notice(table: Table) -> Notice:
    notice = Notice(
        table.text("key"), table.one_of("audience", ("person", "reader", "everyone")), table.text("text")
    )
    table.done()
    return notice


def _code(table: Table, scales: tuple[Scale, ...]) -> Code:
    about = table.one_of("about", ("instrument", *(scale.key for scale in scales)))
    code = Code(table.text("system"), table.text("code"), about)
    table.done()
    return code
