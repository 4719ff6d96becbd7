"""Help lines from a dated data file, because numbers change and code should not have to."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "hotlines.toml"
DIALLED = re.compile(r"\+?[0-9]+(,[0-9]+)?")


class HotlineError(ValueError):
    """The data file of help lines is not fit to be shown; says which line and why."""


@dataclass(frozen=True)
class Hotline:
    """One help line in two languages; `last_checked` is the day it was compared with its source."""

    key: str
    name: str
    number: str
    dial: str
    hours_id: str
    hours_en: str
    for_id: str
    for_en: str
    note_id: str
    note_en: str
    urgent: bool
    whatsapp: str
    web: str
    source: str
    last_checked: date

    @property
    def hours(self) -> str:
        """Return when it answers, in the reader's language."""
        return self.hours_en if _english() else self.hours_id

    @property
    def purpose(self) -> str:
        """Return what it is for, in the reader's language."""
        return self.for_en if _english() else self.for_id

    @property
    def note(self) -> str:
        """Return what to know before calling, in the reader's language."""
        return self.note_en if _english() else self.note_id

    @property
    def tel(self) -> str:
        """Return the address that dials it on a phone; a comma waits before the extension."""
        return f"tel:{self.dial}"

    @property
    def whatsapp_url(self) -> str:
        """Return the address that opens a WhatsApp chat with it, or nothing."""
        return f"https://wa.me/62{self.whatsapp.removeprefix('0')}" if self.whatsapp else ""


@dataclass(frozen=True)
class Hotlines:
    """All help lines in the order of the file, and after how long a check counts as old."""

    lines: tuple[Hotline, ...]
    stale_after: timedelta

    @property
    def urgent(self) -> tuple[Hotline, ...]:
        """Return the lines for danger now."""
        return tuple(line for line in self.lines if line.urgent)

    @property
    def last_checked(self) -> date:
        """Return the oldest check, because a page is only as fresh as its oldest number."""
        return min(line.last_checked for line in self.lines)

    def is_stale(self, today: date) -> bool:
        """Say whether any number was checked too long ago to be trusted without a warning."""
        return today - self.last_checked > self.stale_after


def _english() -> bool:
    return (get_language() or "id").startswith("en")


def _line(number: int, raw: Mapping[str, Any]) -> Hotline:
    kinds: dict[str, type] = {
        **dict.fromkeys(Hotline.__dataclass_fields__, str),
        "urgent": bool,
        "last_checked": date,
    }
    for name, kind in kinds.items():
        if name not in raw:
            raise HotlineError(f"hotline {number}: {name} is missing")
        if type(raw[name]) is not kind:
            raise HotlineError(f"hotline {number}: {name} must be {kind.__name__}")
    if unknown := set(raw) - set(kinds):
        raise HotlineError(f"hotline {number}: unknown {', '.join(sorted(unknown))}")
    line = Hotline(**raw)
    for name in ("key", "name", "number", "hours_id", "hours_en", "for_id", "for_en"):
        if not raw[name].strip():
            raise HotlineError(f"hotline {number}: {name} is empty")
    if not DIALLED.fullmatch(line.dial):
        raise HotlineError(f"hotline {number}: dial {line.dial!r} cannot be dialled")
    if line.whatsapp and not re.fullmatch(r"08[0-9]{7,12}", line.whatsapp):
        raise HotlineError(f"hotline {number}: whatsapp {line.whatsapp!r} is not an Indonesian mobile number")
    if not line.source.startswith("https://"):
        raise HotlineError(f"hotline {number}: source must be an https address")
    return line


def read_hotlines(text: str) -> Hotlines:
    """Read and check the data file's text.

    Raises:
        HotlineError: when it is not TOML, a field is missing or wrong, a key is double, or none is urgent.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"not TOML: {error}") from error
    days = raw.get("stale_after_days")
    if type(days) is not int or days < 1:
        raise HotlineError("stale_after_days must be a whole number of days")
    entries = raw.get("hotline")
    if not isinstance(entries, list) or not entries:
        raise HotlineError("there must be at least one hotline")
    lines = tuple(_line(number, entry) for number, entry in enumerate(entries, start=1))
    if len({line.key for line in lines}) != len(lines):
        raise HotlineError("a key appears twice")
    if not any(line.urgent for line in lines):
        raise HotlineError("at least one hotline must be urgent")
    return Hotlines(lines, timedelta(days=days))


@lru_cache(maxsize=1)
def load_hotlines() -> Hotlines:
    """Return the help lines that ship with Teduh, read once."""
    return read_hotlines(FILE.read_text(encoding="utf-8"))
