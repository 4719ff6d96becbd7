"""Folds the many spellings of one chat word into one, so that phrases need writing only once."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

UNKNOWN = "@"
NUMBER = "#"

# Disguises of letters by figures and signs. Several readings are tried: 0 hides o or u, 1 hides i or l.
LEET = tuple(
    str.maketrans(
        {
            "0": zero,
            "1": one,
            "3": "e",
            "4": "a",
            "5": "s",
            "6": "g",
            "7": "t",
            "8": "b",
            "9": "g",
            "@": "a",
            "$": "s",
            "!": "i",
            "+": "t",
            "|": "i",
            "(": "c",
        }
    )
    for zero, one in (("o", "i"), ("u", "i"), ("o", "l"))
)
_LEET_SIGNS = re.compile(r"[0-9@$!+|(]")
_TWICE = re.compile(r"^([a-z]{2,})2([a-z]*)$")
_CLITICS = (
    ("ku", ("aku",)),
    ("qu", ("aku",)),
    ("q", ("aku",)),
    ("mu", ("kamu",)),
    ("nya", ()),
    ("ny", ()),
    ("lah", ()),
    ("kah", ()),
    ("pun", ()),
    ("x", ()),
)
_ENDINGS = ("kan", "in", "an", "i")
LONGEST = 40


def squeeze(word: str) -> str:
    """Collapse every run of one letter to a single letter, which undoes stretching."""
    return "".join(letter for letter, _ in groupby(word))


class Lexicon:
    """Table from written to canonical words; grows with the phrases, then ``finish`` indexes it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.table: dict[str, tuple[str, ...]] = {}
        for word in data["skip"].split():
            self.table[word] = ()
        for canonical, variants in data["words"].items():
            for written in (canonical, *variants.split()):
                if self.table.get(written, (canonical,)) != (canonical,):
                    raise ValueError(
                        f"lexicon: {written!r} stands for {self.table[written]} and for {canonical!r}"
                    )
                self.table[written] = (canonical,)
        self._expansions: dict[str, str] = data["expand"]
        for written, phrase in self._expansions.items():
            self.table[written] = tuple(phrase.split())
        self.either: dict[str, tuple[str, ...]] = {
            word: tuple(v.split()) for word, v in data["either"].items()
        }
        self.common = frozenset(data["common"].split())
        self.sensitive: tuple[str, ...] = tuple(data["sensitive"]["list"].split())
        self._squeezed: dict[str, tuple[str, ...]] = {}
        self._mistyped: dict[str, tuple[str, ...]] = {}
        self.halves: dict[tuple[str, str], tuple[str, ...]] = {}
        self.fragments: frozenset[str] = frozenset()

    def canonical(self, literal: str) -> tuple[str, ...]:
        """Canonical words of a word used in a phrase; a new one becomes part of the table."""
        if literal in (UNKNOWN, NUMBER):
            return (literal,)
        return self.table.setdefault(literal, (literal,))

    def finish(self) -> None:
        """Build the indexes for stretched, mistyped and split words, once all phrases are known."""
        for written, words in self.table.items():
            self._squeezed.setdefault(squeeze(written), words)
        for word in self.sensitive:
            words = self.table.get(word, (word,))
            self._squeezed[squeeze(word)] = words
            for i in range(2, len(word) - 1):
                self.halves[word[:i], word[i:]] = words
            if len(word) < 5:
                continue
            for i in range(1, len(word)):
                self._mistyped.setdefault(word[:i] + word[i + 1 :], words)
                swapped = word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :]
                self._mistyped.setdefault(swapped, words)
        self.fragments = frozenset(half for pair in self.halves for half in pair)

    def resolve(self, word: str) -> tuple[str, ...] | None:
        """Canonical words of a lower-case written word without inner separators, or None if it is unknown."""
        found = self.table.get(word)
        if found is not None:
            return found
        if word.isdigit():
            return (NUMBER,)
        if len(word) > LONGEST:
            word = squeeze(word)
            if len(word) > LONGEST:
                return None
        found = self._plain(word)
        if found is None and (twice := _TWICE.match(word)):
            found = self._plain(twice[1] + twice[2]) or self._plain(twice[1])
        if found is None and _LEET_SIGNS.search(word):
            for table in LEET:
                found = self.table.get(word.translate(table)) or self._plain(word.translate(table))
                if found:
                    break
        return found

    def unmask(self, word: str) -> tuple[str, ...] | None:
        """Read a word with hidden letters (``b*nuh``) as the one sensitive word that fits."""
        shape = re.compile("".join("." if c in "*#%" else re.escape(c) for c in word))
        for sensitive in self.sensitive:
            if shape.fullmatch(sensitive):
                return self.table.get(sensitive, (sensitive,))
        return None

    def _plain(self, word: str) -> tuple[str, ...] | None:
        found = self.table.get(word)
        if found is None:
            found = self._squeezed.get(squeeze(word))
        if found is None:
            found = self._affixed(word)
        if found is None:
            found = self._affixed(squeeze(word))
        if found is None:
            found = self._mistyped.get(word)
        if found is None and 6 <= len(word) <= LONGEST:
            found = self._glued(word) or self._glued(squeeze(word))
        return found

    def _stem(self, word: str) -> tuple[str, ...] | None:
        found = self.table.get(word)
        return found if found is not None else self._squeezed.get(word)

    def _affixed(self, word: str) -> tuple[str, ...] | None:
        for clitic, extra in _CLITICS:
            if word.endswith(clitic) and len(word) - len(clitic) >= 3:
                stem = self._stem(word[: -len(clitic)])
                if stem:
                    return stem + extra
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                stem = self._stem(word[: -len(ending)])
                if stem:
                    return stem
        if word.startswith("ku") and len(word) >= 6:
            stem = self._stem(word[2:])
            if stem:
                return ("aku", *stem)
        return None

    def _glued(self, word: str) -> tuple[str, ...] | None:
        """Split words written together, provided that every piece is known and one of them is sensitive."""
        if not any(sensitive in word for sensitive in self.sensitive):
            return None
        best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
        best[0] = ()
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 14), end - 1):
                before = best[start]
                piece = self.table.get(word[start:end])
                if before is not None and piece is not None and (best[end] is None or piece):
                    best[end] = before + piece
        return best[-1]


def words_of(tokens: Iterable[str]) -> str:
    """Write canonical tokens as the string which phrases are searched in."""
    return " " + " ".join(tokens) + " "
