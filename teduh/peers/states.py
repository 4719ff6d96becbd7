"""Fixed words of peer support, and the table of what can happen to an offer. No Django here."""

from enum import StrEnum

from teduh.kernel.machine_types import Rule


class OfferState(StrEnum):
    """Where the offer of a conversation to a supporter is."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferStep(StrEnum):
    """What can be done with an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"


OFFER_RULES: dict[tuple[OfferState, OfferStep], Rule[OfferState]] = {
    (OfferState.OFFERED, OfferStep.ACCEPT): Rule(OfferState.ACCEPTED, frozenset({"supporter"})),
    (OfferState.OFFERED, OfferStep.DECLINE): Rule(OfferState.DECLINED, frozenset({"supporter"})),
    (OfferState.OFFERED, OfferStep.EXPIRE): Rule(OfferState.EXPIRED, frozenset({"clock"})),
    (OfferState.OFFERED, OfferStep.WITHDRAW): Rule(OfferState.WITHDRAWN, frozenset({"supervisor", "clock"})),
}

#: Offers in these states were answered by somebody who must not be asked again about the same request.
ASKED = (OfferState.DECLINED, OfferState.EXPIRED)
