"""Look again: say what was found, and choose the next day at once, so that no case is left without one."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.followups import finish_follow_up, plan_follow_up
from teduh.care.models import FollowUp
from teduh.care.states import EpisodeState
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.psychosocial.actions.plans import check_follow_up_day
from teduh.psychosocial.policies import insist_on_case


@transaction.atomic
def look_again(
    *, follow_up: FollowUp, result: str, next_on: date | None, by: Actor, at: datetime, client_id: uuid.UUID
) -> FollowUp | None:
    """Finish a follow-up and plan the next one; an active case always has a next one. Twice is once.

    Raises Refused where the result or the next day is missing or too late; NotVisible outside the care team.
    """
    episode = follow_up.episode
    active = episode.state == EpisodeState.ACTIVE
    writer = insist_on_case(by, episode) if active else None
    known = FollowUp.objects.filter(client_id=client_id).first()
    if known is not None:
        if known.episode_id != episode.pk:
            raise NotVisible
        return known
    if follow_up.done_at is not None:
        return None
    if writer is None or next_on is None:
        if writer is not None:
            raise Refused("next_missing", _("Choose when somebody looks again."), field="next_on")
        finish_follow_up(follow_up=follow_up, result=result, by=by, at=at)
        return None
    try:
        check_follow_up_day(episode, next_on, at)
    except Refused as refused:
        raise Refused(refused.code, refused.message, field="next_on") from None
    finish_follow_up(follow_up=follow_up, result=result, by=by, at=at)
    return plan_follow_up(
        episode=episode,
        due_on=next_on,
        owner=Person.objects.get(pk=writer),
        by=by,
        at=at,
        client_id=client_id,
    )
