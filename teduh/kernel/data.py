"""Dated data files: lists that change with the law or the world live in TOML with source and date, not in code."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


class DataInvalid(ValueError):
    """A data file lacks its source or date, or is malformed; the message names the file and the key."""


@dataclass(frozen=True)
class DataFile:
    """A parsed data file with where it comes from and when it was last checked."""

    source: str
    last_checked: date
    unconfirmed: bool
    values: dict[str, Any]


def read_data_file(file: Path) -> DataFile:
    """Read a dated TOML file.

    Raises DataInvalid where `source` or `last_checked` is missing or the TOML is malformed.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataInvalid(f"{file.name}: {error}") from error
    source, checked = values.pop("source", None), values.pop("last_checked", None)
    if not isinstance(source, str) or not isinstance(checked, date):
        raise DataInvalid(f"{file.name}: needs `source` (text) and `last_checked` (date)")
    return DataFile(source, checked, bool(values.pop("unconfirmed", False)), values)
