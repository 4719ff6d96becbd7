"""A supervisor takes over from a peer: an adult leads from now on, and the conversation goes on."""

from datetime import datetime

from django.db import transaction

from teduh.care import hooks, policies
from teduh.care.actions.episodes import open_episode
from teduh.care.levels import receiving_roles
from teduh.care.models import Episode
from teduh.care.states import LevelKey
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told


@transaction.atomic
def take_over(*, episode: Episode, by: Actor, at: datetime) -> Episode:
    """Open a counselling episode that grows out of a peer's; the peer's stays until it is closed with a word.

    Taking over twice is once. Raises NotVisible for anybody but a counsellor on the peer episode's team.
    """
    policies.insist(policies.may_lead(by, episode))
    if episode.level != LevelKey.PEER or not by.has(
        *receiving_roles(LevelKey.COUNSELLING), organisation_id=episode.organisation_id
    ):
        raise NotVisible
    existing = Episode.objects.active().filter(previous=episode, level=LevelKey.COUNSELLING).first()
    if existing is not None:
        policies.insist(policies.may_view_episode(by, existing))
        return existing
    opened = open_episode(
        organisation=episode.organisation,
        person=episode.person,
        level=LevelKey.COUNSELLING,
        lead=Person.objects.get(pk=by.own_id),
        topic=episode.topic,
        by=by,
        at=at,
        help_request=episode.help_request,
        previous=episode,
    )
    audit.record(told(by, "care.episode.take_over", episode, subject=episode.person), at=at)
    hooks.episode_taken_over.announce(episode, opened, at)
    return opened
