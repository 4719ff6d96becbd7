"""Icons drawn into the page by the server: no font, no request."""

import logging
import re
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

log = logging.getLogger(__name__)
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
#: Names that were renamed in the icon set, so that a familiar name still draws.
RENAMED = {
    "palmtree": "tree-palm",
    "fingerprint": "fingerprint-pattern",
    "circle-help": "circle-question-mark",
    "help-circle": "circle-question-mark",
    "alert-triangle": "triangle-alert",
    "alert-circle": "circle-alert",
    "check-circle": "circle-check",
    "home": "house",
    "edit": "square-pen",
    "bar-chart": "chart-column",
    "line-chart": "chart-line",
    "pie-chart": "chart-pie",
    "user-circle": "circle-user",
    "unlock": "lock-open",
    "more-horizontal": "ellipsis",
    "filter": "funnel",
    "train": "train-front",
}
SIZES = {"s": "icon icon--s", "m": "icon", "l": "icon icon--l"}


@lru_cache(maxsize=256)
def shapes(name: str) -> SafeString:
    """Return the shapes of a lucide icon; an unknown name draws a dot and is logged, never a broken page."""
    try:
        whole = lucide(RENAMED.get(name, name), size=None)
    except IconDoesNotExist:
        log.warning("unknown icon %s", name)
        return mark_safe('<circle cx="12" cy="12" r="4"/>')
    inner = INNER.search(whole)
    dense = re.sub(r"\s*\n\s*", "", inner[1]).replace(" />", "/>") if inner else ""
    return mark_safe(dense)  # noqa: S308 - from the icon package


@lru_cache(maxsize=512)
def _hidden_icon(name: str, size: str) -> SafeString:
    return _draw(name, size, mark_safe('aria-hidden="true"'))


def _draw(name: str, size: str, said: SafeString) -> SafeString:
    return format_html(
        '<svg class="{}" width="20" height="20" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" {}>{}</svg>',
        SIZES.get(size, "icon"),
        said,
        shapes(name),
    )


def icon_svg(name: str, size: str = "m", label: str = "") -> SafeString:
    """Return an icon as inline SVG: hidden from screen readers unless it carries a label of its own.

    Those without a label are kept: a page draws some forty of the same few.
    """
    if not label:
        return _hidden_icon(str(name), str(size))
    return _draw(name, size, format_html('role="img" aria-label="{}"', label))
