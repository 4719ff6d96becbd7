"""What measures announces to the rooms above, and what it has to ask of them because it cannot know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, ParamSpec, TypeVar

from teduh.kernel.hooks import Hook
from teduh.measures.models import Sheet

P = ParamSpec("P")
R = TypeVar("R")

#: A person answered that they may be in danger. Announced in the transaction of the submission, before any
#: write of it, so that no later failure of scoring can come between the answer and the alert. Arguments: the
#: sheet, the id of the item, the moment.
safety_item_positive: Hook[[Sheet, str, datetime]] = Hook("measures.safety_item_positive")


@dataclass(frozen=True, slots=True)
class Someone:
    """A human being as the person who answers may know them: a name, and a reason in words."""

    name: str
    why: str = ""


class Question(Generic[P, R]):
    """Something a higher room knows and this one must say; without an answerer the default holds."""

    def __init__(self, default: Callable[P, R]) -> None:
        self._answer = self._default = default

    def answer_with(self, function: Callable[P, R]) -> Callable[P, R]:
        """Set who answers; usable as a decorator, and the last one set counts."""
        self._answer = function
        return function

    def reset(self) -> None:
        """Return to the default."""
        self._answer = self._default

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return the answer."""
        return self._answer(*args, **kwargs)


def _nobody(sheet: Sheet) -> Sequence[Someone]:
    return ()


#: Who, besides the one who assigned the sheet, will read its result; asked before the first question shows.
readers_of: Question[[Sheet], Sequence[Someone]] = Question(_nobody)

#: Who has really been alerted about a sheet. The page says so only for those named here, never as a promise.
alerted_about: Question[[Sheet], Sequence[Someone]] = Question(_nobody)
