"""The clocks of the spine: what waits too long comes before a human."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from teduh.care.actions.alerts import climb_overdue, raise_alert
from teduh.care.duty import may_be_told, on_duty, who_watches
from teduh.care.levels import all_levels
from teduh.care.models import Alert, Episode, FollowUp, HelpRequest, Referral
from teduh.care.states import AlertSource, ReferralState, Severity
from teduh.kernel.tick import every
from teduh.people.access import system_actor
from teduh.people.models import Organisation, Person

logger = logging.getLogger("teduh.care")

#: At most so many of each kind a pass, so that one pass stays short.
BATCH = 200


@every(timedelta(minutes=1), "care.alerts_climb")
def alerts_climb(at: datetime) -> None:
    """Give overdue alerts to the next person."""
    climb_overdue(at=at)


@every(timedelta(minutes=1), "care.requests_overdue")
def requests_overdue(at: datetime) -> None:
    """Raise an alert, once, for each request that nobody answered in time."""
    for request in (
        HelpRequest.objects.waiting()
        .filter(due_at__lte=at)
        .exclude(public_id__in=_told_about("request_overdue"))
        .select_related("organisation", "person__data_key")[:BATCH]
    ):
        keeper = on_duty(request.organisation, request.person)
        _raise(request.organisation, request.person, "request_overdue", request, keeper, at)


@every(timedelta(minutes=5), "care.referrals_overdue")
def referrals_overdue(at: datetime) -> None:
    """Raise an alert to the sender, once, for each referral that was not answered by its due date."""
    for referral in (
        Referral.objects.filter(state=ReferralState.SENT, due_at__lte=at)
        .exclude(public_id__in=_told_about("referral_overdue"))
        .select_related("organisation", "person__data_key", "from_episode__lead")[:BATCH]
    ):
        keeper = who_watches(referral.from_episode, referral.organisation, referral.person)
        _raise(
            referral.organisation,
            referral.person,
            "referral_overdue",
            referral,
            keeper,
            at,
            episode=referral.from_episode,
        )


@every(timedelta(hours=1), "care.episodes_quiet")
def episodes_quiet(at: datetime) -> None:
    """Raise an alert for each active episode without a contact for as many days as its level allows."""
    for level in all_levels():
        border = at - timedelta(days=level.quiet_days)
        quiet = (
            Episode.objects.active()
            .filter(level=level.key)
            .annotate(last=Coalesce(F("last_contact_at"), F("opened_at")))
            .filter(last__lte=border)
            .exclude(
                public_id__in=Alert.objects.filter(category="episode_quiet", raised_at__gt=border).values(
                    "matter"
                )
            )
            .select_related("organisation", "person__data_key", "lead")[:BATCH]
        )
        for episode in quiet:
            watcher = who_watches(episode, episode.organisation, episode.person)
            _raise(
                episode.organisation, episode.person, "episode_quiet", episode, watcher, at, episode=episode
            )


@every(timedelta(hours=1), "care.follow_ups_overdue")
def follow_ups_overdue(at: datetime) -> None:
    """Raise an alert, once, for each day of looking again that passed: the end of care is where people are dropped."""
    for follow_up in (
        FollowUp.objects.filter(done_at__isnull=True, due_on__lt=timezone.localtime(at).date())
        .exclude(public_id__in=_told_about("follow_up_overdue"))
        .select_related("owner", "episode__organisation", "episode__person__data_key", "episode__lead")[
            :BATCH
        ]
    ):
        episode = follow_up.episode
        keeper: Person | None = follow_up.owner
        if not may_be_told(follow_up.owner, episode.person):
            keeper = who_watches(episode, episode.organisation, episode.person)
        _raise(
            episode.organisation, episode.person, "follow_up_overdue", follow_up, keeper, at, episode=episode
        )


def _told_about(category: str) -> "QuerySet[Alert, UUID | None]":
    return Alert.objects.filter(category=category, matter__isnull=False).values_list("matter", flat=True)


def _raise(
    organisation: Organisation,
    person: Person | None,
    category: str,
    row: HelpRequest | Referral | Episode | FollowUp,
    assigned_to: Person | None,
    at: datetime,
    episode: Episode | None = None,
) -> None:
    """One row that cannot be told about, such as one whose keys were erased, must not stop the clock of the others."""
    if assigned_to is None:
        logger.error("nobody can be told", extra={"category": category, "organisation": organisation.pk})
        return
    try:
        raise_alert(
            organisation=organisation,
            person=person,
            source=AlertSource.CLOCK,
            severity=Severity.CONCERN,
            category=category,
            evidence="",
            assigned_to=assigned_to,
            by=system_actor(),
            at=at,
            episode=episode,
            help_request=row if isinstance(row, HelpRequest) else None,
            matter=row.public_id,
        )
    except Exception:
        logger.exception("an overdue thing could not be told", extra={"category": category})
