"""Coming in and leaving: own password, second factor, account, idle, leave."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.actions import passwords
from teduh.people.gate import ActorRequest, page
from teduh.people.middleware import needs_second_factor
from teduh.people.models import Account
from teduh.people.web.forms import LanguageForm, OwnPasswordForm, add_refusal


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account), "the gate lets only the signed-in through"
    return account


@page()
def own_password(request: ActorRequest) -> HttpResponse:
    """Set a password that only the person knows; the first page after the first log-in."""
    account = _account(request)
    if not account.must_set_password:
        return redirect("account_change_password")
    form = OwnPasswordForm(request.POST or None, account=account)
    if form.is_valid():
        try:
            changed = passwords.set_own_password(
                account=account, password=form.cleaned_data["password"], by=request.actor, at=clock.now()
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("Done. From now on only you know your password."))
            return redirect("home")
    return render(request, "people/own_password.html", {"form": form}, status=400 if form.errors else 200)


@page(methods=("GET",))
def second_factor(request: ActorRequest) -> HttpResponse:
    """Explain to staff why a second factor comes first, and lead to it."""
    if not needs_second_factor(request, _account(request)):
        return redirect("mfa_index")
    return render(request, "people/second_factor.html")


@page()
def account(request: ActorRequest) -> HttpResponse:
    """Show and change what belongs to one's own log-in."""
    mine = _account(request)
    form = LanguageForm(request.POST or None, initial={"language": mine.language})
    if form.is_valid():
        language = form.cleaned_data["language"]
        passwords.choose_language(account=mine, language=language, by=request.actor, at=clock.now())
        with override(language):
            messages.success(request, _("Saved."))
        response = redirect("people:account")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
        )
        return response
    context = {
        "form": form,
        "account": mine,
        "has_second_factor": bool(getattr(mine, "second_factor", False)),
    }
    return render(request, "people/account.html", context, status=400 if form.errors else 200)


@page(public=True, methods=("GET",))
def idle(request: ActorRequest) -> HttpResponse:
    """Say kindly that the session rested too long."""
    return render(request, "people/idle.html", {"words": []})


@page(public=True, methods=("POST",))
@csrf_exempt
def leave(request: ActorRequest) -> HttpResponse:
    """End the session at once; the beacon of the exit button, which may carry an old token but never
    another origin.
    """
    if not _same_origin(request):
        return HttpResponseForbidden()
    logout(request)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _same_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        if origin in settings.CSRF_TRUSTED_ORIGINS:
            return True
        try:
            return urlsplit(origin).netloc == request.get_host()
        except ValueError:
            return False
    return request.headers.get("Sec-Fetch-Site") == "same-origin"
