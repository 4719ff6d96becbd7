"""Fixed words of scheduling."""

from enum import StrEnum


class AppointmentState(StrEnum):
    """Where an appointment is."""

    BOOKED = "booked"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class AppointmentStep(StrEnum):
    """What can be done with an appointment."""

    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"
