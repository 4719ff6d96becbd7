"""One address for everything: serves `/live/` itself and passes every other request on to the page server.

For one machine (`manage.py serve`). In production a reverse proxy does this.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx

# First, since it makes Django ready.
from teduh.site.stream import app as streams

if TYPE_CHECKING:
    from teduh.messaging.live.app import Receive, Scope, Send

logger = logging.getLogger("teduh.gateway")

#: Whether a reverse proxy of our own stands before the gateway (then two proxies stand before the pages).
BEHIND_PROXY = int(os.environ.get("TEDUH_TRUSTED_PROXIES", "1")) > 1
PAGES_URL = os.environ.get("TEDUH_PAGES_URL", "http://127.0.0.1:8001")
#: Headers that belong to one hop (RFC 9110, 7.6.1), and those that the gateway itself states.
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
STATED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"})
#: What this server says of itself in every answer; the page server's own would stand there twice.
OWN = frozenset({b"date", b"server"})
RETRIED = frozenset({"GET", "HEAD"})
STARTING = (
    b"<!doctype html><html lang=id><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    b"<meta http-equiv=refresh content=3><title>Teduh</title>"
    b"<h1>Sebentar, ya</h1><p>Teduh sedang bersiap. Halaman ini mencoba lagi sendiri.</p>"
    b"<p lang=en>Teduh is getting ready. This page tries again by itself.</p></html>"
)


class Gateway:
    """Passes requests on as they came: bodies streamed, redirects and cookies left to the browser."""

    def __init__(self, pages: str = PAGES_URL) -> None:
        self._pages = httpx.URL(pages)
        # A bare transport: unlike a client it keeps no cookies, follows nothing and unpacks nothing.
        self._transport = httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=256, max_keepalive_connections=32, keepalive_expiry=5.0)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http" and not scope["path"].startswith("/live/"):
            await self._pass_on(scope, receive, send)
        else:
            await streams(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._ask(scope, receive)
        except (httpx.TransportError, ConnectionError):
            await self._say_starting(send)
            return
        headers = [(k, v) for k, v in _passed(answer.headers.raw) if k not in OWN]
        start = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        try:
            await send(start)
            stream = answer.stream
            assert isinstance(stream, httpx.AsyncByteStream)
            async for chunk in stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except httpx.TransportError:
            # The page server went away in the middle: cut the line, so that half a page is not taken for a
            # whole.
            logger.warning("the page server ended in the middle of an answer")
        finally:
            await answer.aclose()

    async def _ask(self, scope: Scope, receive: Receive) -> httpx.Response:
        headers = [(k, v) for k, v in _passed(scope["headers"]) if k not in STATED]
        headers += _stated(scope)
        names = {k for k, _v in scope["headers"]}
        has_body = b"content-length" in names or b"transfer-encoding" in names
        query = scope.get("query_string", b"")
        target = scope["raw_path"] + (b"?" + query if query else b"")
        tries = 2 if scope["method"] in RETRIED and not has_body else 1
        while True:
            tries -= 1
            request = httpx.Request(
                scope["method"],
                self._pages,
                headers=headers,
                content=_body(receive) if has_body else None,
                # The path as the browser wrote it, not as a library would spell it.
                extensions={"target": target, "timeout": TIMEOUT},
            )
            try:
                return await self._transport.handle_async_request(request)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                # A kept connection that the page server closed just now; nothing was answered yet.
                if not tries:
                    raise

    @staticmethod
    async def _say_starting(send: Send) -> None:
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(STARTING)).encode()),
            (b"cache-control", b"no-store"),
            (b"retry-after", b"3"),
        ]
        await send({"type": "http.response.start", "status": 502, "headers": headers})
        await send({"type": "http.response.body", "body": STARTING})


#: Seconds: connecting on one machine is quick, a report may take long.
TIMEOUT = {"connect": 3.0, "read": 120.0, "write": 120.0, "pool": 30.0}


def _passed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers that go on to the next hop; those that `Connection` names stay behind as well."""
    named = {
        name.strip().lower()
        for key, value in headers
        if key.lower() == b"connection"
        for name in value.split(b",")
    }
    return [(k.lower(), v) for k, v in headers if k.lower() not in HOP_BY_HOP and k.lower() not in named]


def _stated(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return who asks and how, as the page server is told.

    Behind a reverse proxy of our own its word about the client stands, with the proxy's address added; from anybody
    else such words are dropped, since they could claim any address.
    """
    client = scope.get("client")
    address = client[0].encode() if client else b""
    if not BEHIND_PROXY:
        return [(b"x-forwarded-for", address), (b"x-forwarded-proto", scope["scheme"].encode())]
    told = {key.lower(): value for key, value in scope["headers"]}
    before = told.get(b"x-forwarded-for", b"")
    return [
        (b"x-forwarded-for", b", ".join(part for part in (before, address) if part)),
        (b"x-forwarded-proto", told.get(b"x-forwarded-proto", scope["scheme"].encode())),
    ]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the client left in the middle of its request")
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


app = Gateway()
