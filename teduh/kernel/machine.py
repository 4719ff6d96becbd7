"""State machines as tables, with one writer for all of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from teduh.kernel.errors import Refused, Stale
from teduh.kernel.machine_types import Rule

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


Rules = Mapping[tuple[State, Step], Rule[State]]


def rule_for(rules: Rules[State, Step], state: State, step: Step) -> Rule[State]:
    """Return the rule of a step from a state.

    Raises Refused (`step_impossible`) where the table has no such step.
    """
    try:
        return rules[(state, step)]
    except KeyError:
        message = _("This step is no longer possible. The page shows the latest state.")
        raise Refused("step_impossible", message) from None


def steps_from(rules: Rules[State, Step], state: State, party: str) -> tuple[Step, ...]:
    """Return the steps that a party may take now; buttons come from here so that they agree with the gate."""
    return tuple(step for (before, step), rule in rules.items() if before == state and party in rule.by)


def move(row: models.Model, rule: Rule[State], *, field: str = "state", **changes: Any) -> None:
    """Write the new state only if nobody changed it since it was read.

    Raises Stale where the row is no longer in the state that was read.
    """
    before = getattr(row, field)
    manager = type(row)._default_manager
    changed = manager.filter(pk=row.pk, **{field: before}).update(**{field: rule.to}, **changes)
    if changed != 1:
        raise Stale
    setattr(row, field, rule.to)
    for name, value in changes.items():
        setattr(row, name, value)
