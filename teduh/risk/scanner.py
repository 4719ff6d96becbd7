"""Finds danger in a message. It reports to people; it never answers and never blocks."""

from functools import cache

from teduh.risk.findings import Finding, Person, Severity
from teduh.risk.message import Message, Reader
from teduh.risk.rules import Context, Rule, RuleSet, load

# A rule whose first matches are softened may match again more gravely; this many are looked at.
MATCHES_PER_PHRASE = 8
_THIRD = frozenset(
    "ayah ibu ortu kakak adik om tante kakek nenek sepupu tetangga teman pacar senior guru dia mereka orang he "
    "himself anak".split()
)
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
    """Every danger that the text shows, gravest first; of overlapping ones of a category the gravest stays."""
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
    words = _blank_idioms(message.words, present, rules)
    hits: dict[tuple[str, int, int], tuple[Severity, Rule]] = {}
    for phrase, rule in candidates:
        searched = message.words if rule.through_idioms else words
        for count, match in enumerate(phrase.regex.finditer(searched)):
            severity = _weigh(rule, message.words, match.start(), match.end(), rules)
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


def _blank_idioms(words: str, present: set[str], rules: RuleSet) -> str:
    for word in present & rules.idioms.keys():
        for phrase in rules.idioms[word]:
            if any(need.isdisjoint(present) for need in phrase.needs):
                continue
            for match in phrase.regex.finditer(words):
                blank = "".join(sign if sign in " .?" else "_" for sign in match[0])
                words = words[: match.start()] + blank + words[match.end():]
    return words


def _weigh(rule: Rule, words: str, start: int, end: int, rules: RuleSet) -> Severity | None:
    if any(_holds(context, words, start, end) for name in rule.drop for context in rules.contexts[name]):
        return None
    if rule.severity is Severity.URGENT and any(
        _holds(context, words, start, end) for name in rule.soften for context in rules.contexts[name]
    ):
        return Severity.CONCERN
    return rule.severity


def _holds(context: Context, words: str, start: int, end: int) -> bool:
    before = max(words.rfind(" .", 0, start + 1), words.rfind(" ?", 0, start + 1), 0)
    if context.where == "before":
        scope = words[before:end] + " "
    elif context.where == "after":
        scope = words[end:]
    elif context.where == "around":
        following = [place for place in (words.find(" .", end), words.find(" ?", end)) if place >= 0]
        scope = words[before : min(following, default=len(words)) + 3]
    else:
        scope = words
    if not any(phrase.regex.search(scope) for phrase in context.phrases):
        return False
    return not any(phrase.regex.search(scope) for phrase in context.unless)


def _findings(
    text: str, message: Message, hits: dict[tuple[str, int, int], tuple[Severity, Rule]]
) -> tuple[Finding, ...]:
    order = sorted(
        hits.items(), key=lambda hit: (hit[1][0].rank, hit[0][1] - hit[0][2], hit[0][1], hit[0][0], hit[1][1].id)
    )
    kept: list[tuple[str, int, int]] = []
    found: list[Finding] = []
    for (category, start, end), (severity, rule) in order:
        if any(category == other and start < last and first < end for other, first, last in kept):
            continue
        kept.append((category, start, end))
        span = message.span(start, end)
        found.append(
            Finding(severity, rule.category, span, text[span[0]:span[1]], _person(message.words, start, end), rule.id)
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
        elif word in _FIRST and not (i and words[i - 1] in _THIRD) and not (
            word == "my" and i + 1 < len(words) and words[i + 1] in _THIRD
        ):
            named.append(Person.FIRST)
    return named
