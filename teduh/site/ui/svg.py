"""A small SVG writer whose numbers never follow the reader's language: a decimal comma breaks a picture."""

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def number(value: float | int | str) -> str:
    """Return a number with a decimal point and at most one decimal; text stays as it is."""
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)


class Drawing:
    """Collects shapes into one SVG, hidden from screen readers because a list or table tells the same."""

    def __init__(self, width: int, height: int, css: str) -> None:
        """Start a drawing of the given size in its own units."""
        self.width, self.height, self.css = width, height, css
        self._parts: list[str] = []

    def add(self, shape: str, css: str, **attributes: float | int | str) -> None:
        """Add one shape; attribute names with an underscore are written with a hyphen."""
        written = "".join(
            f' {key.replace("_", "-")}="{escape(number(value))}"' for key, value in attributes.items()
        )
        self._parts.append(f'<{shape} class="{escape(css)}"{written}/>')

    def text(self, words: object, css: str, *, x: float, y: float, anchor: str = "start") -> None:
        """Add a piece of text at a point."""
        align = "" if anchor == "start" else f' text-anchor="{escape(anchor)}"'
        place = f'x="{number(float(x))}" y="{number(float(y))}"{align}'
        self._parts.append(f'<text class="{escape(css)}" {place}>{escape(words)}</text>')

    def svg(self) -> SafeString:
        """Return the finished picture."""
        return format_html(
            '<svg class="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
            self.css,
            str(self.width),
            str(self.height),
            mark_safe("".join(self._parts)),  # noqa: S308 - every part was escaped when added
        )
