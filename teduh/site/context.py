"""What every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the mode, the exit address and the theme for the layout."""
    theme = request.COOKIES.get("theme", "")
    return {
        "demo": settings.DEMO,
        "exit_url": settings.EXIT_URL,
        "theme": theme if theme in {"light", "dark"} else "",
        "actor": getattr(request, "actor", None),
    }
