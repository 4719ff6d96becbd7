"""The frame of every page for `{% load ui %}`: addresses, navigation and preferences, drawn once and kept.

A page's frame costs more than most contents, and is the same for everybody with the same roles and language.
What is kept holds no name, no token and no address of a visitor: those are put into its gaps for each page.
"""

import uuid
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.files.storage import Storage, storages
from django.template.context import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

#: Names in the frame, and the addresses behind them; one that a room does not offer stays empty.
ADDRESSES = {
    "landing_url": "landing",
    "home_url": "home",
    "help_url": "help",
    "logout_url": "account_logout",
    "login_url": "account_login",
    "leave_url": "people:leave",
    "language_url": "set_language",
    "theme_url": "theme",
}
_NOBODY = uuid.UUID(int=0)
#: Stand in the kept markup where a visitor's own token and address belong; no page can contain them.
_TOKEN, _HERE, _PLACE = "\x00token\x00", "\x00here\x00", "\x00place\x00"


@lru_cache(maxsize=8)
def _addresses(urlconf: str | None, prefix: str) -> dict[str, str]:
    found = {}
    for key, name in ADDRESSES.items():
        try:
            found[key] = reverse(name)
        except NoReverseMatch:
            found[key] = ""
    return found


def _place() -> tuple[str | None, str]:
    return get_urlconf(), get_script_prefix()


@register.simple_tag(takes_context=True)
def addresses(context: Context) -> str:
    """Put the addresses of the frame into the context.

    `{% addresses %}`
    """
    for key, url in _addresses(*_place()).items():
        context[key] = url
    return ""


@lru_cache(maxsize=256)
def _pattern(name: str, urlconf: str | None, prefix: str) -> str:
    return reverse(name, args=[_NOBODY])


@register.simple_tag
def object_url(name: str, public_id: uuid.UUID) -> str:
    """The address of something named by its public id alone; for rows of a list, where `url` is felt.

    `{% object_url "care:episode" line.public_id as url %}`
    """
    return _pattern(name, *_place()).replace(str(_NOBODY), str(public_id))


#: Markup by the identity of its items and the language, beside the items: an identity cannot be taken over.
_links: dict[tuple[int, str | None], tuple[Sequence[Any], SafeString]] = {}
_MOST_LINKS = 1024


@register.simple_tag
def nav_links(items: Sequence[Any]) -> SafeString:
    """The links of the navigation: `url`, `label`, `icon`, `current` and perhaps `badge`.

    A tuple is drawn once for each language; whoever hands over the same tuple again gets the same markup.

    `{% nav_links nav %}`
    """
    key = id(items), get_language()
    kept = _links.get(key)
    if kept is not None and kept[0] is items:
        return kept[1]
    drawn = mark_safe(get_template("ui/nav_links.html").render({"nav": items}))  # noqa: S308 - from a template
    if isinstance(items, tuple):
        if len(_links) >= _MOST_LINKS:
            _links.clear()
        _links[key] = items, drawn
    return drawn


@cache
def _assets(storage: Storage) -> SafeString:
    return mark_safe(get_template("ui/assets.html").render())  # noqa: S308 - from a template


@register.simple_tag
def assets() -> SafeString:
    """The icon, style sheets and script of every page.

    `{% assets %}`
    """
    return _assets(storages["staticfiles"])


@lru_cache(maxsize=64)
def _kept(
    template_name: str,
    language: str | None,
    urlconf: str | None,
    prefix: str,
    given: tuple[tuple[str, Any], ...],
) -> str:
    gaps = {"token": _TOKEN, "here": _HERE, "place": _PLACE}
    # Where a visitor has no place, there is no gap for it either.
    return get_template(template_name).render({**gaps, **_addresses(urlconf, prefix), **dict(given)})


def _signed_in(context: Context) -> bool:
    return bool(getattr(context.get("user"), "is_authenticated", False))


@register.simple_tag(takes_context=True)
def page_top(context: Context) -> SafeString:
    """The strip of the sample school, and the bar with the mark, the place, help and the quick exit.

    `{% page_top %}`
    """
    place = context.get("place")
    given: dict[str, Any] = {
        "demo": bool(context.get("demo")),
        "exit_url": context.get("exit_url") or "",
        "signed_in": _signed_in(context),
    }
    if not place:
        given["place"] = ""
    kept = _kept("ui/page_top.html", get_language(), *_place(), tuple(given.items()))
    return mark_safe(kept.replace(_PLACE, escape(place or "")))  # noqa: S308 - what fills the gap is escaped


@register.simple_tag(takes_context=True)
def page_foot(context: Context) -> SafeString:
    """The word about shared phones, the choice of language and of light or dark, and the way out.

    `{% page_foot %}`
    """
    request = context.get("request")
    given = (("theme", str(context.get("theme") or "")), ("signed_in", _signed_in(context)))
    kept = _kept("ui/page_foot.html", get_language(), *_place(), given)
    token = escape(str(context.get("csrf_token") or ""))
    here = escape(request.get_full_path()) if request is not None else ""
    return mark_safe(kept.replace(_TOKEN, token).replace(_HERE, here))  # noqa: S308 - what fills the gaps is escaped
