"""Pages of guardians and homeroom teachers."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care.actions import requests
from teduh.care.states import Door, Wish
from teduh.community import actions, queries
from teduh.community.queries.guardian import PURPOSE_TEXTS, PURPOSE_TITLES
from teduh.community.web.forms import AboutStudentForm, ConsentForm
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.people.gate import ActorRequest, page
from teduh.people.states import ConsentPurpose, Role


@page(Role.GUARDIAN)
def worry(request: ActorRequest) -> HttpResponse:
    """Tell the school's counsellors that one is worried about one's child."""
    wards = queries.ward_choices(request.actor)
    form = None
    if wards:
        form = AboutStudentForm(
            request.POST or None, persons=wards, safe_label=_("Is your child safe right now?")
        )
        if request.method == "POST" and _send(request, form, Door.GUARDIAN):
            messages.success(request, _("Received. A counsellor reads it and contacts you."))
            return redirect("home")
    return render(request, "community/worry.html", {"form": form})


@page(Role.HOMEROOM_TEACHER)
def refer_student(request: ActorRequest) -> HttpResponse:
    """Tell the counsellors about a student of the own class."""
    students = queries.student_choices(request.actor)
    form = None
    if students:
        form = AboutStudentForm(
            request.POST or None, persons=students, safe_label=_("Is the student safe right now?")
        )
        if request.method == "POST" and _send(request, form, Door.TEACHER):
            messages.success(request, _("Received. You will see here that it is handled."))
            return redirect("home")
    return render(request, "community/refer_student.html", {"form": form})


def _send(request: ActorRequest, form: AboutStudentForm, door: Door) -> bool:
    sent = form.attempt(
        lambda data: requests.send_request(
            by=request.actor, at=clock.now(), door=door, wish=Wish.UNSURE, **form.request_fields(data)
        )
    )
    return sent is not None


@page(Role.GUARDIAN)
def consent(request: ActorRequest, public_id: uuid.UUID, purpose: str) -> HttpResponse:
    """Ask a safe guardian about one purpose, and record the answer."""
    try:
        child = queries.find_ward(request.actor, public_id)
    except NotVisible:
        raise Http404 from None
    if purpose not in actions.ASKED_OF_GUARDIANS:
        raise Http404
    asked = ConsentPurpose(purpose)
    form = ConsentForm(request.POST or None)
    if request.method == "POST":
        answered = form.attempt(
            lambda data: actions.answer_as_guardian(
                child=child,
                purpose=asked,
                agrees=data["agrees"] == "yes",
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
            )
        )
        if answered is not None:
            messages.success(request, _("Your answer is saved. You can change it at any time."))
            return redirect("home")
    context = {"form": form, "child": child, "title": PURPOSE_TITLES[asked], "text": PURPOSE_TEXTS[asked]}
    return render(request, "community/consent.html", context)


@page(Role.STUDENT)
def sharing(request: ActorRequest) -> HttpResponse:
    """Let a student choose whether safe guardians see the times of appointments."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST":
        answered = form.attempt(
            lambda data: actions.answer_about_sharing(
                agrees=data["agrees"] == "yes",
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
            )
        )
        if answered is not None:
            messages.success(request, _("Saved. You can change this at any time."))
            return redirect("community:sharing")
    shared = queries.sharing_of(request.actor, at=clock.now())
    return render(request, "community/sharing.html", {"form": form, "sharing": shared})
