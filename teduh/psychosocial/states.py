"""Fixed words of psychosocial services and the transition table of a plan's step. No Django here."""

from enum import StrEnum

from teduh.kernel.machine_types import Rule


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


class StepDeed(StrEnum):
    """What can be done with a step of a case plan."""

    FINISH = "finish"
    DROP = "drop"


STEP_RULES: dict[tuple[StepState, StepDeed], Rule[StepState]] = {
    (StepState.OPEN, StepDeed.FINISH): Rule(StepState.DONE, frozenset({"team"})),
    (StepState.OPEN, StepDeed.DROP): Rule(StepState.DROPPED, frozenset({"team"})),
}


class Phase(StrEnum):
    """The steps of case work in their order; where a case stands is read from its rows, never stored."""

    IDENTIFICATION = "identification"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    IMPLEMENTATION = "implementation"
    FOLLOW_UP = "follow_up"
    CLOSURE = "closure"
