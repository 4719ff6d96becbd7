"""The shape of a transition table; apart from the writer so that `states.py` files need no Django."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Rule(Generic[State]):
    """Where a step leads, and which parties may take it; the room's policy tells who is which party."""

    to: State
    by: frozenset[str] = frozenset()
