"""The tour of the demo school: one click signs in as a role. It exists in demo mode only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The password of the tour's accounts, printed at the start of the demo; such accounts stop a production start.
DEMO_PASSWORD = "teduh-contoh"  # noqa: S105


@dataclass(frozen=True)
class TourRole:
    """One stop of the tour."""

    key: str
    label: str | Promise
    description: str | Promise
    icon: str


TOUR = (
    TourRole("ayu", _("Ayu, student"), _("Asks for help and sees who is with her."), "user-round"),
    TourRole("bima", _("Bima, peer supporter"), _("Listens, and calls his supervisor when needed."), "ear"),
    TourRole(
        "citra",
        _("Citra, school counsellor"),
        _("Her day, the queue, alerts and sessions."),
        "message-circle-heart",
    ),
    TourRole(
        "dewi", _("Dewi, psychosocial worker"), _("Referrals, case plans and follow-ups."), "hand-heart"
    ),
    TourRole("gita", _("Gita, guardian"), _("Consents and appointments, never content."), "house"),
    TourRole("joko", _("Joko, homeroom teacher"), _("Refers a student and sees “handled”."), "school"),
    TourRole("eko", _("Eko, principal"), _("Figures only, small numbers hidden."), "chart-column"),
    TourRole("indra", _("Indra, technical administrator"), _("Accounts and import, no content."), "settings"),
)
