"""System checks: a URL without a declared audience is an error, not a warning."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

#: Views of libraries, with the reason why they may stand without our declaration.
LIBRARY_VIEWS = {
    "allauth.": "log-in and second factor; each view guards itself and shows only the visitor's own account",
    "django.views.i18n": "sets the language cookie",
}


def walk_urls(
    patterns: Sequence[Any] | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Yield (route, qualified name, view) of every URL pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk_urls(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield route, f"{namespace}{entry.name or ''}", entry.callback


def is_library_view(view: Any) -> bool:
    """Tell whether a view belongs to a library on the reasoned list."""
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return any(module.startswith(name) for name in LIBRARY_VIEWS)


@register(Tags.urls)
def every_url_declares_its_audience(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a URL whose view does not say who may reach it."""
    return [
        Error(
            f"{route} ({name}) declares no audience",
            hint="decorate the view with teduh.people.gate.page",
            id="teduh.E001",
        )
        for route, name, view in walk_urls()
        if not hasattr(view, "audience") and not is_library_view(view)
    ]
