"""Reliable change between two scores of one person (Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19).

It says whether two scores differ by more than the instrument's own error. It never says why: people who wait
without help improve as well, so a change is not an effect of the service and must not be shown as one.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from teduh.measures.engine.model import Direction, Scale, ScaleScore
from teduh.measures.engine.scoring import PRORATED

RELIABLE = 1.96
"""|RCI| above this is reliable: error alone exceeds it in 5 of 100 pairs."""


class Change(StrEnum):
    """How two scores compare; a statement about the scores, not about what caused the difference."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    NOT_MEASURED = "not measured"


class Limit(StrEnum):
    """What must be said beside a change; the first holds always."""

    NO_COMPARISON = "no_comparison_group"
    BORROWED = "borrowed_reliability"
    UNCONFIRMED = "unconfirmed_reliability"
    PRORATED = "prorated_score"


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """A change with the numbers behind it and the limits that belong beside it on every screen.

    `difference` is post minus pre in points; `threshold` is the least reliable difference in points.
    """

    outcome: Change
    pre: float | None
    post: float | None
    difference: float | None
    index: float | None
    threshold: float
    cutoff: float
    limits: tuple[Limit, ...]


def standard_error(sd: float, reliability: float) -> float:
    """Return the standard error of measurement in points, SD * sqrt(1 - r). Raises ValueError."""
    if not sd > 0:
        raise ValueError("sd must be above 0")
    if not 0 <= reliability < 1:
        raise ValueError("reliability must be at least 0 and below 1")
    return sd * math.sqrt(1 - reliability)


def s_diff(sd: float, reliability: float) -> float:
    """Return the standard error of a difference in points; both scores carry error: sqrt(2) * SE."""
    return math.sqrt(2) * standard_error(sd, reliability)


def reliable_change_index(pre: float, post: float, *, sd: float, reliability: float) -> float:
    """Return (post - pre) / Sdiff, without unit; its sign is that of the difference."""
    return (post - pre) / s_diff(sd, reliability)


def reliable_change_threshold(sd: float, reliability: float) -> float:
    """Return the points that a change has to exceed to be reliable: 1.96 * Sdiff."""
    return RELIABLE * s_diff(sd, reliability)


def cutoff_a(clinical_mean: float, clinical_sd: float, *, worse: Direction) -> float:
    """Return the score two SD from the clinical mean, towards health."""
    return clinical_mean - 2 * clinical_sd if worse is Direction.HIGHER else clinical_mean + 2 * clinical_sd


def cutoff_b(functional_mean: float, functional_sd: float, *, worse: Direction) -> float:
    """Return the score two SD from the mean of people who function well, towards distress."""
    return (
        functional_mean + 2 * functional_sd
        if worse is Direction.HIGHER
        else functional_mean - 2 * functional_sd
    )


def cutoff_c(clinical_mean: float, clinical_sd: float, functional_mean: float, functional_sd: float) -> float:
    """Return the score that lies equally far, in SDs, from both means; preferred where the groups overlap."""
    return (clinical_sd * functional_mean + functional_sd * clinical_mean) / (clinical_sd + functional_sd)


def is_case(value: float, cutoff: float, worse: Direction) -> bool:
    """Say whether a score counts as a case: the cut-off itself is the first score that does."""
    return value >= cutoff if worse is Direction.HIGHER else value <= cutoff


def classify(
    pre: float | None,
    post: float | None,
    *,
    sd: float,
    reliability: float,
    cutoff: float | None,
    worse: Direction,
) -> Change:
    """Compare two scores: recovered is a reliable change for the better that leaves the clinical range.

    Without a cut-off nobody is called recovered; without both scores nothing is said.
    Raises ValueError for an impossible sd or reliability.
    """
    error = s_diff(sd, reliability)
    if pre is None or post is None:
        return Change.NOT_MEASURED
    if abs(post - pre) / error <= RELIABLE:
        return Change.UNCHANGED
    if (post > pre) == (worse is Direction.HIGHER):
        return Change.DETERIORATED
    if cutoff is not None and is_case(pre, cutoff, worse) and not is_case(post, cutoff, worse):
        return Change.RECOVERED
    return Change.IMPROVED


def report_change(scale: Scale, pre: ScaleScore | None, post: ScaleScore | None) -> ChangeReport:
    """Compare two scores of `scale` by its own figures. Raises ValueError for another scale's score."""
    for each in (pre, post):
        if each is not None and each.scale != scale.key:
            raise ValueError(f"a score of {each.scale!r} cannot be compared on {scale.key!r}")
    before, after = (pre.value if pre else None), (post.value if post else None)
    sd, reliability = scale.reliability.sd, scale.reliability.alpha
    cutoff = scale.cutoff(scale.change_cutoff).at
    limits = [Limit.NO_COMPARISON]
    if scale.reliability.borrowed:
        limits.append(Limit.BORROWED)
    if not scale.reliability.evidence.confirmed:
        limits.append(Limit.UNCONFIRMED)
    if any(PRORATED in each.flags for each in (pre, post) if each):
        limits.append(Limit.PRORATED)
    return ChangeReport(
        outcome=classify(before, after, sd=sd, reliability=reliability, cutoff=cutoff, worse=scale.worse),
        pre=before,
        post=after,
        difference=after - before if before is not None and after is not None else None,
        index=reliable_change_index(before, after, sd=sd, reliability=reliability)
        if before is not None and after is not None
        else None,
        threshold=reliable_change_threshold(sd, reliability),
        cutoff=cutoff,
        limits=tuple(limits),
    )
