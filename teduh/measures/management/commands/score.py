"""`manage.py score INSTRUMENT FILE.csv`: scores sheets of answers without touching the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.measures.engine.loader import available, known_keys, load_instrument
from teduh.measures.engine.sheets import SheetsInvalid, score_sheets


class Command(BaseCommand):
    """Prints scores as CSV, or names every bad row on stderr and prints none."""

    help = "Score a CSV file of answers: header 1,2,...,n, one sheet a row, an empty cell for a blank answer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of the instrument and the file."""
        parser.add_argument("instrument", help=f"One of: {', '.join(known_keys())}.")
        parser.add_argument("file", type=Path, help="CSV file in UTF-8.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Score the whole file. Raises CommandError for an unknown instrument or any fault in the file."""
        key = str(options["instrument"]).lower()
        language = next((each.language for each in available() if each.key == key), None)
        if language is None:
            raise CommandError(f"Unknown instrument {key!r}. Known: {', '.join(known_keys())}.")
        path: Path = options["file"]
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 text; save it as CSV UTF-8.") from error
        try:
            self.stdout.write(score_sheets(load_instrument(key, language), text), ending="")
        except SheetsInvalid as error:
            raise CommandError(f"{path}: nothing was scored.\n{error}") from error
