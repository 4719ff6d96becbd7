"""The clock and the background work of peer support."""

from datetime import datetime, timedelta

from django_tasks import task

from teduh.kernel import clock
from teduh.kernel.tick import every
from teduh.peers.actions.conversations import note_contacts
from teduh.peers.actions.offers import expire_overdue, offer_waiting


@every(timedelta(minutes=1), "peers.offers")
def look_after_offers(at: datetime) -> None:
    """Let unanswered offers run out and offer what waits; idempotent, each request in a transaction of
    its own."""
    expire_overdue(at=at)
    offer_waiting(at=at)


@every(timedelta(hours=1), "peers.contacts")
def look_after_contacts(at: datetime) -> None:
    """Let the spine know of the latest messages; idempotent."""
    note_contacts()


@task()
def offer_now(organisation_id: int) -> None:
    """Offer what waits in one organisation; running it twice changes nothing."""
    offer_waiting(at=clock.now(), organisation_id=organisation_id)


def offer_soon(organisation_id: int) -> None:
    """Let the worker offer what waits, once the present transaction is committed: a place has become free."""
    offer_now.enqueue(organisation_id)
