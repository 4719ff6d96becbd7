"""Colours of the design system: readable in light and dark, and the two dark blocks the same."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[1] / "static" / "teduh" / "base.css").read_text(encoding="utf-8")
TOKENS = CSS[CSS.index("@layer tokens {") : CSS.index("@layer reset {")]
COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,8})")

LIGHT_BLOCK, REST = TOKENS.split("@media (prefers-color-scheme: dark)", 1)
MEDIA_DARK, MANUAL_DARK = REST.split(':root[data-theme="dark"]', 1)
LIGHT = dict(COLOUR.findall(LIGHT_BLOCK))
DARK = dict(COLOUR.findall(MEDIA_DARK))

TONES = ("urgent", "concern", "ok", "info", "peer", "counselling", "psychosocial")
GROUNDS = ("paper", "surface", "sunk", "leaf-1")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "accent-ink") for ground in GROUNDS),
    ("accent-ink", "leaf-2"),
    ("ink", "leaf-2"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-deep", "deep"),
    ("surface", "urgent-fill"),
    *(
        (tone, f"{tone}-soft")
        for tone in ("urgent", "concern", "ok", "info", "peer", "counselling", "psychosocial")
    ),
    *(
        ("ink", f"{tone}-soft")
        for tone in ("urgent", "concern", "ok", "info", "peer", "counselling", "psychosocial")
    ),
    *((tone, "surface") for tone in ("urgent", "concern", "ok", "peer", "counselling", "psychosocial")),
    ("urgent", "paper"),
]
SHAPE_PAIRS = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("focus", "leaf-1"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("urgent-fill", "surface"),
    ("leaf-4", "surface"),
]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(letter * 2 for letter in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", {**LIGHT, **DARK})])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_can_be_read(theme: str, colours: dict[str, str], pair: tuple[str, str]) -> None:
    ratio = contrast(colours[pair[0]], colours[pair[1]])
    assert ratio >= 4.5, f"{theme}: {pair[0]} on {pair[1]} is {ratio:.2f}"


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", {**LIGHT, **DARK})])
@pytest.mark.parametrize("pair", SHAPE_PAIRS, ids="-on-".join)
def test_edges_and_focus_can_be_seen(theme: str, colours: dict[str, str], pair: tuple[str, str]) -> None:
    ratio = contrast(colours[pair[0]], colours[pair[1]])
    assert ratio >= 3, f"{theme}: {pair[0]} on {pair[1]} is {ratio:.2f}"


def test_the_manual_dark_theme_is_the_same_as_the_system_one() -> None:
    manual = MANUAL_DARK[: MANUAL_DARK.index("}")]
    assert dict(COLOUR.findall(manual)) == DARK
    assert len(DARK) > 40
