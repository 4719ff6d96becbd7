"""The clock of peer support."""

from datetime import datetime, timedelta

from teduh.kernel.tick import every
from teduh.peers.actions.offers import expire_overdue, offer_waiting


@every(timedelta(minutes=1), "peers.offers")
def look_after_offers(at: datetime) -> None:
    """Let unanswered offers run out and offer what waits; idempotent, each request in a transaction of
    its own."""
    expire_overdue(at=at)
    offer_waiting(at=at)
