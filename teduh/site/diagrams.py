"""State diagrams, drawn from the transition tables themselves, so that a picture cannot say what the code does not."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from teduh.kernel.machine_types import Rule

#: Rooms whose transition tables are drawn, from the spine outwards.
ROOMS = ("care", "peers", "scheduling", "measures", "psychosocial")
#: Where the drawings are kept.
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "diagrams"

#: Any room's table; a mapping's key type does not vary, so the rooms' own enumerations need `Any` here.
Table = Mapping[Any, Rule[Any]]


def tables() -> Iterator[tuple[str, str, Table]]:
    """Yield room, name and table of every transition table: each `*_RULES` in a room's states."""
    for room in ROOMS:
        if find_spec(f"teduh.{room}.states") is None:
            continue
        states = import_module(f"teduh.{room}.states")
        for name, table in vars(states).items():
            if name.endswith("_RULES") and isinstance(table, dict):
                yield room, name.removesuffix("_RULES").lower(), table


def draw(table: Table) -> str:
    """Return a table as a Mermaid state diagram: where things begin, each step with who may take it, where they end.

    A beginning is the first state that its list of states names; an end is a state from which no step leads on.
    """
    before = [state for state, _ in table]
    states = list(dict.fromkeys([*before, *(rule.to for rule in table.values())]))
    kind: type[StrEnum] = type(states[0])
    states.sort(key=list(kind).index)
    lines = ["stateDiagram-v2", f"    [*] --> {states[0].value}"]
    for (state, step), rule in table.items():
        parties = f" ({', '.join(sorted(rule.by))})" if rule.by else ""
        lines.append(f"    {state.value} --> {rule.to.value}: {step.value}{parties}")
    lines += [f"    {state.value} --> [*]" for state in states if state not in before]
    return "\n".join(lines) + "\n"


def drawings() -> dict[str, str]:
    """Return file names and texts of all diagrams."""
    return {f"{room}_{name}.mmd": draw(table) for room, name, table in tables()}


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of drawings that are missing, differ from their table, or have no table any more."""
    wanted = drawings()
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.mmd")}
    return sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))


def write(folder: Path = FOLDER) -> list[str]:
    """Draw what is stale, take away what has no table, and return the names that changed."""
    changed = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = drawings()
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed
