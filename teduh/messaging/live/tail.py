"""Hear the wake-ups of other processes: SQLite's table, PostgreSQL's NOTIFY, or Redis, whichever
is in use.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection

from teduh.kernel.live import CHANNEL
from teduh.kernel.models import Wake

logger = logging.getLogger("teduh.stream")

#: How often SQLite is asked whether anyone else has written, in seconds; the question itself costs
#: microseconds.
LOOK_EVERY = 0.1
#: How long to wait before listening again after a lost connection, in seconds.
RETRY_AFTER = 1.0

#: Channels that were woken; None means that words may have been missed, so that everyone must look.
Heard = list[str] | None


class Tail:
    """A thread that hears wake-ups and hands them over; it listens again by itself after a lost
    connection.
    """

    def __init__(self, heard: Callable[[Heard], None]) -> None:
        self._heard = heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="teduh-tail", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; returns once the thread has let go of its connection."""
        self._stop.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        first = True
        while not self._stop.is_set():
            try:
                for heard in self._listen(first):
                    if heard is None or heard:
                        self._heard(heard)
                    if self._stop.is_set():
                        break
            except Exception:
                logger.exception("wake-ups were interrupted")
                self._stop.wait(RETRY_AFTER)
            finally:
                connection.close()
            first = False

    def _listen(self, first: bool) -> Iterator[Heard]:
        if settings.REDIS_URL:
            listen = self._listen_redis()
        elif connection.vendor == "postgresql":
            listen = self._listen_postgresql()
        else:
            listen = self._listen_sqlite()
        for heard in listen:
            if heard is None and first:
                first = False
                continue
            yield heard

    def _listen_sqlite(self) -> Iterator[Heard]:
        """Yield what is new in the wake table; each listening begins with None, since words may have been
        missed.
        """
        last = Wake.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        version = -1
        yield None
        while not self._stop.is_set():
            time.sleep(LOOK_EVERY)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                seen = cursor.fetchone()[0]
            if seen == version:
                continue
            version = seen
            rows = list(Wake.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "channel"))
            if rows:
                missed = rows[0][0] != last + 1
                last = rows[-1][0]
                yield None if missed else list({channel for _pk, channel in rows})

    def _listen_postgresql(self) -> Iterator[Heard]:
        """Yield notifications from a connection of its own."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        session: Any = connection.connection
        yield None
        while not self._stop.is_set():
            heard = {note.payload for note in session.notifies(timeout=1.0, stop_after=1)}
            if heard:
                heard |= {note.payload for note in session.notifies(timeout=0.002)}
            yield list(heard)

    def _listen_redis(self) -> Iterator[Heard]:
        """Yield what is published on the one channel."""
        import redis

        client: Any = redis.Redis.from_url(settings.REDIS_URL)
        with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(CHANNEL)
            yield None
            while not self._stop.is_set():
                message = pubsub.get_message(timeout=1.0)
                yield [message["data"].decode()] if message else []
