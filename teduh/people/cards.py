"""Draws class cards: the same page for the printer and, where the libraries for it are there, as PDF."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from teduh.people.actions.cards import Card

for _name in ("weasyprint", "weasyprint.progress", "fontTools"):
    # They tell each step of each sheet; only what fails is worth a line.
    logging.getLogger(_name).setLevel(logging.ERROR)

_STYLE = Path(__file__).parent / "static" / "people" / "cards.css"


@dataclass(frozen=True)
class PrintedCard:
    """A card with its QR code."""

    card: Card
    qr: SafeString


def qr_svg(text: str) -> SafeString:
    """Return a QR code as inline SVG without measures; the style sheet gives them."""
    # segno writes nothing but its own numbers and the code.
    return mark_safe(segno.make(text, error="m", micro=False).svg_inline(border=1, omitsize=True))  # noqa: S308


def render_sheet(cards: list[Card], *, title: str, login_url: str, **context: Any) -> str:
    """Return the sheet as a page of its own; each QR code leads to the log-in with the user name filled
    in.
    """
    printed = [PrintedCard(card, qr_svg(f"{login_url}?u={card.username}")) for card in cards]
    return render_to_string(
        "people/cards.html", {"cards": printed, "title": title, "login_url": login_url, **context}
    )


def can_make_pdf() -> bool:
    """Tell whether the libraries that WeasyPrint draws with are on this machine."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def make_pdf(page: str) -> bytes:
    """Return a sheet as PDF; nothing is fetched from anywhere."""
    import weasyprint

    style = weasyprint.CSS(string=_STYLE.read_text(encoding="utf-8"))
    pdf: bytes = weasyprint.HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(stylesheets=[style])
    return pdf


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("a sheet fetches nothing")
