"""A conversation of the cast: Ayu tells under a nickname, Bima listens."""

import uuid
from typing import Any

import pytest

from teduh.kernel import clock
from teduh.messaging.actions import open_room
from teduh.messaging.models import Room
from teduh.messaging.states import Part, RoomKind


@pytest.fixture
def room(cast: Any) -> Room:
    return open_room(
        organisation=cast.school,
        kind=RoomKind.PEER,
        subject=cast.ayu,
        matter=uuid.uuid4(),
        participants=[(cast.ayu, Part.SEEKER, "Kelinci"), (cast.bima, Part.HELPER, "Kak B")],
        by=cast.actor("citra"),
        at=clock.now(),
    )
