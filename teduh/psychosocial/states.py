"""Fixed words of psychosocial services."""

from enum import StrEnum


class RiskLevel(StrEnum):
    """How soon a case must be seen again; the clocks are dated data."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class StepState(StrEnum):
    """Where a step of a case plan is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
