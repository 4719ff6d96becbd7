"""Fixed words of scheduling and the transition table of appointments. No Django here."""

from enum import StrEnum

from teduh.kernel.machine_types import Rule


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


class Party(StrEnum):
    """What somebody is in an appointment."""

    HOST = "host"
    GUEST = "guest"


class ReminderKind(StrEnum):
    """How long before an appointment a reminder is due."""

    DAY = "day"
    HOUR = "hour"


APPOINTMENT_RULES: dict[tuple[AppointmentState, AppointmentStep], Rule[AppointmentState]] = {
    (AppointmentState.BOOKED, AppointmentStep.HOLD): Rule(AppointmentState.HELD, frozenset({Party.HOST})),
    (AppointmentState.BOOKED, AppointmentStep.MISS): Rule(AppointmentState.MISSED, frozenset({Party.HOST})),
    (AppointmentState.BOOKED, AppointmentStep.CANCEL): Rule(
        AppointmentState.CANCELLED, frozenset({Party.HOST, Party.GUEST})
    ),
}
