"""Turns answers into scores as the instrument's data say; nothing here knows an instrument by name."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from teduh.measures.engine.model import Instrument, Method, Scale, ScaleScore

PRORATED = "prorated"
TOO_MANY_MISSING = "too_many_missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer; `item` is empty when it concerns the whole sheet."""

    item: str
    reason: str

    def __str__(self) -> str:
        return f"item {self.item}: {self.reason}" if self.item else self.reason


class AnswerInvalid(ValueError):
    """Answers that cannot be scored; names every item and rule, never what the person answered."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def check_answers(instrument: Instrument, answers: Sequence[int | None]) -> tuple[Problem, ...]:
    """Return every fault in `answers`: in form order, each an option's code or None for a blank."""
    if len(answers) != len(instrument.items):
        return (Problem("", f"{len(instrument.items)} answers are needed, {len(answers)} were given"),)
    codes = {option.value for option in instrument.options}
    allowed = ", ".join(str(option.value) for option in instrument.options)
    return tuple(
        Problem(item.id, f"must be one of {allowed}, or blank")
        for item, answer in zip(instrument.items, answers, strict=True)
        if answer is not None and (type(answer) is not int or answer not in codes)
    )


def safety_flags(instrument: Instrument, answers: Sequence[int | None]) -> tuple[str, ...]:
    """Return `safety:<item>` for each answer that calls for a human the same day, score or no score."""
    return tuple(
        f"safety:{item.id}"
        for item, answer in zip(instrument.items, answers, strict=True)
        if item.safety_at_least is not None and answer is not None and answer >= item.safety_at_least
    )


def score(instrument: Instrument, answers: Sequence[int | None]) -> tuple[ScaleScore, ...]:
    """Score every scale; safety flags stand on each of them, so that no reader of one scale can miss them.

    A blank in an item that is never imputed gives no score and the flag `item<id>_missing`.
    Raises AnswerInvalid.
    """
    problems = check_answers(instrument, answers)
    if problems:
        raise AnswerInvalid(problems)
    safety = safety_flags(instrument, answers)
    return tuple(_score_scale(instrument, scale, answers, safety) for scale in instrument.scales)


def _score_scale(
    instrument: Instrument, scale: Scale, answers: Sequence[int | None], safety: tuple[str, ...]
) -> ScaleScore:
    turned = instrument.options[0].value + instrument.options[-1].value
    values: list[int] = []
    blank: list[str] = []
    for item, answer in zip(instrument.items, answers, strict=True):
        if item.id not in scale.items:
            continue
        if answer is None:
            blank.append(item.id)
        else:
            values.append(turned - answer if item.reverse else answer)
    flags = [*safety, *(f"item{item}_missing" for item in blank if item in scale.missing.never_imputed)]
    if len(blank) > scale.missing.max_blank:
        flags.append(TOO_MANY_MISSING)
    if len(flags) > len(safety):
        return ScaleScore(scale.key, None, None, tuple(flags), len(blank))
    if blank:
        flags.append(PRORATED)
    mean = Fraction(sum(values), len(values))
    exact = mean * scale.factor * (len(scale.items) if scale.method is Method.SUM else 1)
    value = round_half_up(exact, scale.rounding.decimals)
    return ScaleScore(scale.key, value, scale.band_of(value).key, tuple(flags), len(blank))


def round_half_up(exact: Fraction, decimals: int) -> int | float:
    """Round halves upwards; Python's `round` takes them to the even neighbour, so 12.5 would become 12."""
    rounded = Fraction(math.floor(exact * 10**decimals + Fraction(1, 2)), 10**decimals)
    return int(rounded) if decimals == 0 else float(rounded)
