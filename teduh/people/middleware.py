"""Who is acting, idle limits, the own password of the first log-in and the second factor, on each request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.people.access import ANONYMOUS, Actor, actor_of

if TYPE_CHECKING:
    from teduh.people.models import Account

SEEN = "seen"
#: How often activity is written to the session at most, in seconds.
WRITE_EVERY = 60
#: Pages that stay open while something must be done first: leaving, help, words and looks.
ALWAYS_OPEN = frozenset(
    {
        "account_logout",
        "people:leave",
        "people:idle",
        "people:own_password",
        "set_language",
        "theme",
        "help",
        "health",
        "landing",
        "offline",
        "manifest",
        "service_worker",
    }
)
#: Pages on which a second factor is set up.
SETTING_UP = ALWAYS_OPEN | {
    "account_reauthenticate",
    "people:second_factor",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return ANONYMOUS
    account: Account = request.user
    return actor_of(account.person)


class ActorMiddleware:
    """Set `request.actor`, lazily."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class HouseRulesMiddleware:
    """End idle sessions; lead to the own password and the second factor before anything else; keep pages
    out of caches.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End what is idle, then serve."""
        if request.user.is_authenticated:
            ended = self._idle(request)
            if ended is not None:
                return ended
        response = self.get_response(request)
        if request.user.is_authenticated or request.path.startswith(
            reverse("account_login").removesuffix("login/")
        ):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to what must be done first, now that the page's name is known."""
        if not request.user.is_authenticated or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        account: Account = request.user
        if account.must_set_password:
            return None if name in ALWAYS_OPEN else HttpResponseRedirect(reverse("people:own_password"))
        if name not in SETTING_UP and needs_second_factor(request, account):
            return HttpResponseRedirect(reverse("people:second_factor"))
        return None

    def _idle(self, request: HttpRequest) -> HttpResponse | None:
        now = clock.now()
        seen = request.session.get(SEEN)
        if isinstance(seen, int | float) and now.timestamp() - seen > idle_limit(request).total_seconds():
            return end_idle(request)
        # What a page fetches by itself is not a person at the screen, and must not keep a session alive.
        by_itself = "X-Fragment" in request.headers or request.headers.get("Accept") == "text/event-stream"
        if not by_itself and (seen is None or now.timestamp() - seen >= WRITE_EVERY):
            request.session[SEEN] = int(now.timestamp())
        return None


def needs_second_factor(request: HttpRequest, account: "Account") -> bool:
    """Tell whether the account holds a staff role and has no second factor; the tour's accounts are
    excused.
    """
    if account.is_demo and settings.MODE == "demo":
        return False
    if getattr(account, "second_factor", False):
        return False
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.is_staff


def idle_limit(request: HttpRequest) -> timedelta:
    """Return how long a session may rest: longer for staff, whose work has pauses."""
    staff = bool(request.session.get("staff"))
    if "staff" not in request.session:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        staff = request.session["staff"] = actor.is_staff
    return timedelta(minutes=settings.IDLE_MINUTES_STAFF if staff else settings.IDLE_MINUTES_STUDENT)


def session_ends_at(request: HttpRequest) -> datetime | None:
    """Return when the session of a request will have rested too long; a stream must close then."""
    seen = request.session.get(SEEN)
    if not isinstance(seen, int | float):
        return None
    return datetime.fromtimestamp(seen, tz=clock.now().tzinfo) + idle_limit(request)


def end_idle(request: HttpRequest) -> HttpResponse:
    """End the session and say so kindly; what was being sent is handed back, so that no words are lost."""
    logout(request)
    request.actor = ANONYMOUS  # type: ignore[attr-defined]
    if "X-Fragment" in request.headers:
        # The page reloads on this and lands at the log-in, which then tells why.
        messages.info(request, _("It was quiet for a while, so you have been signed out."))
        return HttpResponse(status=401)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("people:idle"))
    words = [
        text
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for text in values
        if " " in text.strip()
    ]
    response = render(request, "people/idle.html", {"words": words})
    response.headers["Cache-Control"] = "no-store"
    return response
