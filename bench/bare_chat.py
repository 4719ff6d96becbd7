"""The limit for messages: the least that a server must do to keep a message and hand it on.

One table, SQLite with full flushing, everything that waits goes into one commit, delivery by Server-Sent
Events after
it. No session, no rights, no seal, no scan, no audit. `uvicorn bench.bare_chat:app`, database in
BARE_CHAT_FILE.
"""

import asyncio
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

BATCH = 128
sys.setswitchinterval(0.001)


class Bare:
    """Rooms, streams and one writing thread."""

    def __init__(self) -> None:
        self.streams: dict[str, set[asyncio.Queue[bytes]]] = {}
        self.waiting: list[tuple[str, str, str, asyncio.Future[int]]] = []
        self.work = asyncio.Event()
        self.pool = ThreadPoolExecutor(1)
        self.database: sqlite3.Connection | None = None

    def _commit(self, batch: list[tuple[str, str, str]]) -> int:
        if self.database is None:
            self.database = sqlite3.connect(os.environ["BARE_CHAT_FILE"], isolation_level=None)
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=FULL")
            self.database.execute(
                "CREATE TABLE IF NOT EXISTS message"
                " (id INTEGER PRIMARY KEY, room TEXT, client TEXT, text TEXT)"
            )
        self.database.execute("BEGIN IMMEDIATE")
        first: int = self.database.execute("SELECT coalesce(max(id), 0) + 1 FROM message").fetchone()[0]
        self.database.executemany("INSERT INTO message (room, client, text) VALUES (?, ?, ?)", batch)
        self.database.execute("COMMIT")
        return first

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self.work.wait()
            batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
            if not self.waiting:
                self.work.clear()
            first = await loop.run_in_executor(self.pool, self._commit, [row[:3] for row in batch])
            for number, (room, _client, text, done) in enumerate(batch, first):
                chunk = f"id: {number}\ndata: {json.dumps({'seq': number, 'text': text})}\n\n".encode()
                for queue in self.streams.get(room, ()):
                    queue.put_nowait(chunk)
                done.set_result(number)

    async def post(self, room: str, data: dict[str, str]) -> int:
        """Queue a message and return its number once it is on the disk."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.waiting.append((room, data["client_id"], data["text"], done))
        self.work.set()
        return await done


bare: Bare | None = None
writing: "asyncio.Task[None] | None" = None


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Serve `/live/room/<name>/`: GET is a stream, POST a message."""
    global bare, writing
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                bare = Bare()
                writing = asyncio.create_task(bare.run())
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    assert bare is not None
    room = scope["path"].split("/")[3]
    if scope["method"] == "POST":
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = json.dumps({"seq": await bare.post(room, json.loads(body))}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
        return
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    bare.streams.setdefault(room, set()).add(queue)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
    )
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
