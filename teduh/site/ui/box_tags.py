"""Boxes and lists of `{% load ui %}`: cards, notices, rows, facts, tabs, timelines, the crisis card."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from teduh.site.hotlines import load_hotlines
from teduh.site.ui.frame_tags import object_url
from teduh.site.ui.icons import icon_svg
from teduh.site.ui.part_tags import TONE_ICONS, avatar, count, glyph, kept_level_chip, kept_short_day
from teduh.site.ui.values import LEVELS, escaped, markup, pair, pick, tone_or_muted

register = template.Library()


@register.simple_block_tag
def card(
    content: SafeString, title: object = "", icon: str = "", tone: str = "", href: str = "", more: object = ""
) -> str:
    """A card, or a group of related content, with an optional heading and link.

    `{% card title=_("Today") icon="sun" tone="shade|deep|leaf|flat|tap|urgent|concern" (or two, "leaf tap")
    href=url more=_("See all") %}…{% endcard %}`
    """
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
def alert(
    content: SafeString, tone: str = "info", title: object = "", icon: str = "", live: bool = False
) -> str:
    """A notice; `live` announces it to screen readers.

    `{% alert tone="urgent" title=_("…") live=True %}…{% endalert %}`
    """
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
    """The only h1.

    `{% page_head title=_("…") lead="…" eyebrow="…" icon="sun" back=url back_label=_("…") %}actions{%
    endpage_head %}`
    """
    return_link = ""
    if back:
        return_link = format_html(
            '<a class="back" href="{}">{}{}</a><br>', back, icon_svg("arrow-left"), back_label or _("Back")
        )
    over = ""
    if eyebrow:
        over = format_html(
            '<p class="page-head__eyebrow">{}{}</p>', icon_svg(icon, "s") if icon else "", eyebrow
        )
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
    """One list line.

    `<ul class="rows">{% row title="…" href=url meta="…" icon="…"|name=person tone="urgent" %}chips{% endrow
    %}</ul>`
    """
    if name:
        start = avatar(name)
    else:
        start = glyph(icon, tone if tone in LEVELS or tone in TONE_ICONS else "") if icon else SafeString("")
    if href:
        words = f'<a class="row__title" href="{escaped(href)}">{escaped(title)}</a>'
    else:
        words = f'<span class="row__title">{escaped(title)}</span>'
    return markup(
        f'<li class="row{" row--" + escaped(tone) if tone else ""}">',
        start,
        f'<div class="row__text">{words}',
        f'<div class="row__meta">{escaped(meta)}</div>' if meta else "",
        "</div>",
        f'<div class="row__end">{content}</div>' if content.strip() else "",
        "</li>",
    )


@register.simple_tag
def care_rows(lines: Sequence[Any], url_name: str) -> SafeString:
    """The list lines of people in care: `public_id`, `who`, `topic`, `level` and `since` of each.

    The same markup as `row` in a loop, in one go, for lists that are opened all day.

    `<ul class="rows">{% care_rows page.object_list "care:episode" %}</ul>`
    """
    language = get_language()
    return markup(
        *(
            row(
                markup(
                    kept_level_chip(pick(line, "level"), language),
                    '<span class="small muted nowrap">',
                    kept_short_day(pick(line, "since"), language),
                    "</span>",
                ),
                title=pick(line, "who"),
                href=object_url(url_name, pick(line, "public_id")),
                meta=pick(line, "topic"),
                name=pick(line, "who"),
            )
            for line in lines
        )
    )


@register.inclusion_tag("ui/empty.html")
def empty(icon: str, words: object, href: str = "", label: object = "") -> dict[str, Any]:
    """An empty list that says what to do.

    `{% empty "inbox" _("Nothing here yet.") href=url label=_("Write the first") %}`
    """
    return {"icon": icon, "words": words, "href": href, "label": label}


@register.simple_tag
def facts(pairs: Sequence[Any], layout: str = "cols") -> SafeString:
    """Names and values from (label, value) pairs; empty values show a dash.

    `{% facts pairs layout="cols|rows" %}`
    """
    lines = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>" if layout == "cols" else "<dt>{}</dt><dd>{}</dd>",
        ((label, "–" if value in (None, "") else value) for label, value in map(pair, pairs)),
    )
    return format_html('<dl class="facts facts--{}">{}</dl>', layout, lines)


@register.simple_tag
def tabs(items: Sequence[Any], label: object = "") -> SafeString:
    """Links with `label`, `url`, `current` and perhaps `count`.

    `{% tabs items label=_("Sections") %}`
    """
    links = []
    for item in items:
        current = ' aria-current="page"' if pick(item, "current") else ""
        links.append(
            f'<a class="tabs__link" href="{escaped(pick(item, "url", ""))}"{current}>'
            f"{escaped(pick(item, 'label', ''))}{count(pick(item, 'count'))}</a>"
        )
    named = f' aria-label="{escaped(label)}"' if label else ""
    return markup(f'<nav class="tabs"{named}>', *links, "</nav>")


@register.simple_tag(takes_context=True)
def pager(context: Context, page: "Page[Any]", param: str = "page") -> SafeString:
    """Newer and older for a Django `Page`; keeps the other query values; nothing for a single page.

    `{% pager page %}`
    """
    if not page.has_other_pages():
        return SafeString("")
    request = context.get("request")

    def link(number: int) -> str:
        if request is None:
            return f"?{param}={number}"
        query = request.GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    before = after = "<span></span>"
    if page.has_previous():
        href, words = (
            escaped(link(page.previous_page_number())),
            icon_svg("arrow-left") + escaped(_("Previous")),
        )
        before = f'<a class="btn btn--s" rel="prev" href="{href}">{words}</a>'
    if page.has_next():
        href, words = escaped(link(page.next_page_number())), escaped(_("Next")) + icon_svg("arrow-right")
        after = f'<a class="btn btn--s" rel="next" href="{href}">{words}</a>'
    where = _("Page %(number)s of %(total)s") % {"number": page.number, "total": page.paginator.num_pages}
    return markup(
        f'<nav class="pager" aria-label="{escaped(_("Pages"))}">',
        before,
        f'<span class="pager__where">{escaped(where)}</span>',
        after,
        "</nav>",
    )


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Sequence[Any]) -> dict[str, Any]:
    """`title`, `at` (datetime or text), perhaps `text`, `icon`, `tone`, `href`, `who`; newest first.

    `{% timeline entries %}`
    """
    return {"entries": entries}


@register.inclusion_tag("ui/who_sees.html")
def who_sees(people: Sequence[Any], title: object = "", note: object = "", href: str = "") -> dict[str, Any]:
    """Who can read this and why (`name`, `why`); say it before it is written.

    `{% who_sees people href=access_log_url %}`
    """
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
    """One figure; hatched when it must stay hidden.

    `{% stat _("Open episodes") 12 hint="…" icon="…" suppressed=False %}`
    """
    return {
        "label": label,
        "value": value,
        "hint": hint,
        "icon": icon,
        "tone": tone,
        "suppressed": suppressed,
    }


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Any], label: object = "") -> dict[str, Any]:
    """A workflow bar; each has `label`, `state` (done, current, todo) and perhaps `at`.

    `{% steps items %}`
    """
    read = [
        {"label": pick(item, "label"), "state": str(pick(item, "state", "todo")), "at": pick(item, "at", "")}
        for item in items
    ]
    return {"items": read, "label": label}


@register.inclusion_tag("ui/breathe.html")
def breathe() -> dict[str, Any]:
    """A circle to breathe with; four seconds in, one still, six out; stands still on request of the system.

    `{% breathe %}`
    """
    return {}


@register.inclusion_tag("site/_crisis_card.html", takes_context=True)
def crisis_card(context: Context) -> dict[str, Any]:
    """The school's own counsellor first, then two hotlines, then the help page; belongs on every page of a
    student.

    `{% crisis_card %}`
    """
    return {"school_contacts": context.get("school_contacts") or (), "hotlines": load_hotlines().urgent[:2]}


@register.simple_tag
def help_lines() -> dict[str, Any]:
    """`lines`, `last_checked`, and `stale` when a number was checked too long ago.

    `{% help_lines as hotlines %}`
    """
    hotlines = load_hotlines()
    stale = hotlines.is_stale(timezone.localdate())
    return {"lines": hotlines.lines, "last_checked": hotlines.last_checked, "stale": stale}
