"""Fixed words of measures."""

from enum import StrEnum


class SheetState(StrEnum):
    """Where an answer sheet is."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
