"""The levels of care, as the pillars register them; the spine knows their names and rules, never the pillars."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from teduh.care.states import LEVEL_ORDER, Direction, LevelKey
from teduh.people.states import Role


@dataclass(frozen=True, kw_only=True)
class Level:
    """What a pillar tells the spine about its level."""

    key: LevelKey
    label: str | Promise
    #: Who may lead an episode here.
    led_by: tuple[Role, ...]
    #: Activity codes and their labels, for contacts.
    activities: Mapping[str, str | Promise]
    #: What must be confirmed at closing: codes and their labels.
    closing_checks: Mapping[str, str | Promise]
    #: Whether closing needs a follow-up day and an owner.
    needs_aftercare: bool = True
    #: After so many days without a contact somebody must look.
    quiet_days: int = 14
    #: The pillar's own pages about an episode: label, URL name (takes the episode's public id), icon.
    pages: tuple[tuple[str | Promise, str, str], ...] = ()


_levels: dict[LevelKey, Level] = {}

#: Who receives referrals at a level; fixed here because access rules are asked before pillars are loaded.
_RECEIVING: dict[LevelKey, tuple[Role, ...]] = {
    LevelKey.PEER: (Role.PEER_SUPERVISOR,),
    LevelKey.COUNSELLING: (Role.COUNSELLOR, Role.LEAD_COUNSELLOR),
    LevelKey.PSYCHOSOCIAL: (Role.CASEWORKER,),
}


def register(level: Level) -> None:
    """Take a pillar's level; called from its `AppConfig.ready()`."""
    _levels[level.key] = level


def level_of(key: str) -> Level:
    """Return a registered level.

    Raises KeyError for a level that no pillar registered.
    """
    return _levels[LevelKey(key)]


def all_levels() -> tuple[Level, ...]:
    """Return the registered levels from the nearest to the deepest."""
    return tuple(_levels[key] for key in LEVEL_ORDER if key in _levels)


def receiving_roles(key: str) -> tuple[Role, ...]:
    """Return the roles that answer referrals at a level."""
    return _RECEIVING[LevelKey(key)]


def direction(before: str, after: str) -> Direction:
    """Tell whether a referral goes up, down or sideways."""
    step = LEVEL_ORDER.index(LevelKey(after)) - LEVEL_ORDER.index(LevelKey(before))
    return Direction.UP if step > 0 else Direction.DOWN if step < 0 else Direction.SIDEWAYS
