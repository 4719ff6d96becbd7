"""Compile the message catalogues without the gettext tools: `python -m teduh.kernel.catalogues`."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOMS = Path(__file__).resolve().parents[1]


def compile_catalogues(root: Path = ROOMS) -> int:
    """Compile each `.po` whose `.mo` is missing or older; return how many were compiled."""
    done = 0
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(target)
        done += 1
    return done


if __name__ == "__main__":
    sys.stdout.write(f"{compile_catalogues()} catalogues compiled\n")
