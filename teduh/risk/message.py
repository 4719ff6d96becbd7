"""Turns a message into canonical words, each of which remembers where it stands in the original text."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from teduh.risk.lexicon import UNKNOWN, Lexicon, words_of

HOT, SINGLE, FRAGMENT = 1, 2, 4
_CHUNK = re.compile(r"\S+")
_CORE = re.compile(r"[a-z0-9@$*+](?:.*[a-z0-9@$*!+])?", re.DOTALL)
_CORE_PLAIN = re.compile(r"[a-z0-9](?:.*[a-z0-9])?", re.DOTALL)
_PART = re.compile(r"[a-z0-9@$]+")
_GLUE = str.maketrans("", "", ".-_*'`~^|:’·•=#%,/\\\"")
_LOOKALIKES = str.maketrans("аеорсухіѕјһԁԛԝмтнкв", "aeopcyxisjhdqwmthkb")
_LAUGHS = frozenset("😂🤣😹😆")
# Bounds memory and work: a longer run without a space is not a word, a fuller cache is started afresh.
LONG_CHUNK = 64
CACHE_LIMIT = 20_000

Pieces = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a run without spaces means: canonical words with their places in the run."""

    pieces: Pieces
    flags: int
    raw: str


@dataclass(frozen=True)
class Message:
    """Canonical words as one searchable string, and the way back to the original characters."""

    words: str
    starts: list[int]
    spans: list[tuple[int, int]]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each canonical word, which words of the message it is."""
        index: dict[str, list[int]] = {}
        for place, word in enumerate(self.words.split()):
            index.setdefault(word, []).append(place)
        return index

    def windows(self, anchors: frozenset[str], width: int) -> list[tuple[int, int]]:
        """Stretches of ``words`` that can hold a phrase of ``width`` words with one of ``anchors``."""
        index, count = self.places, len(self.starts)
        found: list[tuple[int, int]] = []
        for place in sorted(place for anchor in anchors & index.keys() for place in index[anchor]):
            begin = self.starts[max(0, place - width)]
            end = self.starts[place + width] + 1 if place + width < count else len(self.words)
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((begin, end))
        return found

    def scope(self, start: int, end: int, reach: int) -> tuple[int, int]:
        """The stretch from ``reach`` words before ``start`` to ``reach`` words after ``end``."""
        low = max(0, bisect_right(self.starts, start) - 1 - reach)
        high = bisect_right(self.starts, end - 1) + reach
        return self.starts[low], self.starts[high] + 1 if high < len(self.starts) else len(self.words)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original characters covered by ``words[start:end]``, without sentence marks at either side."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        if self.starts[first] < start and first < last:
            first += 1
        marks = [i for i in range(max(first, 0), last + 1) if self.words[self.starts[i] + 1] not in ".?"]
        if not marks:
            return self.spans[max(first, 0)]
        return min(self.spans[i][0] for i in marks), max(self.spans[i][1] for i in marks)


class Reader:
    """Reads messages with a lexicon; remembers runs already seen, because chat repeats itself."""

    def __init__(self, lexicon: Lexicon, hot: frozenset[str]) -> None:
        self._lexicon = lexicon
        self._hot = hot
        self._seen: dict[str, Chunk] = {}

    def may_matter(self, text: str) -> bool:
        """Whether the text holds any word from which a danger phrase could start; false for most of chat."""
        seen, singles, fragments = self._seen, 0, 0
        for raw in text.split():
            chunk = seen.get(raw)
            if chunk is None:
                chunk = self._chunk(raw)
            flags = chunk.flags
            if flags:
                if flags & HOT:
                    return True
                singles += flags & SINGLE
                fragments += flags & FRAGMENT
        return singles >= 4 * SINGLE or fragments > 0

    def read(self, text: str) -> Message:
        """The whole message in canonical words, opened and closed by a sentence mark."""
        items: list[tuple[str, int, int]] = [(".", 0, 0)]
        run: list[tuple[str, int, int]] = []
        before: tuple[str, int, int] | None = None
        for match in _CHUNK.finditer(text):
            raw, at = match[0], match.start()
            chunk = self._seen.get(raw) or self._chunk(raw)
            if chunk.flags & SINGLE:
                run.append((chunk.raw, at, at + len(raw)))
                before = None
                continue
            self._close_run(run, items)
            joined = before and self._lexicon.halves.get((before[0], chunk.raw))
            if joined and before and chunk.raw:
                while len(items) > 1 and items[-1][1] >= before[1]:
                    items.pop()
                items.extend((word, before[1], at + len(raw)) for word in joined)
                before = None
                continue
            before = (chunk.raw, at, at + len(raw)) if chunk.raw in self._lexicon.fragments else None
            items.extend((word, at + start, at + end) for word, start, end in chunk.pieces)
        self._close_run(run, items)
        items.append((".", len(text), len(text)))
        starts, position = [], 0
        for word, _, _ in items:
            starts.append(position)
            position += len(word) + 1
        return Message(
            words_of(word for word, _, _ in items), starts, [(start, end) for _, start, end in items]
        )

    def _close_run(self, run: list[tuple[str, int, int]], items: list[tuple[str, int, int]]) -> None:
        """Read letters written one by one (``b u n u h``) as a word, if they make one."""
        if not run:
            return
        words = self._lexicon.resolve("".join(letter for letter, _, _ in run)) if len(run) >= 4 else None
        if words:
            items.extend((word, run[0][1], run[-1][2]) for word in words)
        else:
            for letter, start, end in run:
                items.extend((word, start, end) for word in self._lexicon.resolve(letter) or (UNKNOWN,))
        run.clear()

    def _chunk(self, raw: str) -> Chunk:
        letters, places = _fold(raw)
        pieces: list[tuple[str, int, int]] = []
        core = _CORE.search(letters)
        name = ""
        if core is None:
            _add_mark(letters, len(letters), pieces)
        else:
            name = self._read_core(letters, core.start(), core.end(), pieces)
        if places is not None:
            pieces = [
                (word, places[start], places[end - 1] + 1 if end > start else places[start])
                for word, start, end in pieces
            ]
        if not _LAUGHS.isdisjoint(raw):
            pieces.append(("wkwk", 0, len(raw)))
        flags = HOT if any(word in self._hot for word, _, _ in pieces) else 0
        if len(name) == 1 and name.isalpha() and len(pieces) < 2:
            flags |= SINGLE
        if name in self._lexicon.fragments:
            flags |= FRAGMENT
        chunk = Chunk(tuple(pieces), flags, name)
        if len(raw) <= LONG_CHUNK:
            if len(self._seen) >= CACHE_LIMIT:
                self._seen.clear()
            self._seen[raw] = chunk
        return chunk

    def _read_core(self, letters: str, start: int, end: int, pieces: list[tuple[str, int, int]]) -> str:
        """Append the words of one run to ``pieces``; return the run as one plain word, or nothing."""
        lexicon, written = self._lexicon, letters[start:end]
        plain = _CORE_PLAIN.search(letters)
        tries = [(written, start, end)]
        if plain is not None and plain.span() != (start, end):
            tries.insert(0, (plain[0], plain.start(), plain.end()))
        for word, first, last in tries:
            found = lexicon.resolve(word) if _PART.fullmatch(word) or "!" in word or "+" in word else None
            if found is not None:
                pieces.extend((canonical, first, last) for canonical in found)
                _add_mark(letters[last:], len(letters), pieces)
                return word
        if len(written) <= LONG_CHUNK and not written.isalnum():
            glued = written.translate(_GLUE)
            found = lexicon.resolve(glued) if len(glued) >= 3 and len(glued) < len(written) else None
            if found is None and any(sign in written for sign in "*#%"):
                found = lexicon.unmask(
                    written.strip("*") if written.count("*") > 1 and written[0] == "*" else written
                )
            if found:
                pieces.extend((canonical, start, end) for canonical in found)
                _add_mark(letters[end:], len(letters), pieces)
                return ""
        parts = list(_PART.finditer(letters, start, end))
        for place, part in enumerate(parts):
            found = lexicon.resolve(part[0])
            pieces.extend(
                (word, part.start(), part.end()) for word in ((UNKNOWN,) if found is None else found)
            )
            stop = parts[place + 1].start() if place + 1 < len(parts) else len(letters)
            _add_mark(letters[part.end() : stop], part.end(), pieces)
        return parts[0][0] if len(parts) == 1 else ""


def _add_mark(tail: str, at: int, pieces: list[tuple[str, int, int]]) -> None:
    """A question or full stop ends a sentence; two or more dots are how chat writes a comma."""
    if "?" in tail:
        pieces.append(("?", at, at))
    elif "!" in tail or tail.count(".") == 1:
        pieces.append((".", at, at))


def _fold(raw: str) -> tuple[str, list[int] | None]:
    """Lower-case letters without accents or invisible signs, and their places in ``raw`` (None: the same)."""
    if raw.isascii() and "\0" not in raw:
        return raw.lower(), None
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(raw):
        for part in unicodedata.normalize("NFKD", sign).lower().translate(_LOOKALIKES):
            if unicodedata.category(part) not in ("Mn", "Cf", "Cc", "Me"):
                letters.append(part)
                places.append(place)
    places.append(len(raw))
    return "".join(letters), places
