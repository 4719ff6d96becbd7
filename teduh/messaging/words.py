"""Words of messaging that people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.messaging.states import Part, RoomKind

PART_NAMES: dict[Part, str | Promise] = {
    Part.SEEKER: pgettext_lazy("part in a conversation", "Tells"),
    Part.HELPER: pgettext_lazy("part in a conversation", "Listens"),
    Part.SUPERVISOR: pgettext_lazy("part in a conversation", "Supervisor"),
}

#: What stays secret here and what does not, for the seeker and for those who listen.
SCOPE: dict[tuple[RoomKind, bool], str | Promise] = {
    (RoomKind.PEER, True): _(
        "Only the people named here can read this. If someone is in danger, the supervisor joins to help."
    ),
    (RoomKind.PEER, False): _(
        "Listen, do not solve. Tell nobody what is said here."
        " In danger, call the supervisor: that is no betrayal."
    ),
    (RoomKind.CARE, True): _(
        "Only the people named here can read this. If someone is in danger, others who can help are told."
    ),
    (RoomKind.CARE, False): _(
        "Only the people named here can read this. In danger, act: raise an alert and stay in touch."
    ),
}

#: Who can come in besides those who are there, in words that are true for the kind of room.
NOTES: dict[RoomKind, str | Promise] = {
    RoomKind.PEER: _(
        "The supervisor may join to help. Whoever joins is shown here at once. Nobody else can open this."
    ),
    RoomKind.CARE: _("Nobody else can open this. If another counsellor takes over, you see it here at once."),
}


def scope_of(kind: RoomKind, part: Part) -> str | Promise:
    """Return the line that tells what stays secret in a room, as this participant must know it."""
    return SCOPE[kind, part == Part.SEEKER]
