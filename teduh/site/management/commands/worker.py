"""Run background jobs and recurring work."""

import logging
import signal
import time
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from teduh.kernel import clock
from teduh.kernel.tick import run_due
from teduh.site.processes import end_with_parent
from teduh.site.startup import refuse_unsafe_start

logger = logging.getLogger("teduh.worker")

#: Seconds between two looks at the recurring work, and between two looks for jobs.
TICK_EVERY = 20.0
LOOK_EVERY = 0.5
#: A job that runs longer than this lost its worker; jobs are idempotent, so it is given to another.
LOST_AFTER = timedelta(minutes=15)


class Command(BaseCommand):
    """One process for jobs and for the tick; any number may run."""

    help = "Run background jobs and recurring work until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to stop once nothing is left to do."""
        parser.add_argument("--once", action="store_true", help="do what is due and what waits, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Work until SIGTERM or SIGINT; a job that runs is finished first."""
        refuse_unsafe_start()
        end_with_parent()
        self._stopping = False
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        worker = self._worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=20,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        next_tick = 0.0
        while not self._stopping:
            try:
                if time.monotonic() >= next_tick:
                    next_tick = time.monotonic() + TICK_EVERY
                    self._tick()
                close_old_connections()
                if DBTaskResult.objects.ready().exists():
                    worker._run_tasks = 0
                    worker.run()
            except Exception:
                logger.exception("worker round failed")
                time.sleep(2)
            if once:
                return
            if not self._stopping:
                time.sleep(LOOK_EVERY)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._worker.running = False

    @staticmethod
    def _tick() -> None:
        close_old_connections()
        at = clock.now()
        lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=at - LOST_AFTER)
        if lost.update(status=TaskResultStatus.READY, started_at=None):
            logger.warning("jobs that had lost their worker were queued again")
        run_due(at)
