"""What the screens of measures show, as dataclasses with the words already in the reader's language."""

from teduh.measures.queries.filling import (
    Outcome,
    SheetToFill,
    for_the_person,
    minutes_for,
    outcome_of,
    readers,
    sheet_of,
    sheets_to_fill,
)
from teduh.measures.queries.instruments import InstrumentShown, instruments
from teduh.measures.queries.results import Results, results_of, sheet_of_matter

__all__ = [
    "InstrumentShown",
    "Outcome",
    "Results",
    "SheetToFill",
    "for_the_person",
    "instruments",
    "minutes_for",
    "outcome_of",
    "readers",
    "results_of",
    "sheet_of",
    "sheet_of_matter",
    "sheets_to_fill",
]
