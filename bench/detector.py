"""The danger detector in messages per second, against a bare search for the same literal words.

The limit, measured in the same run: lower-case the text and search one alternation of all the literal words
from which phrases are searched. It normalises nothing and knows no context: it is what one pass costs.
"""

import json
import re
from pathlib import Path
from statistics import median
from time import perf_counter

import teduh.risk
from teduh.risk import scan
from teduh.risk.evaluation import read
from teduh.risk.rules import load

ROUNDS = 7
COPIES = 3


def _texts() -> list[str]:
    data = Path(teduh.risk.__file__).parent / "data"
    return [message.text for name in ("dev.tsv", "heldout.tsv") for message in read(data / name)] * COPIES


def _literals() -> list[str]:
    """The words from which searches start, longest first; every phrase has one of them."""
    return sorted(load().dangers, key=lambda word: (-len(word), word))


def run() -> list[dict[str, object]]:
    """Messages per second over the development and held-out messages; median of interleaved rounds."""
    texts = _texts()
    bare = re.compile("|".join(map(re.escape, _literals())))
    for text in texts:
        scan(text)
    scanned: list[float] = []
    searched: list[float] = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for text in texts:
            scan(text)
        middle = perf_counter()
        for text in texts:
            bare.search(text.lower())
        end = perf_counter()
        scanned.append(len(texts) / (middle - start))
        searched.append(len(texts) / (end - middle))
    value, limit = median(scanned), median(searched)
    return [
        {
            "name": "danger detector",
            "value": round(value),
            "unit": "messages/s",
            "limit": round(limit),
            "ratio": round(value / limit, 4),
        }
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
