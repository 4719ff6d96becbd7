"""Finds danger in a message. It reports to people; it never answers and never blocks."""

import re
from collections.abc import Iterator
from functools import cache

from teduh.risk.findings import Finding, Person, Severity
from teduh.risk.message import Message, Reader
from teduh.risk.phrases import Phrase
from teduh.risk.rules import Context, Rule, RuleSet, load

# A rule whose first matches are softened may match again more gravely; this many are looked at.
MATCHES_PER_PHRASE = 8
# Words on either side of a match that can change its weight.
REACH = 30
# Letters up to which searching the whole text is cheaper than looking for anchors first.
SHORT = 400
_KIN = frozenset(
    ("ayah", "ibu", "ortu", "kakak", "adik", "om", "tante", "kakek", "nenek", "sepupu", "tetangga")
)
_THIRD = _KIN | {"teman", "pacar", "senior", "guru", "dia", "mereka", "orang", "he", "himself", "anak"}
_FIRST = frozenset(("aku", "i", "me", "my", "myself", "kita"))


@cache
def _ready() -> tuple[RuleSet, Reader]:
    rules = load()
    return rules, Reader(rules.lexicon, frozenset(rules.dangers))


def scan(text: str) -> Finding | None:
    """The gravest danger that the text shows, or None; never raises, whatever the text."""
    found = scan_all(text)
    return found[0] if found else None


def scan_all(text: str) -> tuple[Finding, ...]:
    """Every danger that the text shows, gravest first; where two of a kind overlap, the graver stays."""
    rules, reader = _ready()
    if not reader.may_matter(text):
        return ()
    message = reader.read(text)
    present = set(message.words.split())
    candidates = [
        (phrase, rule)
        for word in present & rules.dangers.keys()
        for phrase, rule in rules.dangers[word]
        if not any(need.isdisjoint(present) for need in phrase.needs)
    ]
    if not candidates:
        return ()
    blanked = _blank_idioms(message, present, rules)
    hits: dict[tuple[str, int, int], tuple[Severity, Rule]] = {}
    for phrase, rule in candidates:
        for count, match in enumerate(
            _matches(phrase, message, message.words if rule.through_idioms else blanked)
        ):
            severity = _weigh(rule, message, match.start(), match.end(), rules)
            if severity is not None:
                key = (rule.category, match.start(), match.end())
                known = hits.get(key)
                if known is None or (severity.rank, rule.id) < (known[0].rank, known[1].id):
                    hits[key] = (severity, rule)
                if severity is rule.severity:
                    break
            if count + 1 >= MATCHES_PER_PHRASE:
                break
    return _findings(text, message, hits)


def _matches(phrase: Phrase, message: Message, words: str) -> Iterator[re.Match[str]]:
    """Matches of a phrase; in a long text only around its anchors, which keeps time linear."""
    if len(words) <= SHORT:
        yield from phrase.regex.finditer(words)
    else:
        for begin, end in message.windows(phrase.anchors, phrase.width):
            yield from phrase.regex.finditer(words, begin, end)


def _blank_idioms(message: Message, present: set[str], rules: RuleSet) -> str:
    spans = [
        match.span()
        for word in present & rules.idioms.keys()
        for phrase in rules.idioms[word]
        if not any(need.isdisjoint(present) for need in phrase.needs)
        for match in _matches(phrase, message, message.words)
    ]
    if not spans:
        return message.words
    signs = list(message.words)
    for start, end in spans:
        signs[start:end] = ["_" if sign not in " .?" else sign for sign in signs[start:end]]
    return "".join(signs)


def _weigh(rule: Rule, message: Message, start: int, end: int, rules: RuleSet) -> Severity | None:
    if any(_holds(context, message, start, end) for name in rule.drop for context in rules.contexts[name]):
        return None
    if rule.severity is Severity.URGENT and any(
        _holds(context, message, start, end) for name in rule.soften for context in rules.contexts[name]
    ):
        return Severity.CONCERN
    return rule.severity


def _holds(context: Context, message: Message, start: int, end: int) -> bool:
    words = message.words
    low, high = message.scope(start, end, REACH)
    if context.where in ("before", "around"):
        low = max(words.rfind(" .", low, start + 2), words.rfind(" ?", low, start + 2), low)
    if context.where == "before":
        scope = words[low:end] + " "
    elif context.where == "after":
        scope = words[end:high]
    elif context.where == "around":
        marks = [place for place in (words.find(" .", end, high), words.find(" ?", end, high)) if place >= 0]
        scope = words[low : min(marks, default=high) + 3]
    else:
        scope = words[low:high]
    if not any(phrase.regex.search(scope) for phrase in context.phrases):
        return False
    return not any(phrase.regex.search(scope) for phrase in context.unless)


def _findings(
    text: str, message: Message, hits: dict[tuple[str, int, int], tuple[Severity, Rule]]
) -> tuple[Finding, ...]:
    order = sorted(
        hits.items(),
        key=lambda hit: (hit[1][0].rank, hit[0][1] - hit[0][2], hit[0][1], hit[0][0], hit[1][1].id),
    )
    kept: list[tuple[str, int, int]] = []
    found: list[Finding] = []
    for (category, start, end), (severity, rule) in order:
        if any(category == other and start < last and first < end for other, first, last in kept):
            continue
        kept.append((category, start, end))
        span = message.span(start, end)
        found.append(
            Finding(
                severity,
                rule.category,
                span,
                text[span[0] : span[1]],
                _person(message.words, start, end),
                rule.id,
            )
        )
    return tuple(found)


def _person(words: str, start: int, end: int) -> Person:
    """The last one named before the danger, else the first one named in it; "my friend" is not the writer."""
    sentence = max(words.rfind(" .", 0, start + 1), words.rfind(" ?", 0, start + 1), 0)
    inside = _named(words[start:end].split())
    before = _named(words[sentence:start].split())
    if inside and (not before or words[start:end].split()[0] in _THIRD | _FIRST):
        return inside[0]
    return before[-1] if before else Person.UNKNOWN


def _named(words: list[str]) -> list[Person]:
    named: list[Person] = []
    for i, word in enumerate(words):
        if word in _THIRD:
            named.append(Person.THIRD)
        elif (
            word in _FIRST
            and not (i and words[i - 1] in _THIRD)
            and not (word == "my" and i + 1 < len(words) and words[i + 1] in _THIRD)
        ):
            named.append(Person.FIRST)
    return named
