"""Fixed words of messaging."""

from enum import StrEnum


class RoomKind(StrEnum):
    """What a room is for; decides how participants appear to each other."""

    PEER = "peer"
    CARE = "care"


class Part(StrEnum):
    """What a participant does in a room."""

    SEEKER = "seeker"
    HELPER = "helper"
    SUPERVISOR = "supervisor"
