"""From a counselling episode to the conversation with the student."""

import uuid
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teduh.care.links import Link
from teduh.care.models import Episode
from teduh.care.states import EpisodeState, LevelKey
from teduh.counselling.level import COUNSELLORS
from teduh.messaging.queries import own_open_rooms
from teduh.messaging.states import RoomKind
from teduh.people.access import Actor


def conversation_links(episode: Episode, actor: Actor) -> Sequence[Link]:
    """Return the lead's way into the conversation, or the button that opens one (no query on the episode's page).

    The page of an episode brings its room along; elsewhere it takes one query.
    """
    here = episode.level == LevelKey.COUNSELLING and episode.state == EpisodeState.ACTIVE
    if not here or episode.lead_id != actor.person_id or not actor.has(*COUNSELLORS):
        return ()
    room: uuid.UUID | None
    if hasattr(episode, "own_room"):
        room = episode.own_room
    else:
        rows = own_open_rooms(actor, kind=RoomKind.CARE).filter(room__matter=episode.public_id)
        room = rows.values_list("room__public_id", flat=True).first()
    if room is not None:
        return (Link(_("Open the conversation"), reverse("messaging:room", args=[room]), "messages-square"),)
    address = reverse("counselling:converse", args=[episode.public_id])
    return (Link(_("Write to the student"), address, "message-circle", post=True),)
