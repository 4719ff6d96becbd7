"""Background work of messaging: dangers that nobody could hear, and old wake-ups."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from teduh.kernel import audit
from teduh.kernel.models import Wake
from teduh.kernel.sealing.box import SealBroken
from teduh.kernel.tick import every
from teduh.messaging.hooks import danger_found
from teduh.messaging.models import Unheard
from teduh.people.access import system_actor
from teduh.people.told import told
from teduh.risk import scan

logger = logging.getLogger("teduh.messaging")

#: Wake-ups that are kept; streams read them within a tenth of a second.
WAKES_KEPT = 5000


@every(timedelta(seconds=30), "messaging.announce_unheard")
def announce_unheard(at: datetime) -> None:
    """Announce again each danger whose announcement failed, until it is heard; a message is never lost to an
    alert.
    """
    for pk in Unheard.objects.order_by("pk").values_list("pk", flat=True):
        try:
            _announce(pk, at)
        except Exception:
            logger.exception("danger is still not heard")


@transaction.atomic
def _announce(pk: int, at: datetime) -> None:
    waiting = Unheard.objects.select_for_update(of=("self",)).filter(pk=pk)
    row = waiting.select_related("message__room__organisation", "message__room__subject").first()
    if row is None:
        return
    message, room = row.message, row.message.room
    try:
        finding = scan(message.text.open())
    except SealBroken:
        finding = None  # Erased since: there is nothing left that could be announced.
    if finding is not None:
        danger_found.announce(message, room, finding, at)
    row.delete()
    audit.record(
        told(
            system_actor(), "messaging.danger.heard", message, subject=room.subject, scope=room.organisation
        ),
        at=at,
    )


@every(timedelta(minutes=2), "messaging.trim_wakes")
def trim_wakes(at: datetime) -> None:
    """Delete wake-ups that every stream has long read; one that slept longer looks at everything."""
    newest = Wake.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        Wake.objects.filter(pk__lte=newest - WAKES_KEPT).delete()
