"""The navigation of each role, and the words for roles."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.people.access import Actor
from teduh.people.states import Role

ROLE_WORDS: dict[Role, str | Promise] = {
    Role.STUDENT: pgettext_lazy("role", "Student"),
    Role.PEER_SUPPORTER: pgettext_lazy("role", "Peer supporter"),
    Role.PEER_SUPERVISOR: pgettext_lazy("role", "Peer supervisor"),
    Role.COUNSELLOR: pgettext_lazy("role", "School counsellor"),
    Role.LEAD_COUNSELLOR: pgettext_lazy("role", "Lead counsellor"),
    Role.CASEWORKER: pgettext_lazy("role", "Psychosocial worker"),
    Role.GUARDIAN: pgettext_lazy("role", "Guardian"),
    Role.HOMEROOM_TEACHER: pgettext_lazy("role", "Homeroom teacher"),
    Role.TEACHER: pgettext_lazy("role", "Teacher"),
    Role.PRINCIPAL: pgettext_lazy("role", "Principal"),
    Role.DISTRICT_OFFICER: pgettext_lazy("role", "District officer"),
    Role.TECHNICAL_ADMIN: pgettext_lazy("role", "Technical administrator"),
}


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation."""

    url: str
    label: str | Promise
    icon: str
    current: bool = False
    badge: int = 0


#: URL name, label, icon, and for whom; the order is the order on the page.
_ENTRIES: tuple[tuple[str, str | Promise, str, frozenset[Role]], ...] = (
    ("home", _("Today"), "sun", frozenset(Role)),
    ("care:ask", _("Ask for help"), "message-circle-heart", frozenset({Role.STUDENT})),
    ("counselling:book", _("Book a time"), "calendar-plus", frozenset({Role.STUDENT})),
    ("care:record", _("My record"), "route", frozenset({Role.STUDENT})),
    ("peers:me", _("My listening"), "ear", frozenset({Role.PEER_SUPPORTER})),
    ("care:requests", _("Requests"), "inbox", frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR})),
    (
        "care:episodes",
        _("People in my care"),
        "folder-heart",
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.CASEWORKER}),
    ),
    ("psychosocial:cases", _("Cases"), "hand-heart", frozenset({Role.CASEWORKER})),
    (
        "counselling:appointments",
        _("Appointments"),
        "calendar-days",
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR}),
    ),
    (
        "care:alerts",
        _("Alerts"),
        "siren",
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.PEER_SUPERVISOR, Role.CASEWORKER}),
    ),
    (
        "care:referrals",
        _("Referrals"),
        "route",
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.CASEWORKER}),
    ),
    ("peers:supervise", _("Peer support"), "users-round", frozenset({Role.PEER_SUPERVISOR})),
    ("community:worry", _("I am worried"), "heart-handshake", frozenset({Role.GUARDIAN})),
    ("community:refer_student", _("Refer a student"), "heart-handshake", frozenset({Role.HOMEROOM_TEACHER})),
    ("insight:figures", _("Figures"), "chart-column", frozenset({Role.PRINCIPAL, Role.DISTRICT_OFFICER})),
    (
        "people:classes",
        _("Classes"),
        "school",
        frozenset({Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.HOMEROOM_TEACHER, Role.TECHNICAL_ADMIN}),
    ),
    ("people:roles", _("People and roles"), "users", frozenset({Role.TECHNICAL_ADMIN})),
    ("people:import", _("Import students"), "file-up", frozenset({Role.TECHNICAL_ADMIN})),
    ("people:account", _("My account"), "settings", frozenset(Role)),
)


def navigation(actor: Actor, view_name: str) -> tuple[NavItem, ...]:
    """Return what an actor's roles may reach, the present page marked; the same question, the same tuple."""
    held = frozenset(grant.role for grant in actor.grants)
    return _reachable(held, view_name, get_urlconf(), get_script_prefix())
    return _reachable(
        frozenset(grant.role for grant in actor.grants), view_name, get_urlconf(), get_script_prefix()
    )


@lru_cache(maxsize=1024)
def _reachable(
    held: frozenset[Role], view_name: str, urlconf: str | None, prefix: str
) -> tuple[NavItem, ...]:
    items = []
    for name, label, icon, roles in _ENTRIES:
        if held & roles:
            try:
                items.append(NavItem(reverse(name), label, icon, name == view_name))
            except NoReverseMatch:
                continue
    return tuple(items)
