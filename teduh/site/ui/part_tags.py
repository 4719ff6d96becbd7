"""Small parts of `{% load ui %}`: icons, chips, avatars, counts, one-button forms."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from teduh.site.ui.charts import draw_ring
from teduh.site.ui.icons import icon_svg
from teduh.site.ui.ribbon import level_name
from teduh.site.ui.values import LEVELS, as_date, escaped, markup, pick, tone_or_muted

register = template.Library()

TONE_ICONS = {
    "urgent": "siren",
    "concern": "triangle-alert",
    "ok": "circle-check",
    "info": "info",
    "muted": "circle-dashed",
    "peer": "users-round",
    "counselling": "message-circle-heart",
    "psychosocial": "hand-heart",
}
MESSAGE_TONES = {"error": "urgent", "warning": "concern", "success": "ok"}


@register.simple_tag
def icon(name: str, size: str = "m", label: str = "") -> SafeString:
    """A lucide icon; without a label it is hidden from screen readers.

    `{% icon "heart" size="s|m|l" label=_("Saved") %}`
    """
    return icon_svg(name, size, label)


@register.simple_tag
def glyph(name: str, tone: str = "", size: str = "") -> SafeString:
    """An icon on a leaf, to open a card or a row.

    `{% glyph "calendar" tone="peer" size="l" %}`
    """
    css = f"glyph{' glyph--' + tone if tone else ''}{' glyph--' + size if size else ''}"
    return markup('<span class="', escaped(css), '">', icon_svg(name), "</span>")


@register.simple_tag
def chip(label: object, tone: str = "muted", icon: str = "") -> SafeString:
    """A status in a word, with the icon of its tone.

    `{% chip _("Waiting") tone="concern" icon="clock" %}`
    """
    tone = tone_or_muted(tone)
    drawn = icon_svg(icon or TONE_ICONS[tone])
    return markup(f'<span class="chip chip--{tone}">', drawn, escaped(label), "</span>")


@lru_cache(maxsize=32)
def kept_level_chip(level: str, language: str | None) -> SafeString:
    """Return the chip of a level, drawn once for each language."""
    return chip(level_name(level), level if level in LEVELS else "muted")


@register.simple_tag
def level_chip(level: str) -> SafeString:
    """The level of care as a chip.

    `{% level_chip episode.level %}`
    """
    return kept_level_chip(str(level), get_language())


@lru_cache(maxsize=1024)
def _short_day(day: date, language: str | None) -> str:
    return date_format(day, "j M")


def kept_short_day(moment: datetime | date | None, language: str | None) -> str:
    """Return day and month in a language, which must be the current one."""
    day = as_date(moment)
    return "" if day is None else _short_day(day, language)


@register.filter
def short_day(moment: datetime | date | None) -> str:
    """Day and month in the language of the page; for rows of a list, where `date` is felt.

    `{{ line.opened_at|short_day }}`
    """
    return kept_short_day(moment, get_language())


@register.simple_tag
def count(number: int | None, label: object = "", tone: str = "") -> SafeString:
    """A number in a pill; nothing at all when it is zero.

    `{% count 3 _("unread") tone="urgent" %}`
    """
    if not number:
        return SafeString("")
    said = format_html('<span class="sr"> {}</span>', label) if label else ""
    css = f"count count--{tone}" if tone else "count"
    return format_html('<span class="{}">{}{}</span>', css, str(number), said)


@lru_cache(maxsize=1024)
def _avatar(name: str, size: str) -> SafeString:
    words = name.split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    hue = 1 + sum(map(ord, name)) % 5
    css = f"avatar avatar--{hue}{' avatar--' + size if size else ''}"
    return markup('<span class="', escaped(css), '" aria-hidden="true">', escaped(initials), "</span>")


@register.simple_tag
def avatar(name: object, size: str = "") -> SafeString:
    """Initials on a leaf; decoration, so the name must stand beside it.

    `{% avatar person.name size="s|l" %}`
    """
    return _avatar(str(name or ""), size)


@register.simple_tag
def ring(fraction: float, words: object = "", tone: str = "", label: object = "") -> SafeString:
    """A filling ring; `label` says it in words.

    `{% ring 0.7 "21 j" tone="concern" label=_("waiting 21 hours") %}`
    """
    picture = draw_ring(float(fraction), str(words), tone)
    return format_html('{}<span class="sr">{}</span>', picture, label) if label else picture


@register.simple_tag
def hidden_figure() -> SafeString:
    """A hatched cell for a figure below five, with the reason for screen readers and on hover.

    `{% hidden_figure %}`
    """
    why = _("Hidden: fewer than 5 people")
    return format_html(
        '<span class="cell-hidden" title="{}"><span aria-hidden="true">&lt; 5</span>'
        '<span class="sr">{}</span></span>',
        why,
        why,
    )


@register.filter
def message_tone(message: object) -> str:
    """The tone for a Django message by its level.

    `{{ message|message_tone }}`
    """
    return MESSAGE_TONES.get(str(pick(message, "level_tag", "")), "info")


@register.inclusion_tag("ui/post_button.html", takes_context=True)
def post_button(
    context: Context,
    url: str,
    label: object,
    kind: str = "",
    icon: str = "",
    small: bool = False,
    **fields: object,
) -> dict[str, Any]:
    """A one-button POST form; extra names are hidden fields.

    `{% post_button url _("Accept") kind="primary" icon="check" key=uuid %}`
    """
    return {
        "url": url,
        "label": label,
        "kind": kind,
        "icon": icon,
        "small": small,
        "fields": fields,
        "csrf_token": context.get("csrf_token"),
    }
