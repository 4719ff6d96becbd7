"""Short ways to the states that tests of case work begin with."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from teduh.care.actions import episodes
from teduh.care.models import Episode
from teduh.care.states import LevelKey, Topic
from teduh.kernel import clock
from teduh.people.access import system_actor
from teduh.psychosocial import actions
from teduh.psychosocial.clocks import local_day
from teduh.psychosocial.models import Assessment, CasePlan


def a_case(cast: Any, *, person: str = "ayu", at: datetime | None = None) -> Episode:
    """Open a psychosocial episode with Dewi as lead."""
    return episodes.open_episode(
        organisation=cast.provider,
        person=cast.persons[person],
        level=LevelKey.PSYCHOSOCIAL,
        lead=cast.dewi,
        topic=Topic.LOSS,
        by=system_actor(),
        at=at or clock.now(),
    )


def assessed(cast: Any, episode: Episode, **changes: Any) -> Assessment:
    """Let Dewi assess a case."""
    fields: dict[str, Any] = {
        "risk": "medium",
        "vulnerabilities": ["bereaved"],
        "situation": "Ayah meninggal tiga bulan lalu.",
        "strengths": "Dekat dengan bibi.",
        "needs": "Pendampingan saat kembali ke sekolah.",
        "at": clock.now(),
        "client_id": uuid.uuid4(),
    }
    fields |= changes
    return actions.assess(episode=episode, by=cast.actor("dewi"), **fields)


def planned(cast: Any, episode: Episode, **changes: Any) -> CasePlan:
    """Let Dewi make a plan with two steps: one of hers, one of the person."""
    at: datetime = changes.get("at") or clock.now()
    today = local_day(at)
    fields: dict[str, Any] = {
        "aim": "Kembali sekolah setiap hari.",
        "agreed_with_person": True,
        "follow_up_on": today + timedelta(days=7),
        "steps": [
            ("Kunjungan rumah", cast.dewi, today + timedelta(days=3)),
            ("Menulis buku harian", None, today + timedelta(days=5)),
        ],
        "at": at,
        "client_id": uuid.uuid4(),
    }
    fields |= changes
    return actions.make_plan(episode=episode, by=cast.actor("dewi"), **fields)
