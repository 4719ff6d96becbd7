"""Strict reading of a data file: every value is typed, every leftover key is an error with its path."""

from collections.abc import Mapping
from datetime import date


class InstrumentInvalid(ValueError):
    """An instrument file breaks a rule; the message names the file, the place in it, and the rule."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Table:
    """One table of a data file; all of it must be read, as an unknown key is likely a misspelt rule."""

    def __init__(self, values: Mapping[str, object], path: str) -> None:
        self._values = dict(values)
        self.path = path

    def fail(self, key: str, reason: str) -> InstrumentInvalid:
        """Make the error for `key` in this table."""
        return InstrumentInvalid(self.at(key), reason)

    def at(self, key: str) -> str:
        """Return the path of `key`."""
        return f"{self.path}.{key}" if ":" in self.path else f"{self.path}: {key}"

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise self.fail(key, "is missing")
        return self._values.pop(key)

    def has(self, key: str) -> bool:
        """Say whether `key` is there and unread."""
        return key in self._values

    def text(self, key: str) -> str:
        """Read a text that is not empty and has no blank ends."""
        value = self._take(key)
        if not isinstance(value, str):
            raise self.fail(key, "must be text")
        if not value.strip() or value != value.strip():
            raise self.fail(key, "must be text without blank ends")
        return value

    def text_or_empty(self, key: str) -> str:
        """Read a text that may be left out."""
        return self.text(key) if self.has(key) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, each only once."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.fail(key, "must be a list of texts")
        found: list[str] = []
        for each in value:
            if not isinstance(each, str):
                raise self.fail(key, "must be a list of texts")
            if each in found:
                raise self.fail(key, f"names {each!r} twice")
            found.append(each)
        return tuple(found)

    def integer(self, key: str) -> int:
        """Read a whole number."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(key, "must be a whole number")
        return value

    def integer_or_none(self, key: str) -> int | None:
        """Read a whole number that may be left out."""
        return self.integer(key) if self.has(key) else None

    def number(self, key: str) -> float:
        """Read a finite number."""
        value = self._take(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e9:
            raise self.fail(key, "must be a number")
        return value

    def share_or_none(self, key: str) -> float | None:
        """Read a number from 0 to 1 that may be left out."""
        if not self.has(key):
            return None
        value = self.number(key)
        if not 0 <= value <= 1:
            raise self.fail(key, "must lie between 0 and 1")
        return value

    def flag(self, key: str) -> bool:
        """Read true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def day(self, key: str) -> date:
        """Read a calendar date."""
        value = self._take(key)
        if type(value) is not date:
            raise self.fail(key, "must be a date such as 2026-01-31")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """Read one of the words in `allowed`."""
        value = self.text(key)
        if value not in allowed:
            raise self.fail(key, f"must be one of {', '.join(allowed)}")
        return value

    def table(self, key: str) -> "Table":
        """Read a table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.fail(key, "must be a table")
        return Table(value, self.at(key))

    def tables(self, key: str, *, at_least: int = 1) -> tuple["Table", ...]:
        """Read a list of tables; each is named in errors by its position, counted from 1."""
        value = self._take(key) if self.has(key) or at_least else []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fail(key, "must be a list of tables")
        if len(value) < at_least:
            raise self.fail(key, f"needs at least {at_least}")
        return tuple(Table(each, f"{self.at(key)}[{n}]") for n, each in enumerate(value, start=1))

    def done(self) -> None:
        """Raise InstrumentInvalid when something was left unread."""
        for key in self._values:
            raise self.fail(key, "is not known here")
