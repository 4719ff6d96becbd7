"""Views of counselling: load through `visible_to`, parse, call one action, render."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care.states import Topic
from teduh.counselling import queries
from teduh.counselling.actions.booking import book_counsellor, open_from_appointment
from teduh.counselling.actions.conversations import open_conversation
from teduh.counselling.actions.sessions import hold_session
from teduh.counselling.level import COUNSELLORS
from teduh.counselling.states import Activity, Field
from teduh.counselling.web import show
from teduh.counselling.web.forms import (
    AvailabilityForm,
    BookForm,
    LeaveForm,
    OpenForm,
    SessionForm,
    SlotForm,
    StepForm,
)
from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions import availability as hours
from teduh.scheduling.actions.appointments import take_step
from teduh.scheduling.states import AppointmentStep

# --- Booking ---


@page(Role.STUDENT, methods=("GET",))
def book(request: ActorRequest) -> HttpResponse:
    """Show whom the student can book, each with the next free times."""
    found = queries.counsellors(request.actor, at=clock.now())
    return render(request, "counselling/book.html", {"counsellors": [show.counsellor(one) for one in found]})


@page(Role.STUDENT)
def book_with(request: ActorRequest, counsellor: uuid.UUID) -> HttpResponse:
    """Show a counsellor's times, then one time to confirm, then book it."""
    at = clock.now()
    person = queries.bookable(request.actor, counsellor, at=at)
    if request.method == "POST":
        return _book(request, person)
    asked = SlotForm(request.GET)
    if asked.is_valid():
        slot = queries.is_free(request.actor, person, asked.cleaned_data["slot"], at=at)
        if slot is not None:
            form = BookForm(initial={"slot": show.slot_value(slot.starts_at)})
            return _confirm(request, person, form, slot=slot)
        messages.warning(request, _("This time is no longer free. Please choose another."))
    week = request.GET.get("week", "")
    number = int(week) if week.isdecimal() and len(week) <= 3 else 0
    choice = queries.times_of(request.actor, person, number, at=at)
    return render(request, "counselling/times.html", show.times(choice))


def _book(request: ActorRequest, person: Any) -> HttpResponse:
    form = BookForm(request.POST)
    booked = form.attempt(
        lambda values: book_counsellor(
            counsellor_id=person.public_id,
            starts_at=values["slot"],
            by=request.actor,
            at=clock.now(),
            client_id=values["client_id"],
            wish=values["wish"],
        )
    )
    if booked is None:
        slot = None
        if "slot" not in form.errors:
            slot = queries.is_free(request.actor, person, form.cleaned_data["slot"], at=clock.now())
        return _confirm(request, person, form, slot=slot, status=422)
    messages.success(request, _("Your time is booked."))
    return redirect("counselling:appointment", public_id=booked)


def _confirm(
    request: ActorRequest, person: Any, form: BookForm, *, slot: Any = None, status: int = 200
) -> HttpResponse:
    """Ask to confirm a time; without one, offer the next free times again and keep what was typed."""
    again = [] if slot else queries.next_days(request.actor, person, at=clock.now())
    context = {"counsellor": person, "form": form, "slot": slot, "days": show.radio_days(again)}
    return render(request, "counselling/confirm.html", context, status=status)


# --- Appointments ---


@page(Role.STUDENT, *COUNSELLORS, methods=("GET",))
def appointments(request: ActorRequest) -> HttpResponse:
    """List the actor's appointments: what comes, or what is over."""
    at = clock.now()
    past = request.GET.get("show") == "past"
    found = queries.appointments(request.actor, past=past, number=request.GET.get("page", "1"), at=at)
    context = {
        "page": found,
        "days": show.by_day(found.object_list, at=at),
        "past": past,
        "is_counsellor": request.actor.has(*COUNSELLORS),
        "unanswered": () if past else queries.unanswered(request.actor, at=at),
    }
    return render(request, "counselling/appointments.html", context)


@page(Role.STUDENT, *COUNSELLORS)
def appointment(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show an appointment to host or guest, and take a step with it."""
    if request.method == "POST":
        return _step(request, public_id)
    return _appointment(request, public_id, OpenForm())


def _step(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    row = scheduling.appointment_of(request.actor, public_id)
    form = StepForm(request.POST)
    if form.is_valid():
        step = AppointmentStep(form.cleaned_data["step"])
        try:
            take_step(appointment=row, step=step, by=request.actor, at=clock.now())
            messages.success(request, str(show.STEP_DONE[step]))
        except Refused as refused:
            messages.error(request, str(refused.message))
    if form.cleaned_data.get("back") == "list":
        return redirect("counselling:appointments")
    return redirect("counselling:appointment", public_id=public_id)


def _appointment(
    request: ActorRequest, public_id: uuid.UUID, form: OpenForm, *, status: int = 200
) -> HttpResponse:
    with transaction.atomic():
        shown = queries.appointment_page(request.actor, public_id, at=clock.now())
    context = {"shown": shown, "line": shown.line, "form": form}
    return render(request, "counselling/appointment.html", context, status=status)


@page(*COUNSELLORS, methods=("POST",))
def open_episode(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open an episode for the guest, and go on to the session note."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _appointment(request, public_id, form, status=422)
    try:
        episode = open_from_appointment(
            appointment_id=public_id,
            topic=Topic(form.cleaned_data["topic"]),
            by=request.actor,
            at=clock.now(),
        )
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("counselling:appointment", public_id=public_id)
    messages.success(request, _("The episode is open. You lead it."))
    return redirect(show.session_url(episode.public_id, public_id))


# --- Hours ---


@page(*COUNSELLORS)
def availability(request: ActorRequest) -> HttpResponse:
    """Show and replace the counsellor's weekly hours."""
    actor = request.actor
    person = queries.own_person(actor)
    if request.method != "POST":
        windows = scheduling.week_windows([person.pk]).get(person.pk, [])
        return _hours(request, AvailabilityForm(windows=windows), LeaveForm())
    form = AvailabilityForm(request.POST)
    if form.is_valid():
        try:
            hours.set_availability(person=person, windows=form.windows, by=actor, at=clock.now())
        except Refused as refused:
            form.refuse(refused.field, str(refused.message))
        else:
            messages.success(request, _("Your hours are saved."))
            return redirect("counselling:availability")
    return _hours(request, form, LeaveForm(), status=422)


def _hours(
    request: ActorRequest, form: AvailabilityForm, leave_form: LeaveForm, *, status: int = 200
) -> HttpResponse:
    off = scheduling.leave_of(request.actor, at=clock.now())
    context = {"form": form, "leave_form": leave_form, "leave": off}
    return render(request, "counselling/availability.html", context, status=status)


@page(*COUNSELLORS)
def leave(request: ActorRequest) -> HttpResponse:
    """Add days off."""
    if request.method != "POST":
        return redirect("counselling:availability")
    person = queries.own_person(request.actor)
    form = LeaveForm(request.POST)
    if form.is_valid():
        first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        try:
            hours.add_leave(person=person, first_day=first, last_day=last, by=request.actor, at=clock.now())
        except Refused as refused:
            form.add_error(refused.field, str(refused.message))
        else:
            messages.success(request, _("These days are closed for booking."))
            if standing := scheduling.booked_on_leave(person, first, last):
                messages.warning(request, show.still_booked(standing))
            return redirect("counselling:availability")
    windows = scheduling.week_windows([person.pk]).get(person.pk, [])
    return _hours(request, AvailabilityForm(windows=windows), form, status=422)


@page(*COUNSELLORS, methods=("POST",))
def remove_leave(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open days again."""
    person = queries.own_person(request.actor)
    hours.remove_leave(person=person, public_id=public_id, by=request.actor, at=clock.now())
    messages.success(request, _("These days are open again."))
    return redirect("counselling:availability")


# --- Sessions ---


@page(*COUNSELLORS)
def session(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write a session of an episode."""
    at = clock.now()
    with transaction.atomic():
        episode = queries.writable_episode(request.actor, public_id)
        shown = queries.session_page(request.actor, episode, at=at)
    labels = show.appointment_labels(shown.appointments)
    if request.method != "POST":
        form = SessionForm(page=shown, labels=labels, at=at, chosen=request.GET.get("appointment"))
        return render(request, "counselling/session.html", {"shown": shown, "form": form})
    form = SessionForm(request.POST, page=shown, labels=labels, at=at)
    held = form.attempt(
        lambda values: hold_session(
            episode=episode,
            activity=Activity(values["activity"]),
            field=Field(values["field"]),
            happened_at=form.happened_at,
            minutes=values["minutes"],
            note=values["note"],
            next_step=values["next_step"],
            ratings=form.ratings,
            by=request.actor,
            at=clock.now(),
            client_id=values["client_id"],
            appointment_id=uuid.UUID(values["appointment"]) if values.get("appointment") else None,
        )
    )
    if held is None:
        return render(request, "counselling/session.html", {"shown": shown, "form": form}, status=422)
    messages.success(request, _("The session is written down."))
    return redirect(show.episode_url(episode.public_id))


@page(*COUNSELLORS, methods=("POST",))
def converse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open the conversation with the student of an episode, and go there."""
    episode = queries.led_episode(request.actor, public_id)
    try:
        room = open_conversation(episode=episode, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return redirect(show.episode_url(public_id))
    return redirect("messaging:room", public_id=room.public_id)
