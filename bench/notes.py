"""A contact note with permissions, sealing and audit, against a one-row write on the same server.

Ours: `POST /care/episode/<id>/note/` with the form's own fields and the CSRF check: session, user, roles,
care team, form, sealed note, episode's last contact, audit entry chained and anchored, all in one durable
transaction, and the redirect. Two limits, both durable in the same way (SQLite: one IMMEDIATE transaction
with synchronous=FULL): "one-row POST" is what any signed-in form costs (session, user, CSRF check, one row);
"bare one-row POST" knows nobody and checks nothing. Eight kept-alive connections, rounds in turn, medians.
"""

import itertools
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bench.load import Target, interleave, middle_rate, middle_ratio, request
from bench.servers import Pair, engines, pair

AIM = 0.25
NOTE = (
    "Bercerita tentang tugas yang menumpuk dan tidur yang kurang. Kami menyusun jadwal belajar bersama. " * 4
)


def _ours(both: Pair) -> Callable[[], bytes]:
    token = secrets.token_hex(16)
    cookies = {"sessionid": both.cookie, "csrftoken": token}
    episodes = itertools.cycle(both.episodes)
    # An hour ago in the school's time zone, whatever the clock of this machine shows.
    happened = (datetime.now(UTC) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")

    def make() -> bytes:
        fields = {
            "csrfmiddlewaretoken": token,
            "client_id": str(uuid.uuid4()),
            "activity": "individual_counselling",
            "happened_at": happened,
            "minutes": "40",
            "note": NOTE,
        }
        path = f"/care/episode/{next(episodes)}/note/"
        return request("POST", path, port=both.teduh, cookies=cookies, body=urlencode(fields).encode())

    return make


def _plain(both: Pair, path: str) -> Callable[[], bytes]:
    token = secrets.token_hex(16)
    cookies = {"sessionid": both.plain_cookie, "csrftoken": token}
    body = urlencode({"csrfmiddlewaretoken": token, "name": "Siswa Contoh", "word": "belajar"}).encode()
    whole = request("POST", path, port=both.plain, cookies=cookies, body=body)
    return lambda: whole


def run() -> list[dict[str, object]]:
    """Return notes a second against both limits, on each database that is here."""
    found: list[dict[str, object]] = []
    for engine in engines():
        both = pair(engine)
        mine, signed_in, bare = interleave(
            [
                Target(both.teduh, _ours(both), 302),
                Target(both.plain, _plain(both, "/write/"), 302),
                Target(both.plain, _plain(both, "/bare/"), 302),
            ]
        )
        found += [
            {
                "name": f"contact note against a {words}, {engine}",
                "value": round(middle_rate(mine), 1),
                "unit": "notes/s",
                "limit": round(middle_rate(limit), 1),
                "ratio": round(middle_ratio(mine, limit), 3),
                "aim": aim,
            }
            for words, limit, aim in (("one-row POST", signed_in, AIM), ("bare one-row POST", bare, AIM))
        ]
    return found
