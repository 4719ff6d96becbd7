"""What the libraries keep does not pile up."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from teduh.kernel import clock, tick
from teduh.kernel.audit import anchor
from teduh.people.actions import cards
from teduh.people.models import PasswordReset
from teduh.site.management.commands import serve


@pytest.mark.django_db
def test_sessions_that_are_over_go_and_the_others_stay() -> None:
    at = clock.now()
    for key, ends in (("over", at - timedelta(minutes=1)), ("open", at + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    tick.run_due(at)
    assert set(Session.objects.values_list("session_key", flat=True)) == {"open"}


def result(*, days: int, status: TaskResultStatus, queue: str = "default") -> Any:
    at = clock.now() - timedelta(days=days)
    over = status in {TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED}
    return DBTaskResult.objects.create(
        task_path="teduh.messaging.jobs.none",
        args_kwargs={"args": [], "kwargs": {}},
        queue_name=queue,
        backend_name="default",
        run_after=at,
        status=status,
        finished_at=at if over else None,
        exception_class_path="",
        traceback="",
    )


@pytest.mark.django_db
def test_results_of_jobs_go_after_two_weeks_and_what_waits_stays() -> None:
    for queue in ("default", "slow"):
        result(days=15, status=TaskResultStatus.SUCCESSFUL, queue=queue)
        result(days=15, status=TaskResultStatus.FAILED, queue=queue)
    kept = {
        result(days=13, status=TaskResultStatus.FAILED).pk,
        result(days=15, status=TaskResultStatus.READY).pk,
        result(days=15, status=TaskResultStatus.RUNNING).pk,
    }
    tick.run_due(clock.now())
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_a_reset_that_nobody_confirmed_is_closed(cast: Any) -> None:
    at = clock.now()
    reset = cards.start_reset(person=cast.ayu, by=cast.actor("citra"), at=at)
    tick.run_due(at + cards.RESET_LASTS / 2)
    assert PasswordReset.objects.get(pk=reset.pk).withdrawn_at is None
    tick.run_due(at + cards.RESET_LASTS * 2)
    assert PasswordReset.objects.get(pk=reset.pk).withdrawn_at is not None


def test_the_anchor_is_made_small_before_anything_is_served(settings: Any) -> None:
    import uuid

    scope = uuid.uuid4()
    for number in range(1, 4):
        anchor.anchor_head(scope, number, bytes([number]) * 32)
    lines: list[str] = []

    def run(_family: Any, _told: Any) -> None:
        lines.extend(settings.AUDIT_ANCHOR_FILE.read_text().splitlines())

    with (
        patch.object(anchor, "COMPACT_BYTES", 1),
        patch.object(serve, "refuse_unsafe_start"),
        patch("teduh.site.processes.Family.run", run),
        patch("signal.signal"),
    ):
        call_command("serve", port=1)
    assert lines == [f"{scope.hex} 3 {(bytes([3]) * 32).hex()}"]
