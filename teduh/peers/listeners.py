"""What peer support does when the spine announces something; each listener runs in the announcer's
transaction."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from teduh.care.states import LevelKey
from teduh.peers.actions import conversations, offers, parting, supporters
from teduh.people.access import Actor, system_actor

if TYPE_CHECKING:
    from teduh.care.models import Alert, Episode, HelpRequest
    from teduh.people.models import Exclusion, RoleGrant

logger = logging.getLogger("teduh.peers")


def on_request_routed(request: "HelpRequest", at: datetime) -> None:
    """Offer the conversation where the request came to peers.

    A fault in the matching must never undo the request itself: it is logged, and the clock offers again.
    """
    if request.decided_level != LevelKey.PEER:
        return
    try:
        with transaction.atomic():
            offers.offer_next(help_request=request, by=system_actor(), at=at)
    except Exception:
        logger.exception("offering failed")


def on_request_settled(request: "HelpRequest", at: datetime) -> None:
    """Take back what waits: somebody else answered, or the sender took the request back."""
    offers.withdraw_open(help_request=request, by=system_actor(), at=at)


def on_episode_closed(episode: "Episode", at: datetime) -> None:
    """Close the conversation with its episode."""
    if episode.level == LevelKey.PEER:
        conversations.end_with(episode=episode, at=at)


def on_episode_taken_over(episode: "Episode", opened: "Episode", at: datetime) -> None:
    """Bring the counsellor who leads from now on into the conversation."""
    if episode.level == LevelKey.PEER:
        conversations.go_on_with(episode=episode, taker=opened.lead, at=at)


def on_alert_raised(alert: "Alert", at: datetime) -> None:
    """Give the supporter rest; the alert stands whatever happens here."""
    try:
        with transaction.atomic():
            supporters.rest_after(alert=alert, at=at)
    except Exception:
        logger.exception("rest failed")


def on_role_ended(grant: "RoleGrant", by: Actor, at: datetime) -> None:
    """Let who loses the role out of the conversations."""
    parting.part_with_role(grant=grant, by=by, at=at)


def on_person_shut_out(row: "Exclusion", by: Actor, at: datetime) -> None:
    """Let who is shut out from a seeker out of the conversations with them."""
    parting.part_from_person(person=row.person, member=row.excluded, by=by, at=at)
