"""Set goals and rate them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import policies
from teduh.care.models import Episode, Goal, GoalRating
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.people.access import Actor
from teduh.people.told import told

#: The longest goal, in characters.
GOAL_LIMIT = 300


@transaction.atomic
def set_goal(*, episode: Episode, text: str, by: Actor, at: datetime, client_id: uuid.UUID) -> Goal:
    """Write down what the person wants to reach; the person themself or the care team may.

    Raises Refused for an empty goal.
    """
    if by.person_id != episode.person_id:
        policies.insist(policies.may_write_in(by, episode))
    if not text.strip():
        raise Refused("goal_empty", _("Write what should become better."), field="text")
    if len(text) > GOAL_LIMIT:
        raise Refused("too_long", _("This is too long. Please shorten it."), field="text")
    goal, made = Goal.objects.get_or_create(
        client_id=client_id,
        defaults={
            "episode": episode,
            "sealing_key_id": episode.sealing_key_id,
            "text": text,
            "set_by_id": by.own_id,
            "set_at": at,
        },
    )
    if goal.episode_id != episode.pk or (not made and goal.text.open() != text):
        raise other_words()
    if made:
        audit.record(told(by, "care.goal.set", goal, subject=episode.person), at=at)
    return goal


@transaction.atomic
def rate_goal(*, goal: Goal, value: int, by: Actor, at: datetime, client_id: uuid.UUID) -> GoalRating:
    """Rate how near a goal feels, 0 to 10; the person themself or the care team may.

    Raises Refused for a value outside 0 to 10.
    """
    episode = goal.episode
    if by.person_id != episode.person_id:
        policies.insist(policies.may_write_in(by, episode))
    if by.person_id is None:
        raise NotVisible
    if not 0 <= value <= 10:
        raise Refused("rating_range", _("Choose a number from 0 to 10."), field="value")
    rating, made = GoalRating.objects.get_or_create(
        client_id=client_id,
        defaults={"goal": goal, "value": value, "rated_by_id": by.person_id, "rated_at": at},
    )
    if rating.goal_id != goal.pk or rating.value != value:
        raise other_words()
    if made:
        audit.record(told(by, "care.goal.rate", goal, subject=episode.person), at=at)
    return rating
