"""Loads the dated data files into one rule set; compiled once, when the first text is scanned."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from teduh.risk.findings import Category, Severity
from teduh.risk.lexicon import Lexicon
from teduh.risk.phrases import Compiler, Phrase

T = TypeVar("T")

DANGERS = ("suicide_self_harm", "violence_abuse", "danger_to_others", "acute_crisis")


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases of one meaning; ``soften`` names contexts that lower urgent to concern, ``drop`` what cancels.

    ``through_idioms`` lets a rule read words that an idiom has blanked for all others."""

    id: str
    category: Category
    severity: Severity
    soften: frozenset[str]
    drop: frozenset[str]
    through_idioms: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Words around a match that change its weight, unless other words take that change back."""

    name: str
    where: str
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything the scanner needs, indexed by the words that must occur."""

    lexicon: Lexicon
    rules: tuple[Rule, ...]
    dangers: dict[str, tuple[tuple[Phrase, Rule], ...]]
    idioms: dict[str, tuple[Phrase, ...]]
    idiom_examples: tuple[tuple[str, str], ...]
    contexts: dict[str, tuple[Context, ...]]


def read_data(name: str) -> dict[str, Any]:
    """Read one data file of this package."""
    return tomllib.loads((files("teduh.risk") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def load() -> RuleSet:
    """The rule set of the data files.

    Raises:
        ValueError: a data file contradicts itself; the message names the phrase or word.
    """
    lexicon = Lexicon(read_data("lexicon"))
    compiler = Compiler(lexicon, read_data("slots")["slots"])
    rules: list[Rule] = []
    pairs: list[tuple[Phrase, Rule]] = []
    for name in DANGERS:
        data = read_data(name)
        for entry in data["rule"]:
            rule = Rule(
                id=entry["id"],
                category=Category(data["category"]),
                severity=Severity(entry["severity"]),
                soften=frozenset(entry.get("soften", data.get("soften", ("past", "recovery")))),
                drop=frozenset(entry.get("drop", ())),
                through_idioms=bool(entry.get("through_idioms", False)),
                examples=tuple(entry["examples"]),
            )
            rules.append(rule)
            pairs.extend((compiler.compile(source), rule) for source in entry["patterns"])
    idiom_data = read_data("idioms")["idiom"]
    idioms = [compiler.compile(source) for entry in idiom_data for source in entry["patterns"]]
    contexts: dict[str, list[Context]] = {}
    for entry in read_data("context")["context"]:
        context = Context(
            name=entry["name"],
            where=entry["where"],
            phrases=tuple(compiler.compile(source) for source in entry["patterns"]),
            unless=tuple(compiler.compile(source) for source in entry.get("unless", ())),
        )
        contexts.setdefault(context.name, []).append(context)
    named = {name for rule in rules for name in rule.soften | rule.drop}
    if unknown := named - contexts.keys():
        raise ValueError(f"rules name contexts that do not exist: {sorted(unknown)}")
    lexicon.finish()
    return RuleSet(
        lexicon=lexicon,
        rules=tuple(rules),
        dangers=_index((phrase.anchors, (phrase, rule)) for phrase, rule in pairs),
        idioms=_index((phrase.anchors, phrase) for phrase in idioms),
        idiom_examples=tuple((entry["id"], text) for entry in idiom_data for text in entry["examples"]),
        contexts={name: tuple(group) for name, group in contexts.items()},
    )


def _index(items: Iterable[tuple[frozenset[str], T]]) -> dict[str, tuple[T, ...]]:
    lists: dict[str, list[T]] = {}
    for anchors, item in items:
        for anchor in anchors:
            lists.setdefault(anchor, []).append(item)
    return {anchor: tuple(found) for anchor, found in lists.items()}
