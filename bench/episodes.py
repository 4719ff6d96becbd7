"""The list of episodes with permissions on, against a plain list page on the same server.

Ours: `/care/episodes/` as a signed-in counsellor sees it in production mode: whole middleware, roles, second
factor, care teams and exclusions out of 2,400 episodes, navigation, gzip for a client that takes it. The
limit: `bench.plain`, twenty rows from one query for a signed-in user. Eight kept-alive connections, rounds in
turn, medians.
"""

from statistics import median

from bench.load import Target, interleave, middle_rate, middle_ratio, request
from bench.servers import engines, pair

AIM = 0.5


def run() -> list[dict[str, object]]:
    """Return pages a second and the latency of ours, on each database that is here."""
    found: list[dict[str, object]] = []
    for engine in engines():
        both = pair(engine)
        ours = request("GET", "/care/episodes/", port=both.teduh, cookies={"sessionid": both.cookie})
        plain = request("GET", "/rows/", port=both.plain, cookies={"sessionid": both.plain_cookie})
        mine, limit = interleave(
            [Target(both.teduh, lambda o=ours: o, 200), Target(both.plain, lambda p=plain: p, 200)]  # type: ignore[misc]
        )
        found.append(
            {
                "name": f"episode list, {engine}",
                "value": round(middle_rate(mine), 1),
                "unit": "pages/s",
                "limit": round(middle_rate(limit), 1),
                "ratio": round(middle_ratio(mine, limit), 3),
                "aim": AIM,
            }
        )
        found += [
            {
                "name": f"episode list, {engine}, p{share}",
                "value": round(median(one.quantile(share / 100) for one in mine), 1),
                "unit": "ms",
                "limit": round(median(one.quantile(share / 100) for one in limit), 1),
                "ratio": None,
            }
            for share in (50, 95)
        ]
    return found
