"""Figures for leaders, counted in the database: no person, no text, no single row ever leaves it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care.labels import LEVELS
from teduh.care.models import Alert, Episode, HelpRequest, Referral
from teduh.care.states import AlertState, EpisodeState, LevelKey, Severity
from teduh.insight.scope import Scope, scope_of
from teduh.insight.suppress import LEAST_PEOPLE, Cell
from teduh.insight.tables import FigureList, Table, Words, cells_from, list_of, table_of
from teduh.people.access import Actor

#: How many calendar months a page looks back, the present one included.
MONTHS = 4

WAITS: dict[str, Words] = {
    "day": _("Less than a day"),
    "days": _("1 to 3 days"),
    "longer": _("More than 3 days"),
}
EPISODE_COLUMNS: dict[str, Words] = {
    EpisodeState.ACTIVE.value: pgettext_lazy("episodes", "Under way"),
    EpisodeState.CLOSED.value: pgettext_lazy("episodes", "Closed"),
}
REFERRAL_COLUMNS: dict[str, Words] = {
    "in_time": _("Answered in time"),
    "late": _("Answered late"),
    "waiting": _("Waiting"),
    "overdue": pgettext_lazy("referrals", "Overdue"),
}
ALERT_COLUMNS: dict[str, Words] = {
    "open": pgettext_lazy("alerts", "Open"),
    "overdue": pgettext_lazy("alerts", "Overdue"),
    "resolved": pgettext_lazy("alerts", "Resolved"),
}
ALERT_ROWS: dict[str, Words] = {
    Severity.URGENT.value: pgettext_lazy("alerts", "Urgent"),
    Severity.CONCERN.value: pgettext_lazy("alerts", "Concern"),
}
LEVEL_ROWS: dict[str, Words] = {key.value: LEVELS[key] for key in LevelKey}
FLOW_ROWS: dict[str, Words] = {"door": pgettext_lazy("flow", "New at the door"), **LEVEL_ROWS}


@dataclass(frozen=True)
class AnswerTime:
    """How long referrals to a level waited for their answer, in hours; None is hidden or not there."""

    label: Words
    hours: int | None
    hidden: bool


@dataclass(frozen=True)
class Figures:
    """Everything that the page of figures shows."""

    names: tuple[str, ...]
    since: date
    waiting: FigureList
    months: FigureList
    episodes: Table
    referrals: Table
    answer_times: tuple[AnswerTime, ...]
    alerts: Table
    flow: Table

    @property
    def hides(self) -> bool:
        """Whether anything is hidden anywhere."""
        parts = (self.waiting, self.months, self.episodes, self.referrals, self.alerts, self.flow)
        return any(part.hides for part in parts) or any(time.hidden for time in self.answer_times)


@dataclass(frozen=True)
class PrincipalHome:
    """The same figures in short."""

    names: tuple[str, ...]
    waiting: FigureList
    episodes: Table
    alerts: Table

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return self.waiting.hides or self.episodes.hides or self.alerts.hides


def window_start(at: datetime) -> datetime:
    """Return the first moment of the earliest month that is shown, in local time."""
    local = timezone.localtime(at)
    months = local.year * 12 + local.month - MONTHS
    return local.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def figures(actor: Actor, *, at: datetime) -> Figures:
    """Return the figures of what the actor leads, with seven queries."""
    scope, since = scope_of(actor), window_start(at)
    referrals, answer_times = _referrals(scope, since, at)
    return Figures(
        names=scope.names,
        since=timezone.localtime(since).date(),
        waiting=_waiting(scope, at),
        months=_months(scope, since, at),
        episodes=_episodes(scope, since),
        referrals=referrals,
        answer_times=answer_times,
        alerts=_alerts(scope, since, at),
        flow=_flow(scope, since),
    )


def principal_home(actor: Actor, *, at: datetime) -> PrincipalHome:
    """Return the figures in short, with four queries; the same tables, so two pages give nothing away."""
    scope, since = scope_of(actor), window_start(at)
    return PrincipalHome(
        names=scope.names,
        waiting=_waiting(scope, at),
        episodes=_episodes(scope, since),
        alerts=_alerts(scope, since, at),
    )


def _people(fields: str, fallback: str) -> Count:
    """Count different people: whom it is about, else who sent it."""
    return Count(Coalesce(F(fields), F(fallback)), distinct=True)


def _waiting(scope: Scope, at: datetime) -> FigureList:
    band = Case(
        When(sent_at__gt=at - timedelta(days=1), then=Value("day")),
        When(sent_at__gt=at - timedelta(days=3), then=Value("days")),
        default=Value("longer"),
        output_field=CharField(),
    )
    rows = (
        HelpRequest.objects.waiting()
        .filter(scope.of("organisation"))
        .annotate(band=band)
        .order_by()
        .values("band")
        .annotate(count=Count("pk"), people=_people("person_id", "sent_by_id"))
    )
    found = {row["band"]: Cell(row["count"], row["people"]) for row in rows}
    return list_of(found, list(WAITS.items()))


def _months(scope: Scope, since: datetime, at: datetime) -> FigureList:
    rows = (
        HelpRequest.objects.filter(scope.of("organisation"), sent_at__gte=since, sent_at__lte=at)
        .annotate(month=TruncMonth("sent_at"))
        .order_by()
        .values("month")
        .annotate(count=Count("pk"), people=_people("person_id", "sent_by_id"))
    )
    found = {
        timezone.localtime(row["month"]).strftime("%Y-%m"): Cell(row["count"], row["people"]) for row in rows
    }
    first = timezone.localtime(since)
    labels: list[tuple[str, Words]] = []
    for offset in range(MONTHS):
        month = date(first.year + (first.month - 1 + offset) // 12, (first.month - 1 + offset) % 12 + 1, 1)
        labels.append((month.strftime("%Y-%m"), date_format(month, "F Y")))
    return list_of(found, labels)


def _episodes(scope: Scope, since: datetime) -> Table:
    rows = (
        Episode.objects.filter(scope.of("person__organisation"))
        .filter(Q(state=EpisodeState.ACTIVE) | Q(closed_at__gte=since))
        .order_by()
        .values("level", "state")
        .annotate(count=Count("pk"), people=Count("person_id", distinct=True))
    )
    return table_of(cells_from(rows, "level", "state"), LEVEL_ROWS, EPISODE_COLUMNS)


def _referrals(scope: Scope, since: datetime, at: datetime) -> tuple[Table, tuple[AnswerTime, ...]]:
    outcome = Case(
        When(answered_at__isnull=False, answered_at__lte=F("due_at"), then=Value("in_time")),
        When(answered_at__isnull=False, then=Value("late")),
        When(due_at__lt=at, then=Value("overdue")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    took = ExpressionWrapper(F("answered_at") - F("sent_at"), output_field=DurationField())
    rows = list(
        Referral.objects.filter(scope.of("person__organisation"), sent_at__gte=since)
        .exclude(state="withdrawn")
        .annotate(outcome=outcome)
        .order_by()
        .values("to_level", "outcome")
        .annotate(count=Count("pk"), people=Count("person_id", distinct=True), took=Avg(took))
    )
    times = []
    for level, label in LEVEL_ROWS.items():
        answered = [row for row in rows if row["to_level"] == level and row["took"] is not None]
        people = max((row["people"] for row in answered), default=0)
        count = sum(row["count"] for row in answered)
        if people < LEAST_PEOPLE:
            times.append(AnswerTime(label, None, hidden=count > 0))
            continue
        seconds = sum(row["took"].total_seconds() * row["count"] for row in answered) / count
        times.append(AnswerTime(label, max(1, round(seconds / 3600)), hidden=False))
    table = table_of(cells_from(rows, "to_level", "outcome"), LEVEL_ROWS, REFERRAL_COLUMNS)
    return table, tuple(times)


def _alerts(scope: Scope, since: datetime, at: datetime) -> Table:
    status = Case(
        When(state=AlertState.RESOLVED, then=Value("resolved")),
        When(state=AlertState.RAISED, due_at__lt=at, then=Value("overdue")),
        default=Value("open"),
        output_field=CharField(),
    )
    mine = scope.of("person__organisation") | (Q(person__isnull=True) & scope.of("organisation"))
    rows = (
        Alert.objects.filter(mine)
        .filter(~Q(state=AlertState.RESOLVED) | Q(resolved_at__gte=since))
        .annotate(status=status)
        .order_by()
        .values("severity", "status")
        # An alert about somebody not yet recognised counts as one person more, not as nobody.
        .annotate(
            count=Count("pk"),
            people=Count("person_id", distinct=True) + Count("pk", filter=Q(person__isnull=True)),
        )
    )
    return table_of(cells_from(rows, "severity", "status"), ALERT_ROWS, ALERT_COLUMNS)


def _flow(scope: Scope, since: datetime) -> Table:
    rows = (
        Episode.objects.filter(scope.of("person__organisation"), opened_at__gte=since)
        .annotate(came_from=Coalesce("previous__level", Value("door")))
        .order_by()
        .values("came_from", "level")
        .annotate(count=Count("pk"), people=Count("person_id", distinct=True))
    )
    return table_of(cells_from(rows, "came_from", "level"), FLOW_ROWS, LEVEL_ROWS)
