"""The small language of phrases and its translation into regular expressions.

A phrase is a row of elements. ``word``: that word; ``a|b_c``: a, or b followed by c; ``<SLOT>``: a named
set; ``x?`` (or a lone ``?`` after x): x may be missing; ``~3``: up to three words in between; ``=3``: the
same, none of which may speak of oneself or of an intention; ``%3``: none of which may speak of oneself;
``^``: start or end of a sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from teduh.risk.lexicon import Lexicon

EDGE = "[.?]"
SELF_WORDS = ("aku", "i", "kita")
INTENT_WORDS = ("mo", "pengen", "niat", "pikir", "akan", "nekat", "siap", "mending", "want", "gonna", "ga")


@dataclass(frozen=True)
class Phrase:
    """A phrase ready to search, with the words at least one of which must occur for each of its elements.

    ``width`` is the greatest number of words that it can cover.
    """

    source: str
    pattern: str
    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...]
    width: int

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, compiled when first needed: most texts need few of them."""
        return re.compile(self.pattern)


class Compiler:
    """Translates phrases with a lexicon and named slots; a ValueError names the phrase that is wrong."""

    def __init__(self, lexicon: Lexicon, slots: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._slots = slots
        self._cache: dict[str, tuple[tuple[str, ...], ...]] = {}

    def compile(self, source: str) -> Phrase:
        """Compile one phrase."""
        pieces: list[str] = []
        needs: list[frozenset[str]] = []
        width = 0
        elements = source.replace(" ?", "?").split()
        for written in elements:
            optional = written.endswith("?")
            element = written.rstrip("?")
            if element[0] in "~=%" and element[1:].isdigit():
                pieces.append(self._gap(element[0], int(element[1:])))
                width += int(element[1:])
                continue
            alternatives = self._alternatives(element, source)
            alternatives = tuple(dict.fromkeys(a for a in alternatives if a))
            if not alternatives:
                continue
            width += max(map(len, alternatives))
            body = "|".join(_row(words) for words in sorted(alternatives, key=len, reverse=True))
            pieces.append(f"(?:{body})" + ("?" if optional else ""))
            if not optional:
                need = frozenset(self._rarest(words) for words in alternatives)
                if "^" not in need:
                    needs.append(need)
        if not needs:
            raise ValueError(f"phrase {source!r} has no word that must occur")
        anchors = min(needs, key=lambda need: (sum(word in self._lexicon.common for word in need), len(need)))
        rest = tuple(need for need in needs if need is not anchors)
        return Phrase(source, "".join(pieces) + "(?= )", anchors, rest, width)

    def _rarest(self, words: tuple[str, ...]) -> str:
        return min(words, key=lambda word: (word in self._lexicon.common, word == "^"))

    def _alternatives(self, element: str, source: str) -> tuple[tuple[str, ...], ...]:
        if element in self._cache:
            return self._cache[element]
        result: list[tuple[str, ...]] = []
        for alternative in element.split("|"):
            rows: list[tuple[str, ...]] = [()]
            for word in re.findall(r"<\w+?>|[^_<>]+", alternative):
                if word.startswith("<"):
                    if word[1:-1] not in self._slots:
                        raise ValueError(f"phrase {source!r} names the unknown slot {word}")
                    inner = self._alternatives(self._slots[word[1:-1]], source)
                    rows = [row + more for row in rows for more in inner]
                elif word == "^":
                    rows = [(*row, "^") for row in rows]
                elif word in self._lexicon.either:
                    rows = [(*row, one) for row in rows for one in self._lexicon.either[word]]
                elif re.fullmatch(r"[a-z0-9]+|[@#.?]", word):
                    rows = [row + self._lexicon.canonical(word) for row in rows]
                else:
                    raise ValueError(f"phrase {source!r} has the unreadable word {word!r}")
            result.extend(rows)
        self._cache[element] = tuple(dict.fromkeys(result))
        return self._cache[element]

    @staticmethod
    def _gap(kind: str, most: int) -> str:
        refused = {"~": (), "%": SELF_WORDS, "=": SELF_WORDS + INTENT_WORDS}[kind]
        guard = f"(?!(?:{'|'.join(refused)}) )" if refused else ""
        return f"(?: {guard}[^ .?]+){{0,{most}}}?"


def _row(words: tuple[str, ...]) -> str:
    return "".join(" " + (EDGE if word == "^" else re.escape(word)) for word in words)
