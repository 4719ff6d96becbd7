"""Episodes: the list, the page, and what the care team writes."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teduh.care import labels, policies
from teduh.care.actions import contacts, episodes, followups, goals, leading, takeover
from teduh.care.models import Episode
from teduh.care.queries.choices import aftercare_owners, other_leads
from teduh.care.queries.desk import episodes_page
from teduh.care.queries.episode import CONTACTS_A_PAGE, episode_page, follow_up_words
from teduh.care.queries.load import goal_of, own_person, visible_episode, visible_follow_up
from teduh.care.queries.mine import goal_words
from teduh.care.states import EpisodeState, LevelKey
from teduh.care.web.forms import (
    CloseForm,
    ContactForm,
    FollowUpForm,
    GoalForm,
    LeadForm,
    PlanFollowUpForm,
    RatingForm,
)
from teduh.care.web.paging import page_number, posted
from teduh.kernel import clock
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role

#: Who reads care records: adults. A peer supporter knows the person by a pseudonym and finishes in the own room.
CARERS = (
    Role.PEER_SUPERVISOR,
    Role.COUNSELLOR,
    Role.LEAD_COUNSELLOR,
    Role.CASEWORKER,
)


@page(*CARERS, methods=("GET",))
def index(request: ActorRequest) -> HttpResponse:
    """List the episodes on whose team the actor is."""
    closed = request.GET.get("state") == "closed"
    level = request.GET.get("level", "")
    # No database takes a NUL byte in a text.
    q = request.GET.get("q", "").replace("\x00", "")[:80]
    here = reverse("care:episodes")
    context = {
        "page": episodes_page(request.actor, page_number(request), closed=closed, level=level, q=q),
        "tabs": [
            {"label": _("Under way"), "url": here, "current": not closed},
            {"label": _("Closed"), "url": f"{here}?state=closed", "current": closed},
        ],
        "levels": [(key.value, label) for key, label in labels.LEVELS.items()],
        "level": level if level in set(LevelKey) else "",
        "q": q,
        "closed": closed,
    }
    return render(request, "care/episodes.html", context)


@page(*CARERS, methods=("GET",))
def show(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show an episode to its care team."""
    older = (page_number(request) - 1) * CONTACTS_A_PAGE
    it = episode_page(request.actor, public_id, older=older)
    return render(request, "care/episode.html", {"it": it, "number": page_number(request)})


def _writable(request: ActorRequest, public_id: uuid.UUID) -> Episode:
    episode = visible_episode(request.actor, public_id, related=("person",))
    policies.insist(policies.may_write_in(request.actor, episode))
    return episode


@page(*CARERS)
def note(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down a contact."""
    episode = _writable(request, public_id)
    form = ContactForm(posted(request), episode=episode)
    if request.method == "POST":
        done = form.attempt(
            lambda data: contacts.write_contact(
                episode=episode,
                activity=data["activity"],
                happened_at=data["happened_at"],
                minutes=data["minutes"],
                note=data["note"],
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
            )
        )
        if done is not None:
            messages.success(request, _("The note is sealed and kept."))
            return redirect("care:episode", public_id)
    return render(request, "care/note.html", {"form": form, "episode": episode})


@page(*CARERS)
def goal(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set a goal."""
    episode = _writable(request, public_id)
    form = GoalForm(posted(request))
    if request.method == "POST":
        done = form.attempt(
            lambda data: goals.set_goal(
                episode=episode,
                text=data["text"],
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
            )
        )
        if done is not None:
            return redirect("care:episode", public_id)
    return render(request, "care/goal.html", {"form": form, "episode": episode})


@page(*CARERS)
def rate(request: ActorRequest, public_id: uuid.UUID, goal_id: uuid.UUID) -> HttpResponse:
    """Rate a goal together with the person."""
    episode = _writable(request, public_id)
    row = goal_of(episode, goal_id)
    form = RatingForm(posted(request))
    if request.method == "POST":
        done = form.attempt(
            lambda data: goals.rate_goal(
                goal=row, value=data["value"], by=request.actor, at=clock.now(), client_id=data["client_id"]
            )
        )
        if done is not None:
            return redirect("care:episode", public_id)
    back = reverse("care:episode", args=[public_id])
    context = {"form": form, "goal": goal_words(request.actor, row), "back": back}
    return render(request, "care/rate.html", context)


@page(*CARERS)
def follow_up(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Plan a day on which the actor looks again."""
    episode = _writable(request, public_id)
    form = PlanFollowUpForm(posted(request))
    if request.method == "POST":
        done = form.attempt(
            lambda data: followups.plan_follow_up(
                episode=episode,
                due_on=data["due_on"],
                owner=own_person(request.actor),
                by=request.actor,
                at=clock.now(),
                client_id=data["client_id"],
            )
        )
        if done is not None:
            return redirect("care:episode", public_id)
    return render(request, "care/plan_follow_up.html", {"form": form, "episode": episode})


@page(*CARERS)
def finish_follow_up(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what a follow-up found."""
    row = visible_follow_up(request.actor, public_id)
    form = FollowUpForm(posted(request))
    if request.method == "POST":
        done = form.attempt(
            lambda data: (
                followups.finish_follow_up(
                    follow_up=row, result=data["result"], by=request.actor, at=clock.now()
                )
                or True
            )
        )
        if done:
            messages.success(request, _("Noted. Thank you for looking again."))
            return redirect("care:episode", row.episode.public_id)
    context = {"form": form, "row": row, "result": follow_up_words(request.actor, row)}
    return render(request, "care/follow_up.html", context)


@page(*CARERS)
def close(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close with a reason, the level's checks and aftercare."""
    episode = visible_episode(request.actor, public_id)
    policies.insist(policies.may_lead(request.actor, episode))
    if episode.state == EpisodeState.CLOSED and request.method == "GET":
        return redirect("care:episode", public_id)
    owners = aftercare_owners(episode)
    form = CloseForm(
        posted(request),
        episode=episode,
        owners=[(str(person.public_id), person.full_name) for person in owners],
    )
    if request.method == "POST":
        done = form.attempt(
            lambda data: (
                episodes.close_episode(
                    episode=episode,
                    reason=data["reason"],
                    checks=data["checks"],
                    note=data["note"],
                    by=request.actor,
                    at=clock.now(),
                    aftercare_on=data["aftercare_on"],
                    aftercare_owner=next(
                        (p for p in owners if str(p.public_id) == data["aftercare_owner"]), None
                    ),
                    client_id=data["client_id"],
                )
                or True
            )
        )
        if done:
            messages.success(request, _("Closed. The day to look again is planned."))
            return redirect("care:episode", public_id)
    return render(request, "care/close.html", {"form": form, "episode": episode})


@page(*CARERS)
def lead(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand the lead to a colleague."""
    episode = visible_episode(request.actor, public_id)
    policies.insist(policies.may_pass_on(request.actor, episode))
    colleagues = other_leads(episode)
    form = LeadForm(posted(request), colleagues=[(str(one.public_id), one.full_name) for one in colleagues])
    if request.method == "POST":
        chosen = {str(one.public_id): one for one in colleagues}
        done = form.attempt(
            lambda data: (
                leading.change_lead(
                    episode=episode,
                    lead=chosen[data["lead"]],
                    stays=data["stays"],
                    by=request.actor,
                    at=clock.now(),
                )
                or True
            )
        )
        if done:
            messages.success(request, _("The lead is handed on. The person sees the new name."))
            return redirect(
                "care:episode" if form.cleaned_data["stays"] else "care:episodes", *_at(form, public_id)
            )
    return render(request, "care/lead.html", {"form": form, "episode": episode, "colleagues": colleagues})


def _at(form: LeadForm, public_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    return (public_id,) if form.cleaned_data["stays"] else ()


@page(Role.COUNSELLOR, Role.LEAD_COUNSELLOR, methods=("POST",))
def take_over(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take over from a peer."""
    episode = visible_episode(request.actor, public_id)
    opened = takeover.take_over(episode=episode, by=request.actor, at=clock.now())
    messages.success(request, _("You lead now. The conversation goes on with you in it."))
    return redirect("care:episode", opened.public_id)
