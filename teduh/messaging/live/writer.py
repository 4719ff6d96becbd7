"""Group commit: one thread writes, and everything that waits while it writes goes into its next
transaction.
"""

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection

from teduh.kernel import clock
from teduh.messaging.actions import Draft, Posted, ReadMark, mark_reads, post_messages

logger = logging.getLogger("teduh.stream")

#: Drafts in one transaction, and drafts that may wait before a client is asked to come back in a moment.
BATCH = 128
QUEUE = 20_000


#: What became of a draft: stored, or the reason why not.
Answer = Posted | Exception


class Crowded(Exception):
    """Too much is waiting; the client keeps its draft and tries again."""


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    done: "asyncio.Future[Answer]"


def close_threads(pool: ThreadPoolExecutor, count: int) -> None:
    """End a pool; each of its threads first closes the database connection that is its own."""
    together = threading.Barrier(count)

    def close() -> None:
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=3)
        connection.close()

    for _n in range(count):
        pool.submit(close)
    pool.shutdown(wait=True)


class Writer:
    """Collects drafts and commits them in batches, each sender in turn so that a flood delays only itself."""

    def __init__(self, delivered: Callable[[list[Posted]], None]) -> None:
        self._delivered = delivered
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="teduh-writer")
        self._waiting: OrderedDict[int, deque[_Waiting]] = OrderedDict()
        self._count = 0
        self._marks: dict[tuple[object, int], ReadMark] = {}
        self._work = asyncio.Event()

    async def post(self, draft: Draft) -> Answer:
        """Queue a draft and return what became of it, after the commit is durable.

        Raises Crowded where too much is waiting.
        """
        if self._count >= QUEUE:
            raise Crowded
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(draft.by.person_id or 0, deque()).append(_Waiting(draft, done))
        self._count += 1
        self._work.set()
        return await done

    def close(self) -> None:
        """End the writing thread after what it is writing."""
        close_threads(self._pool, 1)

    def mark(self, mark: ReadMark) -> None:
        """Queue a read mark; only the furthest of a person in a room is written."""
        key = (mark.room, mark.person_id)
        held = self._marks.get(key)
        if held is None or held.seq < mark.seq:
            self._marks[key] = mark
            self._work.set()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < BATCH:
            person, drafts = self._waiting.popitem(last=False)
            batch.append(drafts.popleft())
            if drafts:
                self._waiting[person] = drafts
        self._count -= len(batch)
        return batch

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._work.wait()
            batch = self._take()
            marks = [] if self._waiting else list(self._marks.values())
            if marks:
                self._marks.clear()
            if not self._waiting and not self._marks:
                self._work.clear()
            try:
                outcomes = await loop.run_in_executor(
                    self._pool, self._commit, [w.draft for w in batch], marks
                )
            except Exception as error:
                logger.exception("batch failed", extra={"count": len(batch)})
                self._fail(batch, error)
                continue
            self._delivered([outcome for outcome in outcomes if isinstance(outcome, Posted)])
            for waiting, outcome in zip(batch, outcomes, strict=True):
                if not waiting.done.done():
                    waiting.done.set_result(outcome)

    @staticmethod
    def _fail(batch: list[_Waiting], error: Exception) -> None:
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_exception(error)

    def _commit(self, drafts: list[Draft], marks: list[ReadMark]) -> list[Answer]:
        outcomes = self._commit_drafts(drafts) if drafts else []
        if marks:
            try:
                mark_reads(marks)
            except Exception:
                logger.exception("read marks failed", extra={"count": len(marks)})
                connection.close()
        return outcomes

    def _commit_drafts(self, drafts: list[Draft]) -> list[Answer]:
        try:
            return [*post_messages(drafts, at=clock.now())]
        except (OperationalError, InterfaceError):
            # The connection was lost, perhaps after the commit: the client ids make the repeat harmless.
            connection.close()
            return [*post_messages(drafts, at=clock.now())]
        except Exception:
            if len(drafts) == 1:
                raise
            logger.exception("batch is tried one by one", extra={"count": len(drafts)})
            return [self._commit_one(draft) for draft in drafts]

    @staticmethod
    def _commit_one(draft: Draft) -> Answer:
        try:
            return post_messages([draft], at=clock.now())[0]
        except Exception as error:
            logger.exception("message failed")
            return error
