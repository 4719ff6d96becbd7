"""Pages of measures."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from teduh.kernel import clock
from teduh.kernel.errors import Refused, Stale
from teduh.measures import actions, queries
from teduh.measures.engine import Instrument
from teduh.measures.models import Sheet
from teduh.measures.policies import READS_SCORES
from teduh.measures.shipped import shipped
from teduh.measures.states import SheetState
from teduh.measures.web.forms import FillForm
from teduh.people.gate import ActorRequest, page


@page()
def fill(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a person's own sheet and take its answers."""
    sheet = queries.sheet_of(request.actor, public_id)
    if sheet is None:
        raise Http404
    wording = shipped(sheet)
    if request.method == "POST" and wording is not None:
        return _take(request, sheet, wording)
    if sheet.state != SheetState.ASSIGNED:
        return _settled(request, sheet)
    if wording is None:
        return render(request, "measures/gone.html", {"sheet": sheet})
    return _ask(request, sheet, FillForm(instrument=wording))


def _ask(
    request: ActorRequest, sheet: Sheet, form: FillForm, *, blanks: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    wording = form.instrument
    values = {
        "sheet": sheet,
        "form": form,
        "instrument": wording,
        "heading": queries.for_the_person(wording),
        "minutes": queries.minutes_for(wording),
        "readers": queries.readers(sheet),
        "asks_safety": any(item.safety_at_least is not None for item in wording.items),
        "blanks": blanks,
        "start": form.first_fault if form.is_bound else "",
    }
    return render(request, "measures/fill.html", values, status=status)


def _take(request: ActorRequest, sheet: Sheet, wording: Instrument) -> HttpResponse:
    form = FillForm(request.POST, instrument=wording)
    if not form.is_valid():
        if sheet.state != SheetState.ASSIGNED:
            return _settled(request, sheet)
        return _ask(request, sheet, form, status=422)
    if form.unconfirmed_blanks and sheet.state == SheetState.ASSIGNED:
        return _ask(request, sheet, form, blanks=form.unconfirmed_blanks)
    try:
        actions.submit_sheet(sheet=sheet, answers=form.answers, by=request.actor, at=clock.now())
    except Refused as refusal:
        sheet.refresh_from_db(fields=["state"])
        return _settled(request, sheet, notice=str(refusal.message), status=409)
    except Stale:
        pass  # Another sending was faster; the page it leads to shows what was saved.
    return redirect("measures:fill", public_id=sheet.public_id)


def _settled(request: ActorRequest, sheet: Sheet, *, notice: str = "", status: int = 200) -> HttpResponse:
    """Show that nothing is left to do: sent, taken back, or replaced."""
    if sheet.state == SheetState.SUBMITTED:
        values = {"sheet": sheet, "outcome": queries.outcome_of(sheet), "notice": notice}
        return render(request, "measures/done.html", values, status=status)
    return render(request, "measures/gone.html", {"sheet": sheet}, status=status)


@page(*READS_SCORES, methods=("GET",))
def instruments(request: ActorRequest) -> HttpResponse:
    """List the instruments with their sources, and what nobody has checked yet."""
    shown = queries.instruments(get_language() or "id")
    return render(request, "measures/instruments.html", {"instruments": shown})
