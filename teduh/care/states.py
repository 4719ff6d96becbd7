"""Fixed words of the spine and its transition tables. No Django here."""

from enum import StrEnum

from teduh.kernel.machine_types import Rule


class LevelKey(StrEnum):
    """The three levels of care."""

    PEER = "peer"
    COUNSELLING = "counselling"
    PSYCHOSOCIAL = "psychosocial"


#: From the nearest to the deepest; "up" and "down" mean along this order.
LEVEL_ORDER = (LevelKey.PEER, LevelKey.COUNSELLING, LevelKey.PSYCHOSOCIAL)


class Door(StrEnum):
    """Through whom a request came."""

    SELF = "self"
    FRIEND = "friend"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    STAFF = "staff"


class Topic(StrEnum):
    """What a request is about, in a student's words; several levels match on it."""

    FRIENDS = "friends"
    BULLYING = "bullying"
    FAMILY = "family"
    STUDY = "study"
    FEELINGS = "feelings"
    LOVE = "love"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    LOSS = "loss"
    CAREER = "career"
    OTHER = "other"


class Wish(StrEnum):
    """Whom the person would like to talk to."""

    PEER = "peer"
    COUNSELLOR = "counsellor"
    DEEPER = "deeper"
    UNSURE = "unsure"


class Urgency(StrEnum):
    """How soon a human must answer; the hours are dated data."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"


class RequestState(StrEnum):
    """Where a request is."""

    RECEIVED = "received"
    ROUTED = "routed"
    TAKEN = "taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RequestStep(StrEnum):
    """What can be done with a request."""

    ROUTE = "route"
    TAKE = "take"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


REQUEST_RULES: dict[tuple[RequestState, RequestStep], Rule[RequestState]] = {
    (RequestState.RECEIVED, RequestStep.ROUTE): Rule(RequestState.ROUTED, frozenset({"intake", "self"})),
    (RequestState.ROUTED, RequestStep.ROUTE): Rule(RequestState.ROUTED, frozenset({"intake"})),
    (RequestState.RECEIVED, RequestStep.TAKE): Rule(RequestState.TAKEN, frozenset({"intake"})),
    (RequestState.ROUTED, RequestStep.TAKE): Rule(RequestState.TAKEN, frozenset({"intake", "level"})),
    (RequestState.RECEIVED, RequestStep.ANSWER): Rule(RequestState.ANSWERED, frozenset({"intake"})),
    (RequestState.ROUTED, RequestStep.ANSWER): Rule(RequestState.ANSWERED, frozenset({"intake"})),
    (RequestState.RECEIVED, RequestStep.WITHDRAW): Rule(RequestState.WITHDRAWN, frozenset({"self"})),
    (RequestState.ROUTED, RequestStep.WITHDRAW): Rule(RequestState.WITHDRAWN, frozenset({"self"})),
}


class EpisodeState(StrEnum):
    """Where an episode is."""

    ACTIVE = "active"
    CLOSED = "closed"


class EpisodeStep(StrEnum):
    """What can be done with an episode."""

    CLOSE = "close"


EPISODE_RULES: dict[tuple[EpisodeState, EpisodeStep], Rule[EpisodeState]] = {
    (EpisodeState.ACTIVE, EpisodeStep.CLOSE): Rule(EpisodeState.CLOSED, frozenset({"lead"})),
}


class TeamPart(StrEnum):
    """What a member of a care team does."""

    LEAD = "lead"
    MEMBER = "member"
    SUPERVISOR = "supervisor"


class Direction(StrEnum):
    """Where a referral goes along the three levels."""

    UP = "up"
    DOWN = "down"
    SIDEWAYS = "sideways"


class ReferralState(StrEnum):
    """Where a referral is."""

    AWAITING_CONSENT = "awaiting_consent"
    CONSENT_REFUSED = "consent_refused"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ReferralStep(StrEnum):
    """What can be done with a referral."""

    CONSENT = "consent"
    REFUSE = "refuse"
    OVERRIDE = "override"
    ACCEPT = "accept"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    RETURN = "return"
    WITHDRAW = "withdraw"


REFERRAL_RULES: dict[tuple[ReferralState, ReferralStep], Rule[ReferralState]] = {
    (ReferralState.AWAITING_CONSENT, ReferralStep.CONSENT): Rule(ReferralState.SENT, frozenset({"person"})),
    (ReferralState.AWAITING_CONSENT, ReferralStep.REFUSE): Rule(
        ReferralState.CONSENT_REFUSED, frozenset({"person"})
    ),
    (ReferralState.AWAITING_CONSENT, ReferralStep.OVERRIDE): Rule(ReferralState.SENT, frozenset({"sender"})),
    (ReferralState.CONSENT_REFUSED, ReferralStep.OVERRIDE): Rule(ReferralState.SENT, frozenset({"sender"})),
    (ReferralState.AWAITING_CONSENT, ReferralStep.WITHDRAW): Rule(
        ReferralState.WITHDRAWN, frozenset({"sender"})
    ),
    (ReferralState.SENT, ReferralStep.ACCEPT): Rule(ReferralState.ACCEPTED, frozenset({"receiver"})),
    (ReferralState.SENT, ReferralStep.DECLINE): Rule(ReferralState.DECLINED, frozenset({"receiver"})),
    (ReferralState.SENT, ReferralStep.WITHDRAW): Rule(
        ReferralState.WITHDRAWN, frozenset({"sender", "person"})
    ),
    (ReferralState.ACCEPTED, ReferralStep.HAND_OVER): Rule(ReferralState.HANDED_OVER, frozenset({"sender"})),
    (ReferralState.ACCEPTED, ReferralStep.RETURN): Rule(ReferralState.RETURNED, frozenset({"receiver"})),
    (ReferralState.HANDED_OVER, ReferralStep.RETURN): Rule(ReferralState.RETURNED, frozenset({"receiver"})),
}


class AlertSource(StrEnum):
    """What raised an alert."""

    MESSAGE = "message"
    REQUEST = "request"
    MEASURE = "measure"
    CALL = "call"
    CLOCK = "clock"


class Severity(StrEnum):
    """How serious an alert is."""

    URGENT = "urgent"
    CONCERN = "concern"


class AlertState(StrEnum):
    """Where an alert is."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class AlertStep(StrEnum):
    """What can be done with an alert."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


ALERT_RULES: dict[tuple[AlertState, AlertStep], Rule[AlertState]] = {
    (AlertState.RAISED, AlertStep.ACKNOWLEDGE): Rule(AlertState.ACKNOWLEDGED, frozenset({"assigned"})),
    (AlertState.ACKNOWLEDGED, AlertStep.RESOLVE): Rule(AlertState.RESOLVED, frozenset({"assigned"})),
}
