"""The one clock; everything that asks for the time asks here, so that a test or a seeded history can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("teduh_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, or the moment set by `at`."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """Return the present date in the local time zone of the installation."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` within the block."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
