"""The conversation's page; it works without JavaScript, and comes alive with it."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.messaging.actions import mark_read, post_message
from teduh.messaging.queries import find_seat, room_page
from teduh.messaging.web.forms import MessageForm
from teduh.people.gate import ActorRequest, page


@page()
def room(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    try:
        return _room(request, public_id)
    except NotVisible:
        raise Http404 from None


def _room(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    by, at = request.actor, clock.now()
    form = None
    if request.method == "POST":
        form = MessageForm(request.POST)
        found = find_seat(public_id, by=by).room
        if form.is_valid():
            try:
                post_message(
                    room=found,
                    by=by,
                    text=form.cleaned_data["text"],
                    client_id=form.cleaned_data["client_id"],
                    at=at,
                )
            except Refused as refusal:
                form.add_error("text", str(refusal.message))
            else:
                return redirect(reverse("messaging:room", args=[public_id]) + "#newest")
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) <= 15 else None
    shown = room_page(public_id, by=by, at=at, before=before)
    if shown.has_unread:
        mark_read(room=shown.room, by=by, seq=shown.last_seq)
    form = form or MessageForm(initial={"client_id": shown.client_id})
    context = {
        "room": shown,
        "form": form,
        "is_older": before,
        "who_is_here": [{"name": p.who, "why": p.part_name} for p in shown.present],
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/room.html", context, status=status)
