"""User names: short, typed easily on a phone, unique, and telling little."""

import re
import secrets
import unicodedata
from collections.abc import Iterable

from teduh.people.models import Account

#: Titles and particles that make poor user names.
_SKIP = frozenset(
    {
        "m",
        "muh",
        "muhammad",
        "mohammad",
        "moh",
        "mochammad",
        "siti",
        "st",
        "dr",
        "drs",
        "hj",
        "h",
        "ibu",
        "pak",
    }
)


def stem_of(full_name: str) -> str:
    """Return the part of a name that a user name begins with: "Muhammad Ayu-Lestari" gives "ayu"."""
    plain = unicodedata.normalize("NFKD", full_name).encode("ascii", "ignore").decode("ascii").lower()
    words = [word for word in re.split(r"[^a-z]+", plain) if word]
    good = [word for word in words if word not in _SKIP and len(word) > 1] or words
    return (good[0] if good else "teman")[:16]


def new_usernames(full_names: Iterable[str]) -> list[str]:
    """Return a user name for each full name: its stem and four random digits, unique among all accounts.

    The digits are random, so that nobody can tell a classmate's user name from the class register.
    """
    stems = [stem_of(name) for name in full_names]
    taken = _taken(stems)
    made = []
    for stem in stems:
        width = 4
        while True:
            name = f"{stem}{secrets.randbelow(10**width):0{width}d}"
            if name not in taken:
                break
            width = min(width + 1, 8)
        taken.add(name)
        made.append(name)
    return made


def _taken(stems: list[str]) -> set[str]:
    """Return the user names in use that begin like one of the stems, asking in portions."""
    found: set[str] = set()
    wanted = sorted(set(stems))
    for start in range(0, len(wanted), 50):
        pattern = "|".join(re.escape(stem) for stem in wanted[start : start + 50])
        found.update(
            Account.objects.filter(username__regex=rf"^({pattern})[0-9]+$").values_list("username", flat=True)
        )
    return found
