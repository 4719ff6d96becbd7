"""The buttons that peer support adds to a conversation: call the supervisor, and for the supervisor to
step out."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.messaging.hooks import RoomAction
from teduh.messaging.states import Part, RoomKind

if TYPE_CHECKING:
    from teduh.messaging.models import Participant, Room


def room_buttons(room: "Room", participant: "Participant") -> list[RoomAction]:
    """Return the buttons of a participant in an open conversation between peers; no query."""
    if room.kind != RoomKind.PEER or room.closed_at is not None:
        return []
    if participant.part == Part.HELPER:
        return [
            RoomAction(
                label=_("Call the supervisor"),
                url=reverse("peers:call", args=[room.public_id]),
                style="urgent",
                icon="siren",
                fields={"severity": "urgent"},
            ),
            RoomAction(
                label=pgettext_lazy("room button", "Ask"),
                url=reverse("peers:call", args=[room.public_id]),
                method="get",
                style="soft",
                icon="hand-helping",
            ),
            RoomAction(
                label=pgettext_lazy("room button", "Finish"),
                url=reverse("peers:finish", args=[room.public_id]),
                method="get",
                style="quiet",
                icon="circle-check",
            ),
        ]
    if participant.part == Part.SUPERVISOR:
        return [
            RoomAction(
                label=_("Step out"),
                url=reverse("peers:step_out", args=[room.public_id]),
                style="quiet",
                icon="log-out",
            )
        ]
    return []
