"""The home "Today" of each role, composed of what the rooms offer. Somebody with several roles has a tab for each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care.queries.desk import due_follow_ups, open_alerts, referrals_to_answer, waiting_requests
from teduh.care.queries.mine import my_care
from teduh.community.queries.guardian import guardian_home
from teduh.community.queries.homeroom import homeroom_home
from teduh.counselling.queries import counsellor_home, student_home
from teduh.kernel import clock
from teduh.measures.queries.filling import sheets_to_fill
from teduh.peers.queries.student import student_part
from teduh.peers.queries.supervisor import supervisor_home
from teduh.peers.queries.supporter import supporter_home
from teduh.people.access import Actor
from teduh.people.gate import ActorRequest, page
from teduh.people.states import Role
from teduh.psychosocial.queries.home import caseworker_home
from teduh.site.admin_home import admin_home


@dataclass(frozen=True)
class Face:
    """One home: for which roles, under which name, from which parts."""

    key: str
    label: str | Promise
    roles: frozenset[Role]
    build: Callable[[Actor, datetime], dict[str, Any]]


def _student(actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "care": my_care(actor),
        "counselling": student_home(actor, at=at),
        "peer": student_part(actor),
        "sheets": sheets_to_fill(actor),
    }


def _counsellor(actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "alerts": open_alerts(actor, 8),
        "requests": waiting_requests(actor),
        "counselling": counsellor_home(actor, at=at),
        "follow_ups": due_follow_ups(actor, 6),
    }


def _caseworker(actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "alerts": open_alerts(actor, 8),
        "referrals": referrals_to_answer(actor, 8),
        "work": caseworker_home(actor, at=at),
    }


def _principal(actor: Actor, at: datetime) -> dict[str, Any]:
    from teduh.insight.queries import principal_home

    return {"insight": principal_home(actor, at=at)}


#: In the order in which they come first for somebody with several.
FACES = (
    Face(
        "counsellor",
        pgettext_lazy("home", "Counselling"),
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR}),
        _counsellor,
    ),
    Face(
        "supervisor",
        pgettext_lazy("home", "Peer support"),
        frozenset({Role.PEER_SUPERVISOR}),
        lambda actor, at: {"alerts": open_alerts(actor, 8), "peer": supervisor_home(actor, at=at)},
    ),
    Face("caseworker", pgettext_lazy("home", "Cases"), frozenset({Role.CASEWORKER}), _caseworker),
    Face(
        "principal",
        pgettext_lazy("home", "Figures"),
        frozenset({Role.PRINCIPAL, Role.DISTRICT_OFFICER}),
        _principal,
    ),
    Face(
        "homeroom",
        pgettext_lazy("home", "My class"),
        frozenset({Role.HOMEROOM_TEACHER}),
        lambda actor, at: {"homeroom": homeroom_home(actor)},
    ),
    Face(
        "supporter",
        pgettext_lazy("home", "I listen"),
        frozenset({Role.PEER_SUPPORTER}),
        lambda actor, at: {"peer": supporter_home(actor, at=at)},
    ),
    Face("student", pgettext_lazy("home", "For me"), frozenset({Role.STUDENT}), _student),
    Face(
        "guardian",
        pgettext_lazy("home", "My family"),
        frozenset({Role.GUARDIAN}),
        lambda actor, at: {"family": guardian_home(actor, at=at)},
    ),
    Face(
        "admin",
        pgettext_lazy("home", "Technical"),
        frozenset({Role.TECHNICAL_ADMIN}),
        lambda actor, at: {"admin": admin_home(actor)},
    ),
)


def faces_of(actor: Actor) -> list[Face]:
    """Return the homes that the actor's roles open."""
    held = {grant.role for grant in actor.grants}
    return [face for face in FACES if held & face.roles]


def _greeting(at: datetime) -> Promise:
    hour = timezone.localtime(at).hour
    if hour < 11:
        return _("Good morning")
    if hour < 15:
        return _("Good day")
    if hour < 19:
        return _("Good afternoon")
    return _("Good evening")


def _context(request: ActorRequest) -> dict[str, Any]:
    actor, at = request.actor, clock.now()
    faces = faces_of(actor)
    wish = request.GET.get("as", "")
    face = next((f for f in faces if f.key == wish), faces[0] if faces else None)
    here = reverse("home")
    return {
        "face": face.key if face else "",
        "part": f"site/home/_{face.key}.html" if face else "site/home/_nobody.html",
        "tabs": [
            {"label": f.label, "url": f"{here}?as={f.key}", "current": f is face}
            for f in faces
            if len(faces) > 1
        ],
        "live": f"{reverse('home_live')}?as={face.key}" if face else "",
        "greeting": _greeting(at),
        "first_name": actor.name.split()[0] if actor.name else "",
        "at": at,
        **(face.build(actor, at) if face else {}),
    }


@page(methods=("GET",))
def home(request: ActorRequest) -> HttpResponse:
    """Show what is due today for the actor's role."""
    return render(request, "site/home.html", _context(request))


@page(methods=("GET",))
def home_live(request: ActorRequest) -> HttpResponse:
    """Return the changing part of the home as a fragment."""
    context = _context(request)
    return render(request, context["part"], context)
