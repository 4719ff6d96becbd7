"""The door from inside: the queue and a single request."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care.actions import requests
from teduh.care.queries.desk import waiting_requests
from teduh.care.queries.load import student_of_school, visible_request
from teduh.care.queries.single import RequestPage, request_page, students_named
from teduh.care.states import LevelKey, RequestStep
from teduh.care.web.forms import PersonSearchForm, ReplyForm, RouteForm
from teduh.care.web.paging import page_number
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role

INTAKE = (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)


@page(*INTAKE, methods=("GET",))
def queue(request: ActorRequest) -> HttpResponse:
    """List what waits, soonest due first."""
    return render(
        request, "care/requests.html", {"page": waiting_requests(request.actor, page_number(request))}
    )


@page(*INTAKE, methods=("GET",))
def show(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read a request, with the recommendation and its reasons."""
    return _render(request, request_page(request.actor, public_id))


def _render(
    request: ActorRequest,
    found: RequestPage,
    *,
    route: RouteForm | None = None,
    reply: ReplyForm | None = None,
) -> HttpResponse:
    search = PersonSearchForm(request.GET or None)
    name = search.cleaned_data["q"] if search.is_valid() else ""
    context = {
        "it": found,
        "route": route or RouteForm(initial={"level": found.recommended_key}),
        "reply": reply or ReplyForm(),
        "search": search,
        "students": students_named(request.actor, found.request.organisation_id, name),
        "searched": bool(name),
        "can": {step.value for step in found.steps},
    }
    return render(request, "care/request.html", context)


@page(*INTAKE, methods=("POST",))
def step(request: ActorRequest, public_id: uuid.UUID, step: str) -> HttpResponse:
    """Route, take or answer a request."""
    row = visible_request(request.actor, public_id)
    moment = clock.now()
    if step == RequestStep.TAKE:
        try:
            episode = requests.take_request(request=row, by=request.actor, at=moment)
        except Refused as refused:
            messages.error(request, str(refused.message))
            return redirect("care:request", public_id)
        return redirect("care:episode", episode.public_id)
    if step == RequestStep.ROUTE:
        route = RouteForm(request.POST)
        done = route.attempt(
            lambda data: (
                requests.route_request(
                    request=row, level=LevelKey(data["level"]), by=request.actor, at=moment
                )
                or True
            )
        )
        if done:
            messages.success(request, _("Passed on. You will be told if nobody answers."))
            return redirect("care:requests")
        return _render(request, request_page(request.actor, public_id), route=route)
    if step == RequestStep.ANSWER:
        reply = ReplyForm(request.POST)
        done = reply.attempt(
            lambda data: (
                requests.answer_request(request=row, reply=data["reply"], by=request.actor, at=moment) or True
            )
        )
        if done:
            messages.success(request, _("Your answer is with the sender."))
            return redirect("care:requests")
        return _render(request, request_page(request.actor, public_id), reply=reply)
    raise NotVisible


@page(*INTAKE, methods=("POST",))
def name(request: ActorRequest, public_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Say whom a worried friend's request is about."""
    row = visible_request(request.actor, public_id)
    person = student_of_school(request.actor, row.organisation_id, person_id)
    requests.name_person(request=row, person=person, by=request.actor, at=clock.now())
    return redirect("care:request", public_id)
