"""What messaging announces to higher rooms, and what they may add to a conversation's page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from teduh.kernel.hooks import Hook
from teduh.messaging.models import Message, Participant, Room
from teduh.risk import Finding

#: A message of danger was stored: (message, room, finding, at), inside the transaction that stores it.
danger_found: Hook[[Message, Room, Finding, datetime]] = Hook("messaging.danger_found")


@dataclass(frozen=True, kw_only=True)
class RoomAction:
    """A button beside the conversation: `style` is a kind of `post_button` or `btn--…`, `fields` go along
    hidden.
    """

    label: str | Promise
    url: str
    method: str = "post"
    style: str = "soft"
    icon: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


RoomActionProvider = Callable[[Room, Participant], list[RoomAction]]
_providers: list[RoomActionProvider] = []


def room_actions(provider: RoomActionProvider) -> RoomActionProvider:
    """Register a higher room's buttons for a participant of a conversation; usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def actions_for(room: Room, participant: Participant) -> list[RoomAction]:
    """Return every button that higher rooms offer this participant in this room."""
    return [action for provider in _providers for action in provider(room, participant)]
