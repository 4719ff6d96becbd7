"""Recurring work: rooms register a function with an interval; one small command runs what is due."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from teduh.kernel.models import TickRun

logger = logging.getLogger("teduh.tick")


@dataclass(frozen=True)
class Recurring:
    """A function that may run at most once an interval, over all workers; it must be idempotent."""

    name: str
    interval: timedelta
    function: Callable[[datetime], None]


_registry: dict[str, Recurring] = {}


def every(
    interval: timedelta, name: str
) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Register a recurring function under a name."""

    def register(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        _registry[name] = Recurring(name, interval, function)
        return function

    return register


def _claim(work: Recurring, at: datetime) -> bool:
    due = TickRun.objects.filter(name=work.name, last_run_at__lte=at - work.interval).update(last_run_at=at)
    if due:
        return True
    try:
        with transaction.atomic():
            _, made = TickRun.objects.get_or_create(name=work.name, defaults={"last_run_at": at})
    except IntegrityError:
        return False
    return made


def run_due(at: datetime) -> list[str]:
    """Run what is due and return the names; one that fails is logged and does not stop the others."""
    ran = []
    for work in _registry.values():
        if not _claim(work, at):
            continue
        try:
            work.function(at)
        except Exception:
            logger.exception("tick failed", extra={"job": work.name})
        ran.append(work.name)
    return ran
