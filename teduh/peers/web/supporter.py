"""Pages of the supporter."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.care.actions.episodes import close_episode
from teduh.care.states import EpisodeState, Severity
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.peers.actions import calls, conversations, offers, supporters
from teduh.peers.queries import supporter as queries
from teduh.peers.web.forms import CallForm, FinishForm, MeForm
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role


@page(Role.PEER_SUPPORTER, methods=("GET",))
def offer(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show an offer: topic, waiting time, a name that tells nothing, and why this supporter."""
    shown = queries.offer_page(request.actor, public_id, at=clock.now())
    return render(request, "peers/offer.html", {"offer": shown})


@page(Role.PEER_SUPPORTER, methods=("POST",))
def accept(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take the conversation up."""
    row = queries.find_offer(request.actor, public_id)
    try:
        conversations.accept(offer=row, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return redirect("peers:offer", public_id)
    if row.room is None:
        return redirect("peers:offer", public_id)
    return redirect("messaging:room", row.room.public_id)


@page(Role.PEER_SUPPORTER, methods=("POST",))
def decline(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say no; the next supporter is asked."""
    row = queries.find_offer(request.actor, public_id)
    try:
        offers.decline(offer=row, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return redirect("peers:offer", public_id)
    messages.success(request, _("Thank you for saying so. Somebody else is asked now."))
    return redirect("home")


@page(Role.PEER_SUPPORTER)
def me(request: ActorRequest) -> HttpResponse:
    """Show and change what the supporter listens to, and whether they take offers."""
    supporter = queries.own_supporter(request.actor)
    if supporter is None:
        return render(request, "peers/not_enrolled.html")
    given = {
        "available": supporter.available,
        "topics": supporter.topics,
        "languages": supporter.languages,
    }
    form = MeForm(request.POST or None, initial=given)
    if request.method == "POST":
        done = form.attempt(
            lambda data: (
                supporters.set_own(
                    supporter=supporter,
                    topics=data["topics"],
                    languages=data["languages"],
                    available=data["available"],
                    by=request.actor,
                    at=clock.now(),
                )
                or True
            )
        )
        if done:
            messages.success(request, _("Saved."))
            return redirect("peers:me")
    shown = {
        "form": form,
        "rest_until": queries.resting(supporter, clock.now()),
        "supervisor": supporter.supervisor.full_name,
    }
    return render(request, "peers/me.html", shown)


@page(Role.PEER_SUPPORTER)
def call(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Call the supervisor: one tap sends it, this page shows that it arrived."""
    talk = queries.find_talk(request.actor, public_id)
    form = CallForm(request.POST or None, initial={"severity": Severity.CONCERN.value})
    if talk.supporter.person_id != request.actor.person_id:
        raise NotVisible
    if request.method == "POST" and form.is_valid():
        try:
            calls.call_supervisor(
                offer=talk,
                severity=Severity(form.cleaned_data["severity"]),
                word=form.cleaned_data["word"],
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error(refused.field, str(refused.message))
        else:
            return redirect("peers:call", public_id)
    shown = queries.call_page(talk, request.actor, at=clock.now())
    return render(request, "peers/call.html", {"form": form, "call": shown})


@page(Role.PEER_SUPPORTER)
def finish(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """End the conversation, once the student knows and knows whom to turn to."""
    talk = queries.find_talk(request.actor, public_id)
    if talk.supporter.person_id != request.actor.person_id or talk.episode is None:
        raise NotVisible
    episode = talk.episode
    if episode.state == EpisodeState.CLOSED:
        return redirect("messaging:room", public_id)
    form = FinishForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(
            lambda data: (
                close_episode(
                    episode=episode,
                    reason=data["reason"],
                    checks=data["checks"],
                    note="",
                    by=request.actor,
                    at=clock.now(),
                    aftercare_on=None,
                    aftercare_owner=None,
                    client_id=data["client_id"],
                )
                or True
            )
        )
        if done:
            messages.success(request, _("The conversation is finished. Thank you for listening."))
            return redirect("home")
    shown = queries.call_page(talk, request.actor, at=clock.now())
    return render(request, "peers/finish.html", {"form": form, "call": shown})


@page(Role.PEER_SUPPORTER, methods=("GET",))
def live(request: ActorRequest) -> HttpResponse:
    """Return the supporter's part of the home as a fragment."""
    shown = queries.supporter_home(request.actor, at=clock.now())
    return render(request, "peers/_home_supporter.html", {"peer": shown})
