"""Who should listen to whom: pure rules over plain data, so that every choice can be explained and repeated.

Hard rules shut a supporter out, whatever else speaks for them; soft scores order those who remain. Source
of the criteria: evaluations of peer programmes (topic, language, availability, the same helper as before;
never somebody of an exclusion; class, capacity and rest respected). Ties are broken by fewest open
conversations, then by the longest time without one, then by number, so that the same question always has
the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Bar(StrEnum):
    """Why a supporter may not be asked, in the order in which the reasons are told."""

    SELF = "self"
    EXCLUSION = "exclusion"
    OTHER_ORGANISATION = "other_organisation"
    INACTIVE = "inactive"
    NO_SUPERVISOR = "no_supervisor"
    ASKED_BEFORE = "asked_before"
    SAME_CLASS = "same_class"
    OTHER_SEX = "other_sex"
    LANGUAGE = "language"
    UNAVAILABLE = "unavailable"
    RESTING = "resting"
    FULL = "full"


class Reason(StrEnum):
    """What speaks for a supporter."""

    TOPIC = "topic"
    BEFORE = "before"
    LANGUAGE = "language"
    ROOM = "room"
    WAITED = "waited"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Points of the soft scores; the waiting score grows by one a day without a conversation up to its
    limit."""

    topic: int = 40
    before: int = 30
    language: int = 10
    room: int = 20
    waited: int = 15


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """The person who would like to talk; `languages` with the dearest first, `excluded` in either
    direction."""

    person: int
    organisation: int
    topic: str
    languages: tuple[str, ...] = ("id",)
    class_group: int | None = None
    sex: str = ""
    same_class_wished: bool = False
    same_sex_wished: bool = False
    excluded: frozenset[int] = frozenset()
    asked_before: frozenset[int] = frozenset()
    helped_before_by: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A supporter as the matching sees one; `load` counts conversations and offers that wait for an
    answer."""

    person: int
    supervisor: int
    organisation: int
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"id"})
    class_group: int | None = None
    sex: str = ""
    capacity: int = 3
    load: int = 0
    is_active: bool = True
    available: bool = True
    rest_until: datetime | None = None
    last_began_at: datetime | None = None


@dataclass(frozen=True)
class Point:
    """One reason with its points and the number behind it (shared topic 1, free places, days, ...)."""

    code: Reason
    points: int
    value: int


@dataclass(frozen=True)
class Match:
    """A supporter who may be asked, with every reason."""

    candidate: Candidate
    points: tuple[Point, ...]

    @property
    def score(self) -> int:
        """The sum of all points."""
        return sum(point.points for point in self.points)


@dataclass(frozen=True)
class RuledOut:
    """A supporter who may not be asked, with every hard rule that stands against it."""

    candidate: Candidate
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Outcome:
    """All who may be asked, the best first, and all who may not."""

    ranked: tuple[Match, ...]
    ruled_out: tuple[RuledOut, ...]

    @property
    def best(self) -> Match | None:
        """The supporter to ask, if anybody may be asked."""
        return self.ranked[0] if self.ranked else None


def bars(seeker: Seeker, candidate: Candidate, *, at: datetime) -> tuple[Bar, ...]:
    """Return every hard rule that stands against a supporter; empty means that they may be asked."""
    checks = {
        Bar.SELF: candidate.person == seeker.person,
        Bar.EXCLUSION: candidate.person in seeker.excluded,
        Bar.OTHER_ORGANISATION: candidate.organisation != seeker.organisation,
        Bar.INACTIVE: not candidate.is_active,
        # Nobody listens unsupervised: a supervisor who may not know of the seeker cannot watch over it.
        Bar.NO_SUPERVISOR: candidate.supervisor in seeker.excluded or candidate.supervisor == seeker.person,
        Bar.ASKED_BEFORE: candidate.person in seeker.asked_before,
        Bar.SAME_CLASS: (
            seeker.class_group is not None
            and candidate.class_group == seeker.class_group
            and not seeker.same_class_wished
        ),
        Bar.OTHER_SEX: seeker.same_sex_wished and bool(seeker.sex) and candidate.sex != seeker.sex,
        Bar.LANGUAGE: candidate.languages.isdisjoint(seeker.languages),
        Bar.UNAVAILABLE: not candidate.available,
        Bar.RESTING: candidate.rest_until is not None and candidate.rest_until > at,
        Bar.FULL: candidate.load >= candidate.capacity,
    }
    return tuple(bar for bar, stands in checks.items() if stands)


def points(seeker: Seeker, candidate: Candidate, weights: Weights, *, at: datetime) -> tuple[Point, ...]:
    """Return what speaks for a supporter; only reasons that earn points are named."""
    free = max(candidate.capacity - candidate.load, 0)
    began = candidate.last_began_at
    days = weights.waited if began is None else max((at - began).days, 0)
    found = (
        Point(Reason.TOPIC, weights.topic if seeker.topic in candidate.topics else 0, 1),
        Point(Reason.BEFORE, weights.before if candidate.person in seeker.helped_before_by else 0, 1),
        Point(Reason.LANGUAGE, weights.language if seeker.languages[0] in candidate.languages else 0, 1),
        Point(Reason.ROOM, weights.room * free // candidate.capacity if candidate.capacity else 0, free),
        Point(Reason.WAITED, min(days, weights.waited), days),
    )
    return tuple(point for point in found if point.points)


def match(
    seeker: Seeker, candidates: Iterable[Candidate], *, at: datetime, weights: Weights | None = None
) -> Outcome:
    """Return whom to ask and why, and who was ruled out and why; the same input gives the same answer."""
    scale = weights or Weights()
    ranked, ruled_out = [], []
    for candidate in candidates:
        against = bars(seeker, candidate, at=at)
        if against:
            ruled_out.append(RuledOut(candidate, against))
        else:
            ranked.append(Match(candidate, points(seeker, candidate, scale, at=at)))
    ranked.sort(key=_order)
    ruled_out.sort(key=lambda one: one.candidate.person)
    return Outcome(tuple(ranked), tuple(ruled_out))


def _order(found: Match) -> tuple[int, int, float, int]:
    candidate = found.candidate
    began = candidate.last_began_at.timestamp() if candidate.last_began_at else float("-inf")
    return (-found.score, candidate.load, began, candidate.person)
