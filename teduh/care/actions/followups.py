"""Plan a day on which somebody looks again, and say what was found."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import policies
from teduh.care.actions.once import insist_same
from teduh.care.models import Episode, FollowUp
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, Stale, other_words
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told


@transaction.atomic
def plan_follow_up(
    *,
    episode: Episode,
    due_on: date,
    owner: Person,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    is_aftercare: bool = False,
) -> FollowUp:
    """Plan a follow-up with an owner; the same `client_id` plans one."""
    if not is_aftercare:
        policies.insist(policies.may_write_in(by, episode))
    row, made = FollowUp.objects.get_or_create(
        client_id=client_id,
        defaults={
            "episode": episode,
            "sealing_key": episode.person.data_key,
            "due_on": due_on,
            "owner": owner,
            "is_aftercare": is_aftercare,
        },
    )
    if row.episode_id != episode.pk:
        raise other_words()
    if made:
        audit.record(told(by, "care.follow_up.plan", row, subject=episode.person), at=at)
    return row


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, result: str, by: Actor, at: datetime) -> None:
    """Say what was found; only its owner or the care team may, and finishing twice is once.

    Raises Refused without a word about the result.
    """
    may = policies.may_view_episode(by, follow_up.episode)
    owns = follow_up.owner_id == by.person_id and not policies.excluded(by, follow_up.episode.person_id)
    if not may and not owns:
        raise NotVisible
    if follow_up.done_at is not None:
        insist_same(follow_up.result.open() == result)
        return
    if not result.strip():
        raise Refused("result_empty", _("Write in a few words how the person is."), field="result")
    if FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=True).update(done_at=at) != 1:
        raise Stale
    follow_up.done_at = at
    follow_up.result = result
    follow_up.save(update_fields=["result"])
    audit.record(told(by, "care.follow_up.finish", follow_up, subject=follow_up.episode.person), at=at)
