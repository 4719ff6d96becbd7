"""Who is acting, idle limits, first-log-in password and the second factor, on each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from teduh.people.access import ANONYMOUS, Actor, actor_of_account


def _actor(request: HttpRequest) -> Actor:
    return actor_of_account(request.user) if request.user.is_authenticated else ANONYMOUS


class ActorMiddleware:
    """Set `request.actor`, lazily."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)
