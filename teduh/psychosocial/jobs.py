"""The clock of case work: what is overdue is put before a human, once."""

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext

from teduh.care.actions.alerts import raise_alert
from teduh.care.models import Alert, Contact, Episode, FollowUp
from teduh.care.states import AlertSource, EpisodeState, LevelKey, Severity
from teduh.kernel.tick import every
from teduh.people.access import system_actor
from teduh.people.models import Person
from teduh.psychosocial.clocks import first_response_due, local_day
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import RiskLevel, StepState

logger = logging.getLogger("teduh.psychosocial")

#: How many of a kind one pass handles; the rest waits for the next pass.
BATCH = 200


@dataclass(frozen=True)
class Overdue:
    """Something whose day has passed: what it is, in whose case, and who is told."""

    matter: uuid.UUID
    category: str
    episode: Episode
    owner: Person
    evidence: str


def _untold(category: str) -> Exists:
    return Exists(
        Alert.objects.filter(matter=OuterRef("public_id"), source=AlertSource.CLOCK, category=category)
    )


def _overdue_steps(at: datetime) -> Iterable[Overdue]:
    rows = PlanStep.objects.filter(
        ~_untold("plan_step_overdue"),
        state=StepState.OPEN,
        due_on__lt=local_day(at),
        plan__replaced_at__isnull=True,
        plan__episode__state=EpisodeState.ACTIVE,
    ).select_related(
        "owner", "plan__episode__lead", "plan__episode__organisation", "plan__episode__person__data_key"
    )
    for step in rows.order_by("due_on")[:BATCH]:
        episode = step.plan.episode
        yield Overdue(
            step.public_id,
            "plan_step_overdue",
            episode,
            step.owner or episode.lead,
            gettext("A step of the case plan is overdue."),
        )


def _overdue_follow_ups(at: datetime) -> Iterable[Overdue]:
    rows = FollowUp.objects.filter(
        ~_untold("follow_up_overdue"),
        done_at__isnull=True,
        due_on__lt=local_day(at),
        episode__level=LevelKey.PSYCHOSOCIAL,
    ).select_related("owner", "episode__organisation", "episode__person__data_key")
    for follow_up in rows.order_by("due_on")[:BATCH]:
        yield Overdue(
            follow_up.public_id,
            "follow_up_overdue",
            follow_up.episode,
            follow_up.owner,
            gettext("A follow-up is overdue."),
        )


def _overdue_responses(at: datetime) -> Iterable[Overdue]:
    """Newest assessments after which nobody has acted: no contact, no plan."""
    newer = Assessment.objects.filter(episode=OuterRef("episode"), made_at__gt=OuterRef("made_at"))
    acted = Contact.objects.filter(episode=OuterRef("episode"), happened_at__gte=OuterRef("made_at"))
    planned = CasePlan.objects.filter(episode=OuterRef("episode"), made_at__gte=OuterRef("made_at"))
    rows = Assessment.objects.filter(
        ~_untold("response_overdue"),
        ~Exists(newer),
        ~Exists(acted),
        ~Exists(planned),
        Q(made_at__lt=at),
        episode__state=EpisodeState.ACTIVE,
    ).select_related("episode__lead", "episode__organisation", "episode__person__data_key")
    for row in rows.order_by("made_at")[:BATCH]:
        if first_response_due(RiskLevel(row.risk), row.made_at) < at:
            yield Overdue(
                row.public_id,
                "response_overdue",
                row.episode,
                row.episode.lead,
                gettext("Nobody has acted since the risk was assessed."),
            )


@every(timedelta(minutes=30), "psychosocial.overdue")
def tell_overdue(at: datetime) -> None:
    """Raise an alert for what is overdue, once each: an alert about it, open or resolved, is enough."""
    with translation.override(settings.LANGUAGE_CODE):
        found = [*_overdue_responses(at), *_overdue_follow_ups(at), *_overdue_steps(at)]
    told = sum(_tell(overdue, at) for overdue in found)
    if found:
        logger.info("overdue case work told", extra={"count": told})


def _tell(overdue: Overdue, at: datetime) -> bool:
    """Raise one alert; one that cannot be raised (an erased person, say) must not hold back the others."""
    try:
        with transaction.atomic():
            raise_alert(
                organisation=overdue.episode.organisation,
                person=overdue.episode.person,
                source=AlertSource.CLOCK,
                severity=Severity.CONCERN,
                category=overdue.category,
                evidence=overdue.evidence,
                assigned_to=overdue.owner,
                by=system_actor(),
                at=at,
                episode=overdue.episode,
                matter=overdue.matter,
            )
    except Exception:
        logger.exception("an overdue piece of case work could not be told")
        return False
    return True
