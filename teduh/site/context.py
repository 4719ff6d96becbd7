"""What every page needs."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from teduh.people.access import Actor
from teduh.site.contacts import school_contacts
from teduh.site.nav import ROLE_WORDS, navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """Return mode, theme, exit address and, for somebody signed in, navigation and live address."""
    theme = request.COOKIES.get("theme", "")
    actor: Actor | None = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "exit_url": settings.EXIT_URL,
        "theme": theme if theme in {"light", "dark"} else "",
        "actor": actor,
        "nav": (),
    }
    if actor is None or actor.is_anonymous:
        return context
    match = request.resolver_match
    role = actor.main_role
    return {
        **context,
        "nav": navigation(actor, match.view_name if match else ""),
        "me": SimpleNamespace(name=actor.name, role=ROLE_WORDS[role] if role else ""),
        "place": actor.organisation_name,
        "me_stream": "/live/me/",
        "leave_url": reverse("people:leave"),
        "school_contacts": school_contacts(actor),
    }
