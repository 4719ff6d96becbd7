"""Tips for parents from a dated data file."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from teduh.kernel.data import DataInvalid, read_data_file

FILE = Path(__file__).parent / "data" / "tips.toml"
#: How many tips a page shows at a time.
SHOWN = 3
#: The longest sentence of a tip, in words.
LONGEST_SENTENCE = 15


@dataclass(frozen=True)
class Tip:
    """One thing that a parent can do today, in both languages."""

    key: str
    icon: str
    title_id: str
    title_en: str
    text_id: str
    text_en: str

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if _english() else self.title_id

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if _english() else self.text_id


def _english() -> bool:
    return (get_language() or "id").startswith("en")


def read_tips(file: Path) -> tuple[Tip, ...]:
    """Read the tips.

    Raises DataInvalid where a text is missing, a key appears twice, or a sentence is too long.
    """
    tips = []
    for number, raw in enumerate(read_data_file(file).values.get("tip", ()), start=1):
        values = {name: str(raw.get(name, "")).strip() for name in Tip.__dataclass_fields__}
        if missing := [name for name, value in values.items() if not value]:
            raise DataInvalid(f"tips.toml: tip {number} lacks {', '.join(missing)}")
        for text in (values["text_id"], values["text_en"]):
            for sentence in re.split(r"[.;?!]", text):
                if len(sentence.split()) > LONGEST_SENTENCE:
                    raise DataInvalid(f"tips.toml: tip {number} has a sentence of more than 15 words")
        tips.append(Tip(**values))
    if len(tips) < SHOWN or len({tip.key for tip in tips}) != len(tips):
        raise DataInvalid("tips.toml: there are too few tips, or a key appears twice")
    return tuple(tips)


@lru_cache(maxsize=1)
def all_tips() -> tuple[Tip, ...]:
    """Return the tips that ship with Teduh, read once."""
    return read_tips(FILE)


def tips_of_week(day: date) -> tuple[Tip, ...]:
    """Return the tips of a week: the same for everybody, so that they tell nothing about the reader."""
    tips = all_tips()
    first = (day.isocalendar().week * SHOWN) % len(tips)
    return tuple(tips[(first + offset) % len(tips)] for offset in range(SHOWN))
