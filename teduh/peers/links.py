"""From a peer's episode, or the counselling that grew out of it, to the conversation."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teduh.care.links import Link
from teduh.care.models import Episode
from teduh.care.states import LevelKey
from teduh.messaging.models import Participant
from teduh.peers.models import Offer
from teduh.people.access import Actor


def conversation_links(episode: Episode, actor: Actor) -> Sequence[Link]:
    """Return the way into the conversation for who takes part, and the way to join for the supervisor (one query)."""
    if episode.level == LevelKey.PSYCHOSOCIAL or actor.person_id is None:
        return ()
    if episode.level == LevelKey.COUNSELLING and episode.previous_id is None:
        return ()
    inside = Participant.objects.filter(
        room=OuterRef("room"), person_id=actor.person_id, left_at__isnull=True
    )
    row = (
        Offer.objects.filter(Q(episode=episode) | Q(episode=episode.previous_id), room__isnull=False)
        .annotate(inside=Exists(inside))
        .select_related("room", "supporter")
        .first()
    )
    if row is None or row.room is None:
        return ()
    if getattr(row, "inside", False):
        return (
            Link(
                _("Open the conversation"),
                reverse("messaging:room", args=[row.room.public_id]),
                "messages-square",
            ),
        )
    if row.supporter.supervisor_id == actor.person_id and row.room.closed_at is None:
        return (
            Link(
                _("Join the conversation"),
                reverse("peers:join_room", args=[row.public_id]),
                "messages-square",
                post=True,
            ),
        )
    return ()
