"""The clocks of the spine: what waits too long comes before a human."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from teduh.care.actions.alerts import climb_overdue, raise_alert
from teduh.care.duty import on_duty
from teduh.care.levels import all_levels
from teduh.care.listeners import who_watches
from teduh.care.models import Alert, Episode, HelpRequest, Referral
from teduh.care.states import AlertSource, EpisodeState, ReferralState, Severity
from teduh.kernel.tick import every
from teduh.people.access import system_actor
from teduh.people.models import Organisation, Person

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
        if keeper is not None:
            _raise(request.organisation, request.person, "request_overdue", request, keeper, at)


@every(timedelta(minutes=5), "care.referrals_overdue")
def referrals_overdue(at: datetime) -> None:
    """Raise an alert to the sender, once, for each referral that was not answered by its due date."""
    for referral in (
        Referral.objects.filter(state=ReferralState.SENT, due_at__lte=at)
        .exclude(public_id__in=_told_about("referral_overdue"))
        .select_related("organisation", "person__data_key", "made_by", "from_episode")[:BATCH]
    ):
        _raise(
            referral.organisation,
            referral.person,
            "referral_overdue",
            referral,
            referral.made_by,
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
            .exclude(public_id__in=Alert.objects.filter(category="episode_quiet", raised_at__gt=border).values("matter"))
            .select_related("organisation", "person__data_key", "lead")[:BATCH]
        )
        for episode in quiet:
            watcher = who_watches(episode, episode.organisation, episode.person)
            if watcher is not None:
                _raise(
                    episode.organisation, episode.person, "episode_quiet", episode, watcher, at, episode=episode
                )


def _told_about(category: str) -> "QuerySet[Alert, dict[str, Any]]":
    return Alert.objects.filter(category=category, matter__isnull=False).values("matter")


def _raise(
    organisation: Organisation,
    person: Person | None,
    category: str,
    row: HelpRequest | Referral | Episode,
    assigned_to: Person,
    at: datetime,
    episode: Episode | None = None,
) -> None:
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
