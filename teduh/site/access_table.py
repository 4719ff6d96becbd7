"""The table of who reaches which address: kept as data, proved by a test, printed by a command."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "access.toml"
#: The actors of the table, in its column order; "visitor" is nobody signed in.
ACTORS = ("ayu", "bima", "citra", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "visitor")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Reach:
    """Who gets a 2xx (or a redirect that is no log-in) at one address with one method."""

    name: str
    method: str
    allowed: frozenset[str]


def read_table(file: Path = FILE) -> dict[tuple[str, str], frozenset[str]]:
    """Return the table by URL name and method."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        (name, method): frozenset(actors)
        for name, methods in values["urls"].items()
        for method, actors in methods.items()
    }


def draw_table(table: dict[tuple[str, str], frozenset[str]]) -> str:
    """Return the table as text: a row an address and method, a column an actor."""
    width = max(len(name) for name, _ in table) + 8
    lines = [" " * width + " ".join(f"{actor:<7}" for actor in ACTORS)]
    for name, method in sorted(table):
        allowed = table[(name, method)]
        marks = " ".join(f"{'yes' if actor in allowed else '·':<7}" for actor in ACTORS)
        lines.append(f"{method:<7}{name:<{width - 7}}{marks}")
    return "\n".join(lines)


def write_table(table: dict[tuple[str, str], frozenset[str]], file: Path = FILE) -> None:
    """Write the table as data, for review in the change that alters it."""
    lines = [
        "# Who reaches which address around Ayu's care, by URL name and method; proved by tests/test_access_matrix.py.",
        "# Methods that nobody reaches are left out. Write anew with TEDUH_WRITE_ACCESS=1 and read every changed line.",
        "",
    ]
    names = sorted({name for name, _ in table})
    for name in names:
        lines.append(f'[urls."{name}"]')
        for method in METHODS:
            allowed = table.get((name, method), frozenset())
            if allowed:
                lines.append(
                    f"{method} = [{', '.join(repr_(actor) for actor in ACTORS if actor in allowed)}]"
                )
        lines.append("")
    file.write_text("\n".join(lines), encoding="utf-8")


def repr_(text: str) -> str:
    """Return a TOML string."""
    return f'"{text}"'
