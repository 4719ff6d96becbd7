"""Wake-ups for live pages: a word on a channel that something changed, never what."""

import uuid
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from teduh.kernel.models import Wake

#: One PostgreSQL/Redis channel carries all wake-ups; the payload is our channel name.
CHANNEL = "teduh_wake"


def person_channel(person: uuid.UUID) -> str:
    """Return the channel of one person's own pages."""
    return f"p:{person.hex}"


def room_channel(room: uuid.UUID) -> str:
    """Return the channel of one conversation."""
    return f"r:{room.hex}"


@lru_cache(maxsize=1)
def _redis() -> Any:
    import redis

    return redis.Redis.from_url(settings.REDIS_URL)


def wake(*channels: str) -> None:
    """Tell the streams that listen on these channels to look again, once the present transaction commits.

    With Redis the word goes out after the commit; PostgreSQL's NOTIFY and SQLite's table are part of it.
    """
    unique = sorted(set(channels))
    if not unique:
        return
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _publish(unique), robust=True)
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, c) FROM unnest(%s::text[]) AS c", [CHANNEL, unique])
    else:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(Wake._meta.db_table)
            cursor.executemany(
                f"INSERT INTO {table} (channel) VALUES (%s)",  # noqa: S608 - our own table's name
                [(channel,) for channel in unique],
            )


def _publish(channels: list[str]) -> None:
    pipe = _redis().pipeline(transaction=False)
    for channel in channels:
        pipe.publish(CHANNEL, channel)
    pipe.execute()
