"""The page of figures."""

from django.http import HttpResponse
from django.shortcuts import render

from teduh.insight import pictures, queries
from teduh.insight.scope import LEADERS
from teduh.kernel import clock
from teduh.people.gate import ActorRequest, page


@page(*LEADERS, methods=("GET",))
def figures(request: ActorRequest) -> HttpResponse:
    """Show what happened in the last months, as figures only."""
    shown = queries.figures(request.actor, at=clock.now())
    context = {
        "figures": shown,
        "waiting_bars": pictures.bars_of(shown.waiting),
        "month_bars": pictures.bars_of(shown.months),
        "flow": pictures.flow_of(shown.flow),
    }
    return render(request, "insight/figures.html", context)
