"""Questionnaires of an episode: give one, see the results."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care import policies
from teduh.care.queries.load import visible_episode
from teduh.care.web.paging import posted
from teduh.kernel import audit, clock
from teduh.kernel.errors import Refused
from teduh.measures.actions import assign_sheet
from teduh.measures.queries.results import results_of
from teduh.measures.web.forms import AssignForm
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role
from teduh.people.told import told

#: Who reads scores: professionals on the care team, never peers.
READERS = (Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.CASEWORKER)


@page(*READERS, methods=("GET",))
def show(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show an episode's questionnaires and how scores changed."""
    with transaction.atomic():
        episode = visible_episode(request.actor, public_id)
        audit.record(
            told(request.actor, "care.results.read", episode, subject=episode.person), at=clock.now()
        )
        results = results_of(episode.public_id)
    return render(request, "care/results.html", {"episode": episode, "results": results})


@page(*READERS)
def assign(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask the person to fill in a questionnaire."""
    episode = visible_episode(request.actor, public_id)
    policies.insist(policies.may_write_in(request.actor, episode))
    form = AssignForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            assign_sheet(
                person=episode.person,
                instrument=data["instrument"],
                matter=episode.public_id,
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
                due_on=data["due_on"],
                language=data["language"],
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(request, _("The person finds it on their home page now."))
            return redirect("care:results", public_id)
    return render(request, "care/assign.html", {"form": form, "episode": episode})
