"""What comes with an address or a form, read without trusting it."""

from django.http import HttpRequest, QueryDict


def page_number(request: HttpRequest) -> int:
    """Return the wished page; anything that is no number is the first."""
    wish = request.GET.get("page", "")
    return max(1, int(wish)) if wish.isascii() and wish.isdigit() and len(wish) < 7 else 1


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, also where it is empty: a form without any field must say what it misses."""
    return request.POST if request.method == "POST" else None
