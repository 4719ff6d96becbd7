"""Page numbers from the address bar."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """Return the wished page; anything that is no number is the first."""
    wish = request.GET.get("page", "")
    return max(1, int(wish)) if wish.isascii() and wish.isdigit() and len(wish) < 7 else 1
