"""Alerts: the list, one alert, "I have it", resolved."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teduh.care.actions import alerts
from teduh.care.queries.desk import alerts_page, open_alerts
from teduh.care.queries.load import visible_alert
from teduh.care.queries.single import alert_page
from teduh.care.web.forms import ResolutionForm
from teduh.care.web.paging import page_number
from teduh.kernel import clock
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role

TOLD = (Role.PEER_SUPERVISOR, Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.CASEWORKER)


@page(*TOLD, methods=("GET",))
def index(request: ActorRequest) -> HttpResponse:
    """List the actor's alerts."""
    resolved = request.GET.get("state") == "resolved"
    here = reverse("care:alerts")
    context = {
        "page": alerts_page(request.actor, page_number(request), resolved=resolved),
        "tabs": [
            {"label": _("Open"), "url": here, "current": not resolved},
            {"label": _("Resolved"), "url": f"{here}?state=resolved", "current": resolved},
        ],
        "resolved": resolved,
    }
    return render(request, "care/alerts.html", context)


@page(*TOLD, methods=("GET",))
def show(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show an alert with its evidence."""
    context = {"it": alert_page(request.actor, public_id), "form": ResolutionForm()}
    return render(request, "care/alert.html", context)


@page(*TOLD, methods=("POST",))
def acknowledge(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say "I have it"."""
    alerts.acknowledge_alert(alert=visible_alert(request.actor, public_id), by=request.actor, at=clock.now())
    return redirect("care:alert", public_id)


@page(*TOLD, methods=("POST",))
def resolve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close an alert with a word about what was done."""
    row = visible_alert(request.actor, public_id)
    form = ResolutionForm(request.POST)
    done = form.attempt(
        lambda data: (
            alerts.resolve_alert(alert=row, resolution=data["resolution"], by=request.actor, at=clock.now())
            or True
        )
    )
    if done is None:
        return render(request, "care/alert.html", {"it": alert_page(request.actor, public_id), "form": form})
    messages.success(request, _("Resolved. Well done."))
    return redirect("home")


@page(*TOLD, methods=("GET",))
def live(request: ActorRequest) -> HttpResponse:
    """Return the open alerts as a fragment."""
    return render(request, "care/_alerts.html", {"alerts": open_alerts(request.actor, 8)})
