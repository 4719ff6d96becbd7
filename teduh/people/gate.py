"""Who may reach a page at all. Every view declares it; a start refuses a URL that does not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from teduh.kernel.errors import NotVisible, Refused, Stale
from teduh.kernel.sealing.keyring import KeyDestroyed
from teduh.people.access import Actor
from teduh.people.states import Role

P = ParamSpec("P")


@dataclass(frozen=True)
class Audience:
    """Who may reach a view: everybody, everybody signed in, or holders of one of some roles now."""

    public: bool = False
    roles: frozenset[Role] = frozenset()

    def admits(self, actor: Actor) -> bool:
        """Tell whether the actor may reach the view; what is behind it is checked against the object."""
        if self.public:
            return True
        if actor.is_anonymous:
            return False
        return not self.roles or actor.has(*self.roles)


class ActorRequest(HttpRequest):
    """A request with the actor that the middleware attached."""

    actor: Actor


def _latest(request: HttpRequest, methods: tuple[str, ...]) -> str:
    """Return where the latest state is shown: the same page, or home where the address only takes writes."""
    return request.get_full_path() if "GET" in methods else "home"


View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def page(
    *roles: Role, public: bool = False, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Declare a view's audience and methods; without roles and not public it is for everybody signed in.

    A wrong role gets the 404 of what does not exist. An anonymous visitor is led to log-in at addresses
    that name no object, and gets the same 404 at those that do: an address must not tell whether something
    is there.
    """
    audience = Audience(public, frozenset(roles))

    def declare(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            typed = cast(ActorRequest, request)
            if not audience.public:
                if typed.actor.is_anonymous:
                    if kwargs:
                        raise Http404
                    return redirect_to_login(request.get_full_path())
                if not audience.admits(typed.actor):
                    raise Http404
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            try:
                response = view(typed, *args, **kwargs)
            except (NotVisible, KeyDestroyed):
                # What was erased is not there any more.
                raise Http404 from None
            except Stale:
                # Somebody else was faster: nothing was written, and the page shows how things stand now.
                messages.warning(request, _("Someone changed this a moment ago. Here is the latest state."))
                return redirect(_latest(request, methods))
            except Refused as refused:
                # A button without a form of its own has no field beside which this could stand.
                messages.error(request, str(refused.message))
                return redirect(_latest(request, methods))
            if not audience.public:
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        declared = cast(Any, gated)
        declared.audience, declared.methods = audience, methods
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], gated)

    return declare
