"""Measure, print the ratios, write them down: `python -m bench [name ...]`.

Each benchmark measures its limit in the same run, because absolute figures do not travel between machines.
One that fails is reported and the others still run; the exit code then is 1.
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

NAMES = ("detector", "messages", "episodes", "notes")
OUT = Path(__file__).parent / "out" / "results.json"
KEYS = ("name", "value", "unit", "limit", "ratio")

Rows = list[dict[str, object]]


def _benchmark(name: str) -> Callable[[], Rows]:
    run: Callable[[], Rows] = import_module(f"bench.{name}").run
    return run


def measure(benchmarks: Mapping[str, Callable[[], Rows]]) -> tuple[Rows, list[str]]:
    """Run the benchmarks one after another; return what they found and the names of those that failed."""
    found: Rows = []
    failed = []
    for name, run in benchmarks.items():
        started = time.monotonic()
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            found += run()
        except Exception:
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found, failed


def _shown(value: object) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)


def table(rows: Rows) -> str:
    """Return the results as text: what was measured, its limit, the ratio, and the aim where one is set."""
    head = ("", "measured", "unit", "limit", "ratio", "aim")
    lines: list[tuple[str, ...]] = [head]
    for row in rows:
        aim, ratio = row.get("aim"), row.get("ratio")
        verdict = ""
        if isinstance(aim, int | float) and isinstance(ratio, int | float):
            verdict = f">= {aim} {'reached' if ratio >= aim else 'MISSED'}"
        lines.append((*(_shown(row.get(key)) for key in KEYS), verdict))
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    pad = [str.ljust, str.rjust, str.ljust, str.rjust, str.rjust, str.ljust]
    return "\n".join(
        "  ".join(p(c, w) for p, c, w in zip(pad, line, widths, strict=True)).rstrip() for line in lines
    )


def write(rows: Rows, out: Path = OUT) -> None:
    """Write the results as a list of `{name, value, unit, limit, ratio}`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    plain = [{key: row.get(key) for key in KEYS} for row in rows]
    out.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that were named, or all; return the process's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure against the limit of the same run."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(NAMES)} (default: all)")
    names = parser.parse_args(arguments).names or list(NAMES)
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        parser.error(f"unknown benchmark: {', '.join(unknown)}")
    rows, failed = measure({name: lambda name=name: _benchmark(name)() for name in names})  # type: ignore[misc]
    print(table(rows))
    write(rows)
    print(f"\nWritten to {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")
    for name in failed:
        print(f"FAILED {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
