"""Measures the detector on labelled messages: recall, precision with its uncertainty, false alarms."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from teduh.risk.findings import Category, Finding, Severity
from teduh.risk.scanner import scan

NONE = "none"
LABELS = (Severity.URGENT.value, Severity.CONCERN.value, NONE)
_CATEGORIES = frozenset(category.value for category in Category)
# Two-sided 95 % of the normal distribution.
_Z = 1.959963984540054


class EvaluationError(ValueError):
    """The file of labelled messages cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message with the severity, and perhaps the category, that people gave it."""

    severity: str
    category: Category | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Share:
    """A count of successes among trials."""

    hits: int
    trials: int

    @property
    def value(self) -> float | None:
        """The share, or None where nothing was tried."""
        return self.hits / self.trials if self.trials else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval, which stays honest for small numbers and shares near 0 or 1."""
        if not self.trials:
            return None
        n, p = self.trials, self.hits / self.trials
        centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Counts of (label, answer) pairs, and how often a right severity came with the right category."""

    pairs: Counter[tuple[str, str]]
    category: Share

    def n(self, label: str) -> int:
        """Messages with this label."""
        return sum(self.pairs[label, answer] for answer in LABELS)

    def recall(self, label: str) -> Share:
        """Of the messages with this label, those answered with it."""
        return Share(self.pairs[label, label], self.n(label))

    def precision(self, label: str) -> Share:
        """Of the messages answered with this label, those that carry it."""
        return Share(self.pairs[label, label], sum(self.pairs[other, label] for other in LABELS))

    @property
    def false_alarm(self) -> Share:
        """Of the messages labelled none, those raised as anything."""
        return Share(self.n(NONE) - self.pairs[NONE, NONE], self.n(NONE))


def parse(lines: Iterable[str]) -> tuple[Labelled, ...]:
    """Read ``severity<TAB>category<TAB>text`` lines; blank lines and lines that start with ``#`` are skipped.

    Raises:
        EvaluationError: a line has another form, severity or category; its number is given.
    """
    labelled: list[Labelled] = []
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix("\ufeff").rstrip("\r\n") if number == 1 else line.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t", 2)
        if len(fields) != 3:
            raise EvaluationError(f"line {number}: expected severity, category and text separated by tabs")
        severity, category, text = fields[0].strip().lower(), fields[1].strip().lower(), fields[2]
        if severity not in LABELS:
            raise EvaluationError(f"line {number}: severity {severity!r} is not one of {', '.join(LABELS)}")
        if category not in ("", "-", NONE) and category not in _CATEGORIES:
            raise EvaluationError(
                f"line {number}: category {category!r} is not one of {', '.join(sorted(_CATEGORIES))}"
            )
        if not text.strip():
            raise EvaluationError(f"line {number}: the text is empty")
        labelled.append(
            Labelled(severity, Category(category) if category in _CATEGORIES else None, text, number)
        )
    return tuple(labelled)


def read(path: Path) -> tuple[Labelled, ...]:
    """Read a UTF-8 file of labelled messages.

    Raises:
        EvaluationError: the file cannot be opened, is not UTF-8, is malformed or holds no message.
    """
    try:
        # Only line feeds end a line: a text may well contain other signs that Python counts as line ends.
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: not UTF-8 text (byte {error.start})") from error
    try:
        labelled = parse(content.split("\n"))
    except EvaluationError as error:
        raise EvaluationError(f"{path}: {error}") from error
    if not labelled:
        raise EvaluationError(f"{path}: holds no message")
    return labelled


def evaluate(labelled: Sequence[Labelled], answer: Callable[[str], Finding | None] = scan) -> Evaluation:
    """Ask the detector about each message and count."""
    pairs: Counter[tuple[str, str]] = Counter()
    right = judged = 0
    for message in labelled:
        finding = answer(message.text)
        given = finding.severity.value if finding else NONE
        pairs[message.severity, given] += 1
        if finding and message.category and given == message.severity:
            judged += 1
            right += finding.category is message.category
    return Evaluation(pairs, Share(right, judged))


def report_json(evaluation: Evaluation) -> str:
    """One JSON object with the figures a severity; a share of nothing is null."""
    figures: dict[str, dict[str, float | int | None]] = {
        label: {
            "n": evaluation.n(label),
            "recall": evaluation.recall(label).value,
            "precision": evaluation.precision(label).value,
        }
        for label in LABELS[:2]
    }
    figures[NONE] = {"n": evaluation.n(NONE), "false_alarm": evaluation.false_alarm.value}
    return json.dumps(figures)


def report_text(evaluation: Evaluation) -> str:
    """The same figures for people, with intervals and the confusion table."""
    lines = [f"{'severity':<9}{'n':>6}  {'recall (95 %)':<22}{'precision (95 %)':<22}"]
    lines += [
        f"{label:<9}{evaluation.n(label):>6}  {_share(evaluation.recall(label)):<22}"
        f"{_share(evaluation.precision(label)):<22}"
        for label in LABELS[:2]
    ]
    lines.append(f"{NONE:<9}{evaluation.n(NONE):>6}  false alarms {_share(evaluation.false_alarm)}")
    lines.append(f"category right where the severity was right: {_share(evaluation.category)}")
    lines += ["", f"{'label / answer':<16}" + "".join(f"{answer:>9}" for answer in LABELS)]
    lines += [
        f"{label:<16}" + "".join(f"{evaluation.pairs[label, answer]:>9}" for answer in LABELS)
        for label in LABELS
    ]
    return "\n".join(line.rstrip() for line in lines)


def _share(share: Share) -> str:
    value, interval = share.value, share.interval
    if value is None or interval is None:
        return "-"
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"
