"""Teduh's parts as template tags: `{% load ui %}`, then `{% field form.text %}`, `{% chip "…" tone="ok" %}` and so on.

Every status carries an icon and a word, because colour alone says nothing to many people. The style guide page shows
each part. Tags read mappings or objects by attribute, so that a room can hand over its own dataclasses.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from teduh.site.hotlines import load_hotlines
from teduh.site.ui import charts, ribbon
from teduh.site.ui.fields import Choice, control, read_choices
from teduh.site.ui.icons import icon_svg
from teduh.site.ui.values import LEVELS, as_date, pair, pick, tone_or_muted

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


# --- Small parts -----------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "m", label: str = "") -> SafeString:
    """`{% icon "heart" size="s|m|l" label=_("Saved") %}`: a lucide icon; without a label it is hidden from screen readers."""
    return icon_svg(name, size, label)


@register.simple_tag
def glyph(name: str, tone: str = "", size: str = "") -> SafeString:
    """`{% glyph "calendar" tone="peer" size="l" %}`: an icon on a leaf, to open a card or a row."""
    css = f"glyph{' glyph--' + tone if tone else ''}{' glyph--' + size if size else ''}"
    return format_html('<span class="{}">{}</span>', css, icon_svg(name))


@register.simple_tag
def chip(label: object, tone: str = "muted", icon: str = "") -> SafeString:
    """`{% chip _("Waiting") tone="concern" icon="clock" %}`: a status in a word, with the icon of its tone."""
    tone = tone_or_muted(tone)
    return format_html('<span class="chip chip--{}">{}{}</span>', tone, icon_svg(icon or TONE_ICONS[tone]), label)


@register.simple_tag
def level_chip(level: str) -> SafeString:
    """`{% level_chip episode.level %}`: the level of care as a chip."""
    return chip(ribbon.level_name(str(level)), str(level) if str(level) in LEVELS else "muted")


@register.simple_tag
def count(number: int | None, label: object = "", tone: str = "") -> SafeString:
    """`{% count 3 _("unread") tone="urgent" %}`: a number in a pill; nothing at all when it is zero."""
    if not number:
        return SafeString("")
    said = format_html('<span class="sr"> {}</span>', label) if label else ""
    css = f"count count--{tone}" if tone else "count"
    return format_html('<span class="{}">{}{}</span>', css, str(number), said)


@register.simple_tag
def avatar(name: object, size: str = "") -> SafeString:
    """`{% avatar person.name size="s|l" %}`: initials on a leaf; decoration, so the name must stand beside it."""
    words = str(name or "").split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    hue = 1 + sum(ord(letter) for letter in str(name)) % 5
    css = f"avatar avatar--{hue}{' avatar--' + size if size else ''}"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials)


@register.simple_tag
def ring(fraction: float, words: object = "", tone: str = "", label: object = "") -> SafeString:
    """`{% ring 0.7 "21 j" tone="concern" label=_("waiting 21 hours") %}`: a filling ring; `label` says it in words."""
    picture = charts.draw_ring(float(fraction), str(words), tone)
    return format_html('{}<span class="sr">{}</span>', picture, label) if label else picture


@register.simple_tag
def hidden_figure() -> SafeString:
    """`{% hidden_figure %}`: a hatched cell for a figure below five, with the reason for screen readers and on hover."""
    why = _("Hidden: fewer than 5 people")
    return format_html(
        '<span class="cell-hidden" title="{}"><span aria-hidden="true">&lt; 5</span><span class="sr">{}</span></span>',
        why,
        why,
    )


@register.filter
def message_tone(message: object) -> str:
    """`{{ message|message_tone }}`: the tone for a Django message by its level."""
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
    """`{% post_button url _("Accept") kind="primary" icon="check" key=uuid %}`: a one-button POST form; extra names are hidden fields."""
    return {
        "url": url,
        "label": label,
        "kind": kind,
        "icon": icon,
        "small": small,
        "fields": fields,
        "csrf_token": context.get("csrf_token"),
    }


# --- Boxes -----------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(content: SafeString, title: object = "", icon: str = "", tone: str = "", href: str = "", more: object = "") -> str:
    """`{% card title=_("Today") icon="sun" tone="shade|deep|leaf|flat|tap|urgent|concern" (or two, "leaf tap") href=url more=_("See all") %}…{% endcard %}`."""
    css = " ".join(["card", *(f"card--{part}" for part in tone.split())])
    if not title:
        return format_html('<section class="{}">{}</section>', css, content)
    linked = href and not more
    words = format_html('<a href="{}">{}</a>', href, title) if linked else title
    link = format_html('<a class="card__more" href="{}">{}</a>', href, more) if href and more else ""
    leaf = glyph(icon) if icon else ""
    head = format_html('<div class="card__head">{}<h2 class="card__title">{}</h2>{}</div>', leaf, words, link)
    return format_html('<section class="{}">{}{}</section>', css, head, content)


@register.simple_block_tag
def alert(content: SafeString, tone: str = "info", title: object = "", icon: str = "", live: bool = False) -> str:
    """`{% alert tone="urgent" title=_("…") live=True %}…{% endalert %}`: a notice; `live` announces it to screen readers."""
    tone = tone_or_muted(tone)
    role = mark_safe(' role="alert"') if live else ""
    heading = format_html('<p class="alert__title">{}</p>', title) if title else ""
    return format_html(
        '<div class="alert alert--{}"{}>{}<div class="alert__body">{}{}</div></div>',
        tone,
        role,
        icon_svg(icon or TONE_ICONS[tone]),
        heading,
        content,
    )


@register.simple_block_tag
def page_head(
    content: SafeString,
    title: object = "",
    lead: object = "",
    eyebrow: object = "",
    icon: str = "",
    back: str = "",
    back_label: object = "",
) -> str:
    """`{% page_head title=_("…") lead="…" eyebrow="…" icon="sun" back=url back_label=_("…") %}actions{% endpage_head %}`: the only h1."""
    return_link = ""
    if back:
        return_link = format_html(
            '<a class="back" href="{}">{}{}</a><br>', back, icon_svg("arrow-left"), back_label or _("Back")
        )
    over = ""
    if eyebrow:
        over = format_html('<p class="page-head__eyebrow">{}{}</p>', icon_svg(icon, "s") if icon else "", eyebrow)
    return format_html(
        '<header class="page-head"><div class="page-head__text">{}{}<h1>{}</h1>{}</div>{}</header>',
        return_link,
        over,
        title,
        format_html('<p class="page-head__lead">{}</p>', lead) if lead else "",
        format_html('<div class="page-head__actions">{}</div>', content) if content.strip() else "",
    )


@register.simple_block_tag
def row(
    content: SafeString,
    title: object = "",
    href: str = "",
    meta: object = "",
    icon: str = "",
    name: object = "",
    tone: str = "",
) -> str:
    """`<ul class="rows">{% row title="…" href=url meta="…" icon="…"|name=person tone="urgent" %}chips{% endrow %}</ul>`: one list line."""
    if name:
        start = avatar(name)
    else:
        start = glyph(icon, tone if tone in LEVELS or tone in TONE_ICONS else "") if icon else SafeString("")
    if href:
        words = format_html('<a class="row__title" href="{}">{}</a>', href, title)
    else:
        words = format_html('<span class="row__title">{}</span>', title)
    return format_html(
        '<li class="row{}">{}<div class="row__text">{}{}</div>{}</li>',
        f" row--{tone}" if tone else "",
        start,
        words,
        format_html('<div class="row__meta">{}</div>', meta) if meta else "",
        format_html('<div class="row__end">{}</div>', content) if content.strip() else "",
    )


@register.inclusion_tag("ui/empty.html")
def empty(icon: str, words: object, href: str = "", label: object = "") -> dict[str, Any]:
    """`{% empty "inbox" _("Nothing here yet.") href=url label=_("Write the first") %}`: an empty list that says what to do."""
    return {"icon": icon, "words": words, "href": href, "label": label}


@register.simple_tag
def facts(pairs: Sequence[Any], layout: str = "cols") -> SafeString:
    """`{% facts pairs layout="cols|rows" %}`: names and values from (label, value) pairs; empty values show a dash."""
    lines = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>" if layout == "cols" else "<dt>{}</dt><dd>{}</dd>",
        ((label, "–" if value in (None, "") else value) for label, value in map(pair, pairs)),
    )
    return format_html('<dl class="facts facts--{}">{}</dl>', layout, lines)


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Sequence[Any], label: object = "") -> dict[str, Any]:
    """`{% tabs items label=_("Sections") %}`: links with `label`, `url`, `current` and perhaps `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: "Page[Any]", param: str = "page") -> dict[str, Any]:
    """`{% pager page %}`: newer and older for a Django `Page`; keeps the other query values; nothing for a single page."""
    request = context.get("request")

    def link(number: int) -> str:
        if request is None:
            return f"?{param}={number}"
        query = request.GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "before": link(page.previous_page_number()) if page.has_previous() else "",
        "after": link(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Sequence[Any]) -> dict[str, Any]:
    """`{% timeline entries %}`: `title`, `at` (datetime or text), perhaps `text`, `icon`, `tone`, `href`, `who`; newest first."""
    return {"entries": entries}


@register.inclusion_tag("ui/who_sees.html")
def who_sees(people: Sequence[Any], title: object = "", note: object = "", href: str = "") -> dict[str, Any]:
    """`{% who_sees people href=access_log_url %}`: who can read this and why (`name`, `why`); say it before it is written."""
    return {"people": people, "title": title, "note": note, "href": href}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: object,
    value: object = None,
    hint: object = "",
    icon: str = "",
    tone: str = "",
    suppressed: bool = False,
) -> dict[str, Any]:
    """`{% stat _("Open episodes") 12 hint="…" icon="…" suppressed=False %}`: one figure; hatched when it must stay hidden."""
    return {"label": label, "value": value, "hint": hint, "icon": icon, "tone": tone, "suppressed": suppressed}


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Any], label: object = "") -> dict[str, Any]:
    """`{% steps items %}`: a workflow bar; each has `label`, `state` (done, current, todo) and perhaps `at`."""
    read = [
        {"label": pick(item, "label"), "state": str(pick(item, "state", "todo")), "at": pick(item, "at", "")}
        for item in items
    ]
    return {"items": read, "label": label}


@register.inclusion_tag("ui/breathe.html")
def breathe() -> dict[str, Any]:
    """`{% breathe %}`: a circle to breathe with; four seconds in, one still, six out; stands still on request of the system."""
    return {}


@register.inclusion_tag("site/_crisis_card.html", takes_context=True)
def crisis_card(context: Context) -> dict[str, Any]:
    """`{% crisis_card %}`: the school's own counsellor first, then two hotlines, then the help page; belongs on every page of a student."""
    return {"school_contacts": context.get("school_contacts") or (), "hotlines": load_hotlines().urgent[:2]}


@register.simple_tag
def help_lines() -> dict[str, Any]:
    """`{% help_lines as hotlines %}`: `lines`, `last_checked`, and `stale` when a number was checked too long ago."""
    hotlines = load_hotlines()
    stale = hotlines.is_stale(timezone.localdate())
    return {"lines": hotlines.lines, "last_checked": hotlines.last_checked, "stale": stale}


# --- Forms -----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, counter: int | None = None, label: object = "", help: object = "") -> dict[str, Any]:
    """`{% field form.text counter=1000 label="…" help="…" %}`: label, help, control and error, tied together; keeps what was typed."""
    return control(bound, counter=counter, label=label, help_text=help)


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """`{% fields form %}`: the error summary, hidden fields and all visible fields in order; put it inside your `<form>`."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """`{% form_errors form %}`: a summary at the top with a link to each field that needs another look."""
    bad = [(form[name], errors[0]) for name, errors in form.errors.items() if name in form.fields]
    return {"form": form, "bad": bad, "other": form.non_field_errors()}


@register.inclusion_tag("ui/tiles.html")
def tiles(
    bound: BoundField,
    icons: Mapping[Any, str] | None = None,
    helps: Mapping[Any, str] | None = None,
    one_column: bool = False,
    label: object = "",
    help: object = "",
) -> dict[str, Any]:
    """`{% tiles form.topic icons=map helps=map one_column=True %}`: radio or checkbox choices as big tiles; or set `tile_icons`/`tile_help` on the form field."""
    choices = read_choices(
        bound,
        icons or getattr(bound.field, "tile_icons", {}),
        helps or getattr(bound.field, "tile_help", {}),
    )
    return {**control(bound, label=label, help_text=help), "choices": choices, "one_column": one_column}


@register.inclusion_tag("ui/scale.html")
def scale(
    bound: BoundField, low: object = "", high: object = "", label: object = "", help: object = ""
) -> dict[str, Any]:
    """`{% scale form.rating low=_("Not at all") high=_("Very") %}`: a row of numbers, 0 to 10 or as many as the field offers."""
    if getattr(bound.field, "choices", None):
        choices = read_choices(bound, {}, {})
    else:
        chosen = str(bound.value() if bound.value() is not None else "")
        numbers = (str(number) for number in range(11))
        choices = [Choice(number, number, f"{bound.auto_id}_{number}", number == chosen) for number in numbers]
    return {**control(bound, label=label, help_text=help), "choices": choices, "low": low, "high": high}


@register.inclusion_tag("ui/slots.html")
def slots(days: Sequence[Any], name: str = "slot", chosen: object = "") -> dict[str, Any]:
    """`{% slots days name="slot" %}`: times to book as radios; a day has `label` and `slots` with `value`, `label`, `taken`, `note`."""
    return {"days": days, "name": name, "chosen": str(chosen or "")}


# --- Pictures --------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/ribbon.html", name="ribbon")
def journey_ribbon(journey: Sequence[Any], compact: bool = False) -> dict[str, Any]:
    """`{% ribbon journey %}`: stays with `level`, `label`, `start`, `end`, `current`, `href`; `compact` for a narrow column."""
    segments = ribbon.read_segments(journey)
    today = as_date(timezone.now()) or timezone.now().date()
    return {
        "segments": segments,
        "narrow": ribbon.draw_ribbon(segments, today, 320),
        "wide": "" if compact else ribbon.draw_ribbon(segments, today, 640),
    }


@register.inclusion_tag("ui/chart.html")
def line_chart(
    points: Sequence[Any],
    label: object = "",
    low: float = 0,
    high: float | None = None,
    bands: Sequence[Any] | None = None,
    compact: bool = False,
) -> dict[str, Any]:
    """`{% line_chart points label=_("PHQ-9") low=0 high=27 bands=bands %}`: a score over time, its table in a fold below."""
    read, stretches = charts.read_points(points), charts.read_bands(bands)
    values = [point.value for point in read if point.value is not None]
    top = float(high) if high is not None else max([*values, float(low) + 1])
    return {
        "points": read,
        "label": label,
        "narrow": charts.draw_lines(read, stretches, float(low), top, 310),
        "wide": "" if compact else charts.draw_lines(read, stretches, float(low), top, 620),
    }


@register.inclusion_tag("ui/chart.html")
def bar_chart(points: Sequence[Any], label: object = "", compact: bool = False) -> dict[str, Any]:
    """`{% bar_chart points label=_("By topic") %}`: (label, value) bars; a value of None is shown as suppressed."""
    read = charts.read_points(points)
    return {
        "points": read,
        "label": label,
        "suppress": True,
        "narrow": charts.draw_bars(read, 300),
        "wide": "" if compact else charts.draw_bars(read, 620),
    }
