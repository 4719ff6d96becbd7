"""Pages that belong to no room: the front page, help, looks, the tour, health."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from teduh.people.gate import ActorRequest, page
from teduh.people.models import Account
from teduh.site.styleguide import sample_context
from teduh.site.tour import TOUR

YEAR = 365 * 24 * 60 * 60


@page(public=True, methods=("GET",))
@never_cache
def health(request: ActorRequest) -> HttpResponse:
    """Answer whether the process and its database work; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@page(public=True, methods=("GET",))
def landing(request: ActorRequest) -> HttpResponse:
    """Show the door; works without log-in and without JavaScript."""
    return render(request, "site/landing.html", {"tour": TOUR if settings.DEMO else ()})


@page(public=True, methods=("GET",))
def help_page(request: ActorRequest) -> HttpResponse:
    """Show whom to call now; works without log-in and without JavaScript."""
    return render(request, "site/help.html")


def _back(request: HttpRequest) -> str:
    wish = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    return wish if safe else reverse("landing")


@page(public=True, methods=("POST",))
def theme(request: ActorRequest) -> HttpResponse:
    """Remember light or dark."""
    response = HttpResponseRedirect(_back(request))
    wish = request.POST.get("theme", "")
    if wish in {"light", "dark"}:
        response.set_cookie("theme", wish, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS)
    else:
        response.delete_cookie("theme")
    return response


@page(public=True, methods=("POST",))
def set_language(request: ActorRequest) -> HttpResponse:
    """Remember the language."""
    response = HttpResponseRedirect(_back(request))
    wish = request.POST.get("language", "")
    code = (
        wish
        if check_for_language(wish) and wish in dict(settings.LANGUAGES)
        else get_language_from_request(request)
    )
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


@page(public=True, methods=("POST",))
def tour_sign_in(request: ActorRequest) -> HttpResponse:
    """Sign in as a role of the demo school; anywhere else this page does not exist."""
    if not settings.DEMO:
        raise Http404
    key = request.POST.get("as", "")
    # The list first: only its words may reach the database, and no database takes every character.
    known = key in {stop.key for stop in TOUR}
    account = Account.objects.filter(username=key, is_demo=True, is_active=True).first() if known else None
    if account is None:
        messages.error(request, _("This role is not there. Choose another one."))
        return redirect("landing")
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


@page(public=True, methods=("GET",))
def styleguide(request: ActorRequest) -> HttpResponse:
    """Show every part of the design; only in demo and debug."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, "site/styleguide.html", sample_context())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came too late or from elsewhere."""
    return render(request, "403_csrf.html", status=403)
