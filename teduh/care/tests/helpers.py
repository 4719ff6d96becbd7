"""Short ways to the states that tests of the spine begin with."""

import re
import uuid
from datetime import datetime
from typing import Any

from teduh.care.actions import episodes, referrals, requests
from teduh.care.models import Episode, HelpRequest, Referral
from teduh.care.states import Door, LevelKey, TeamPart, Topic, Urgency, Wish
from teduh.kernel import clock
from teduh.people.access import system_actor


def ask(
    cast: Any,
    who: str = "ayu",
    *,
    wish: Wish = Wish.COUNSELLOR,
    text: str = "Aku sering bertengkar dengan teman.",
    at: datetime | None = None,
    **changes: Any,
) -> HelpRequest:
    """Send a request at a student's own door."""
    fields: dict[str, Any] = {
        "door": Door.SELF,
        "topic": Topic.FRIENDS,
        "answers": {},
        "client_id": uuid.uuid4(),
    }
    return requests.send_request(
        by=cast.actor(who), at=at or clock.now(), wish=wish, text=text, **(fields | changes)
    )


def episode(
    cast: Any, lead: str = "citra", level: LevelKey = LevelKey.COUNSELLING, supervisor: str | None = None
) -> Episode:
    """Open an episode for Ayu."""
    opened = episodes.open_episode(
        organisation=cast.persons[lead].organisation,
        person=cast.ayu,
        level=level,
        lead=cast.persons[lead],
        topic=Topic.FRIENDS,
        by=system_actor(),
        at=clock.now(),
    )
    if supervisor:
        episodes.join_team(
            episode=opened,
            member=cast.persons[supervisor],
            part=TeamPart.SUPERVISOR,
            purpose="supervision",
            by=system_actor(),
            at=clock.now(),
        )
    return opened


def referral(cast: Any, of: Episode, *, by: str = "citra", urgency: Urgency = Urgency.TODAY) -> Referral:
    """Ask for a referral of Ayu to Dewi's service."""
    return referrals.make_referral(
        episode=of,
        to_level=LevelKey.PSYCHOSOCIAL,
        to_organisation=cast.provider,
        urgency=urgency,
        reason="Butuh pendampingan lebih dalam.",
        summary="Kehilangan ayah tiga bulan lalu.",
        by=cast.actor(by),
        at=clock.now(),
        client_id=uuid.uuid4(),
    )


def plain(content: bytes) -> bytes:
    """Return a page without what differs on every request whatever is asked: the token against forged forms."""
    return re.sub(rb'(csrfmiddlewaretoken" value=|data-csrf=)"[^"]*"', rb'\1""', content)
