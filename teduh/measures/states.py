"""Fixed words of measures."""

from enum import StrEnum

from teduh.kernel.machine_types import Rule


class SheetState(StrEnum):
    """Where an answer sheet is."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class SheetStep(StrEnum):
    """What can be done with an answer sheet."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"


class SheetParty(StrEnum):
    """Who takes a step: the person who answers, or those who care for them."""

    PERSON = "person"
    CARER = "carer"


#: A submitted sheet stays as it is: what was answered on a day is a fact of that day.
SHEET_RULES: dict[tuple[SheetState, SheetStep], Rule[SheetState]] = {
    (SheetState.ASSIGNED, SheetStep.SUBMIT): Rule(SheetState.SUBMITTED, by=frozenset({SheetParty.PERSON})),
    (SheetState.ASSIGNED, SheetStep.WITHDRAW): Rule(SheetState.WITHDRAWN, by=frozenset({SheetParty.CARER})),
}
