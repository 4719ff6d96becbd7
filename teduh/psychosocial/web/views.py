"""Views of case work: load through `visible_to`, parse, call one action, render."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused, Stale
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role
from teduh.psychosocial import actions, policies, queries
from teduh.psychosocial.states import StepDeed
from teduh.psychosocial.web.forms import (
    AssessmentForm,
    FollowUpForm,
    NewStepForm,
    PlanForm,
    StepDeedForm,
    steps_formset,
)

#: Lines of a list page.
PAGE_SIZE = 20


def _back(public_id: uuid.UUID) -> HttpResponse:
    return redirect("psychosocial:case", public_id=public_id)


def _writable(request: ActorRequest, public_id: uuid.UUID) -> Any:
    try:
        episode = queries.find_case(request.actor, public_id)
        policies.insist_on_case(request.actor, episode)
    except NotVisible:
        raise Http404 from None
    return episode


@page(Role.CASEWORKER, methods=("GET",))
def cases(request: ActorRequest) -> HttpResponse:
    """List all tasks or all active cases of the caseworker."""
    tasks, listed = queries.case_work(request.actor, at=clock.now())
    show_tasks = request.GET.get("show") == "tasks"
    shown = Paginator(tasks if show_tasks else listed, PAGE_SIZE).get_page(request.GET.get("page"))
    here = reverse("psychosocial:cases")
    tabs = [
        {"label": _("Cases"), "url": here, "current": not show_tasks, "count": len(listed)},
        {"label": _("Tasks"), "url": f"{here}?show=tasks", "current": show_tasks, "count": len(tasks)},
    ]
    context = {"page": shown, "show_tasks": show_tasks, "tabs": tabs}
    return render(request, "psychosocial/cases.html", context)


@page(methods=("GET",))
def case(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a case; the reading is recorded."""
    try:
        with transaction.atomic():
            shown = queries.case_page(request.actor, public_id, at=clock.now())
    except NotVisible:
        raise Http404 from None
    return render(request, "psychosocial/case.html", {"case": shown})


@page()
def assess(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write an assessment, starting from the newest one."""
    episode = _writable(request, public_id)
    if request.method == "POST":
        form = AssessmentForm(request.POST)
        made = form.attempt(
            lambda given: actions.assess(episode=episode, by=request.actor, at=clock.now(), **given)
        )
        if made is not None:
            messages.success(request, _("The assessment is saved."))
            return _back(public_id)
    else:
        with transaction.atomic():
            form = AssessmentForm(initial=queries.latest_assessment(request.actor, episode, at=clock.now()))
    return render(request, "psychosocial/assess.html", {"form": form, "episode": episode})


@page()
def plan(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make a plan, or the next one from the open steps of the one in force."""
    episode = _writable(request, public_id)
    owners = queries.owner_choices(episode, at=clock.now())
    called = episode.person.called
    if request.method == "POST":
        form = PlanForm(request.POST)
        steps = steps_formset(request.POST, owners=owners, person_called=called)
        # Both are asked, so that one answer names everything that needs another look.
        if all([form.is_valid(), steps.is_valid()]):
            made = form.attempt(
                lambda given: actions.make_plan(
                    episode=episode, steps=steps.parsed, by=request.actor, at=clock.now(), **given
                )
            )
            if made is not None:
                messages.success(request, _("The plan is in force. You will be reminded of each day."))
                return _back(public_id)
    else:
        form, initial = PlanForm(), []
        with transaction.atomic():
            former = queries.plan_in_force(episode)
            if former is not None:
                draft = queries.plan_draft(request.actor, former, at=clock.now())
                form = PlanForm(initial={"aim": draft.aim, "agreed_with_person": draft.agreed_with_person})
                initial = [dict(step) for step in draft.steps]
        steps = steps_formset(None, owners=owners, person_called=called, initial=initial)
    look_by = queries.look_by(episode, clock.now())
    context = {"form": form, "steps": steps, "episode": episode, "look_by": look_by}
    return render(request, "psychosocial/plan.html", context)


@page()
def step(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add a step to the plan in force."""
    episode = _writable(request, public_id)
    in_force = queries.plan_in_force(episode)
    if in_force is None:
        raise Http404
    owners = queries.owner_choices(episode, at=clock.now())
    form = NewStepForm(request.POST or None, owners=owners, person_called=episode.person.called)
    if request.method == "POST":
        added = form.attempt(
            lambda given: actions.add_step(
                plan=in_force,
                text=given["text"],
                owner=owners.get(given["owner"]),
                due_on=given["due_on"],
                by=request.actor,
                at=clock.now(),
                client_id=given["client_id"],
            )
        )
        if added is not None:
            messages.success(request, _("The step is added."))
            return _back(public_id)
    return render(request, "psychosocial/step.html", {"form": form, "episode": episode})


@page(methods=("POST",))
def step_deed(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Finish or drop a step."""
    try:
        found = queries.find_step(request.actor, public_id)
        form = StepDeedForm(request.POST)
        if form.is_valid():
            take = {StepDeed.FINISH: actions.finish_step, StepDeed.DROP: actions.drop_step}
            take[StepDeed(form.cleaned_data["deed"])](step=found, by=request.actor, at=clock.now())
            messages.success(request, _("The step is updated."))
    except NotVisible:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, str(refused.message))
    except Stale:
        messages.warning(request, _("Somebody else changed this first. The page shows the latest state."))
    return _back(found.plan.episode.public_id)


@page()
def follow_up(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what a look at the person found, and plan the next one."""
    now = clock.now()
    try:
        found = queries.find_follow_up(request.actor, public_id)
    except NotVisible:
        raise Http404 from None
    episode = found.episode
    active = episode.state == "active"
    form = FollowUpForm(request.POST or None, needs_next=active)
    if found.done_at is not None and request.method == "GET":
        return _back(episode.public_id)
    if request.method == "POST":
        try:
            form.attempt(
                lambda given: actions.look_again(
                    follow_up=found,
                    result=given["result"],
                    next_on=given.get("next_on"),
                    by=request.actor,
                    at=now,
                    client_id=given["client_id"],
                )
            )
        except NotVisible:
            raise Http404 from None
        if not form.errors:
            messages.success(request, _("The follow-up is saved."))
            return _back(episode.public_id)
    context = {
        "form": form,
        "follow_up": found,
        "episode": episode,
        "look_by": queries.look_by(episode, now) if active else None,
    }
    return render(request, "psychosocial/follow_up.html", context)
