"""When a case must be answered and seen again, from the risk level and dated data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from teduh.kernel.data import DataInvalid, read_data_file
from teduh.psychosocial.states import RiskLevel

FILE = Path(__file__).parent / "data" / "risk_clocks.toml"


@dataclass(frozen=True)
class RiskClock:
    """The clock of one risk level: hours or working days to the first answer, days to the next look."""

    follow_up_days: int
    respond_hours: int | None = None
    respond_working_days: int | None = None


@dataclass(frozen=True)
class RiskClocks:
    """The clocks of all levels, and whether somebody has confirmed them for this service."""

    by_risk: dict[RiskLevel, RiskClock]
    until_assessed: RiskLevel
    working_weekdays: frozenset[int]
    unconfirmed: bool


def _whole(values: dict[str, Any], name: str, where: str) -> int | None:
    value = values.get(name)
    if value is not None and (type(value) is not int or value < 1):
        raise DataInvalid(f"risk_clocks.toml: [{where}] {name} must be a whole number above 0")
    return value


def read_clocks(file: Path) -> RiskClocks:
    """Read the clocks.

    Raises DataInvalid where a level is missing or has not exactly one way to count the first answer.
    """
    data = read_data_file(file)
    tables = data.values.get("risk", {})
    clocks = {}
    for risk in RiskLevel:
        where = f"risk.{risk.value}"
        table = tables.get(risk.value)
        if not isinstance(table, dict):
            raise DataInvalid(f"risk_clocks.toml: [{where}] is missing")
        hours = _whole(table, "respond_hours", where)
        working_days = _whole(table, "respond_working_days", where)
        follow_up = _whole(table, "follow_up_days", where)
        if follow_up is None or (hours is None) == (working_days is None):
            raise DataInvalid(
                f"risk_clocks.toml: [{where}] needs follow_up_days and respond_hours or respond_working_days"
            )
        clocks[risk] = RiskClock(follow_up, hours, working_days)
    weekdays = frozenset(data.values.get("working_weekdays", ()))
    if not weekdays or not weekdays <= set(range(1, 8)):
        raise DataInvalid("risk_clocks.toml: working_weekdays must name days from 1 (Monday) to 7")
    try:
        until_assessed = RiskLevel(str(data.values.get("until_assessed")))
    except ValueError:
        raise DataInvalid("risk_clocks.toml: until_assessed must name a risk level") from None
    return RiskClocks(clocks, until_assessed, weekdays, data.unconfirmed)


@lru_cache(maxsize=1)
def risk_clocks() -> RiskClocks:
    """Return the clocks that ship with Teduh, read once."""
    return read_clocks(FILE)


def add_working_days(start: datetime, days: int, weekdays: frozenset[int]) -> datetime:
    """Return the same local time so many working days later; holidays are not known here."""
    moment = timezone.localtime(start)
    while days > 0:
        moment += timedelta(days=1)
        if moment.isoweekday() in weekdays:
            days -= 1
    return moment


def first_response_due(risk: RiskLevel, since: datetime, clocks: RiskClocks | None = None) -> datetime:
    """Return when somebody must have acted after a risk was found."""
    clocks = clocks or risk_clocks()
    clock = clocks.by_risk[risk]
    if clock.respond_hours is not None:
        return since + timedelta(hours=clock.respond_hours)
    return add_working_days(since, clock.respond_working_days or 0, clocks.working_weekdays)


def latest_follow_up(risk: RiskLevel, day: date) -> date:
    """Return the last day on which a case of this risk must be seen again, counted from a day."""
    return day + timedelta(days=risk_clocks().by_risk[risk].follow_up_days)


def local_day(moment: datetime) -> date:
    """Return the day of a moment in the local time zone: deadlines in days are days of people, not of UTC."""
    return timezone.localtime(moment).date()
