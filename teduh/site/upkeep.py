"""Upkeep of what the libraries keep: sessions that are over, results of jobs long done."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from teduh.kernel.tick import every

#: How long the result of a finished job stays, so that a failure can still be looked into.
KEEP_RESULTS = timedelta(days=14)


@every(timedelta(days=1), "site.forget_sessions")
def forget_sessions(at: datetime) -> None:
    """Delete sessions that are over: each names an account, and nobody can come back by one."""
    Session.objects.filter(expire_date__lt=at).delete()


@every(timedelta(days=1), "site.forget_job_results")
def forget_job_results(at: datetime) -> None:
    """Delete the results of jobs that finished long ago, of every queue; what waits or runs stays."""
    DBTaskResult.objects.finished().filter(finished_at__lte=at - KEEP_RESULTS).delete()
