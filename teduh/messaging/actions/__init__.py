"""Every write of messaging."""

from teduh.messaging.actions.posting import TEXT_LIMIT, Draft, Outcome, Posted, post_message, post_messages
from teduh.messaging.actions.rooms import (
    ReadMark,
    close_room,
    join_room,
    leave_room,
    mark_read,
    mark_reads,
    open_room,
)

__all__ = [
    "TEXT_LIMIT",
    "Draft",
    "Outcome",
    "Posted",
    "ReadMark",
    "close_room",
    "join_room",
    "leave_room",
    "mark_read",
    "mark_reads",
    "open_room",
    "post_message",
    "post_messages",
]
