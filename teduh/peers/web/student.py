"""Pages of somebody who asked for a peer."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.peers.actions import offers
from teduh.peers.queries import student as queries
from teduh.peers.web.forms import WishForm
from teduh.people.gate import ActorRequest, page


@page()
def waiting(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Tell truthfully how the search stands, what is open meanwhile, and take wishes."""
    row, shown = queries.own_waiting(request.actor, public_id)
    given = {"same_class": shown.same_class, "same_sex": shown.same_sex}
    form = WishForm(request.POST or None, initial=given, sex_known=shown.sex_known)
    if request.method == "POST":
        done = form.attempt(
            lambda data: (
                offers.wish_for(
                    help_request=row,
                    same_class=data["same_class"],
                    same_sex=data.get("same_sex", False),
                    by=request.actor,
                    at=clock.now(),
                )
                or True
            )
        )
        if done:
            messages.success(request, _("Noted. We keep looking."))
            return redirect("peers:waiting", public_id)
    return render(request, "peers/waiting.html", {"form": form, "waiting": shown})


@page(methods=("GET",))
def live(request: ActorRequest) -> HttpResponse:
    """Return the student's part of the home as a fragment."""
    return render(request, "peers/_home_student.html", {"peer": queries.student_part(request.actor)})
