"""Pages of those who look after peer support."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.peers.actions import conversations, offers, supporters
from teduh.peers.figures import figures
from teduh.peers.policies import KEEPERS
from teduh.peers.queries import supervisor as queries
from teduh.peers.queries.supporter import find_offer, find_talk
from teduh.peers.web.forms import ChooseForm, SupporterForm
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role


def _number(request: ActorRequest) -> int:
    wish = request.GET.get("page", "")
    return int(wish) if wish.isdecimal() and len(wish) < 7 else 1


@page(*KEEPERS, methods=("GET",))
def supervise(request: ActorRequest) -> HttpResponse:
    """Show who waits and why, who talks with whom, or how the supporters are."""
    show = request.GET.get("show", "waiting")
    at, number = clock.now(), _number(request)
    here = reverse("peers:supervise")
    tabs = [
        {"label": _("Waiting"), "url": here, "current": show not in {"talks", "supporters"}},
        {"label": _("Conversations"), "url": f"{here}?show=talks", "current": show == "talks"},
        {"label": _("Supporters"), "url": f"{here}?show=supporters", "current": show == "supporters"},
    ]
    if show == "talks":
        return render(
            request, "peers/talks.html", {"tabs": tabs, "page": queries.talks_page(request.actor, number)}
        )
    if show == "supporters":
        listed = queries.supporters_page(request.actor, number, at=at)
        return render(request, "peers/supporters.html", {"tabs": tabs, "page": listed})
    queue = queries.waiting_page(request.actor, number, at=at)
    return render(request, "peers/supervise.html", {"tabs": tabs, "page": queue})


@page(*KEEPERS)
def choose(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose a supporter by hand, with every reason for and against."""
    row = queries.find_waiting(request.actor, public_id)
    at = clock.now()
    shown = queries.choose_page(row, at=at)
    form = ChooseForm(request.POST or None, shown=shown)
    if request.method == "POST":
        made = form.attempt(
            lambda data: offers.assign(
                help_request=row,
                supporter=queries.find_supporter(
                    request.actor, uuid.UUID(data["supporter"]), row.organisation_id
                ),
                by=request.actor,
                at=at,
            )
        )
        if made is not None:
            messages.success(request, _("%(name)s is asked now.") % {"name": made.supporter.person.full_name})
            return redirect("peers:supervise")
    return render(request, "peers/choose.html", {"form": form, "shown": shown})


@page(*KEEPERS)
def supporter(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enrol somebody who holds the role, or change what a supporter carries."""
    at = clock.now()
    person = queries.find_supporter_person(request.actor, public_id, at=at)
    row = getattr(person, "supporter", None)
    supervisors = queries.supervisors_of(person.organisation_id, at=at)
    given = {
        "supervisor": str(row.supervisor.public_id if row else request.actor.person_public_id),
        "capacity": row.capacity if row else figures().capacity,
        "topics": row.topics if row else [],
        "languages": row.languages if row else ["id"],
        "is_active": row.is_active if row else True,
    }
    form = SupporterForm(request.POST or None, initial=given, supervisors=supervisors)
    if request.method == "POST":

        def save(data: dict[str, object]) -> bool:
            common = {
                "supervisor": form.supervisor(),
                "topics": data["topics"],
                "languages": data["languages"],
                "capacity": data["capacity"],
                "by": request.actor,
                "at": at,
            }
            if row is None:
                supporters.enrol(person=person, **common)  # type: ignore[arg-type]
            else:
                supporters.manage(supporter=row, is_active=bool(data["is_active"]), **common)  # type: ignore[arg-type]
            return True

        if form.attempt(save):
            messages.success(request, _("Saved."))
            return redirect(reverse("peers:supervise") + "?show=supporters")
    shown = {"form": form, "person": person, "supporter": row}
    return render(request, "peers/supporter.html", shown)


@page(*KEEPERS, methods=("POST",))
def debrief(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that the debrief was held; the rest ends."""
    at = clock.now()
    person = queries.find_supporter_person(request.actor, public_id, at=at)
    row = getattr(person, "supporter", None)
    if row is not None:
        supporters.end_rest(supporter=row, by=request.actor, at=at)
        messages.success(request, _("The talk is noted. The rest has ended."))
    return redirect(reverse("peers:supervise") + "?show=supporters")


@page(Role.PEER_SUPERVISOR, methods=("POST",))
def join_room(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Step into a conversation, visible to both."""
    row = find_offer(request.actor, public_id)
    try:
        conversations.step_in(offer=row, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return redirect(reverse("peers:supervise") + "?show=talks")
    if row.room is None:
        return redirect("peers:supervise")
    return redirect("messaging:room", row.room.public_id)


@page(Role.PEER_SUPERVISOR, methods=("POST",))
def step_out(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Leave a conversation to the two."""
    row = find_talk(request.actor, public_id)
    conversations.step_out(offer=row, by=request.actor, at=clock.now())
    messages.success(request, _("You have stepped out. You can step in again at any time."))
    return redirect(reverse("peers:supervise") + "?show=talks")


@page(*KEEPERS, methods=("GET",))
def live(request: ActorRequest) -> HttpResponse:
    """Return the supervisor's part of the home as a fragment."""
    shown = queries.supervisor_home(request.actor, at=clock.now())
    return render(request, "peers/_home_supervisor.html", {"peer": shown})
