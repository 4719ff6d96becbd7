"""Sessions in the database, as Django keeps them; only the question of every request is compiled once."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from teduh.kernel.prepared import Prepared

_ALIVE = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime
)


class SessionStore(DatabaseStore):
    """Django's database sessions, loaded by a prepared query."""

    def _get_session_from_db(self) -> Session | None:
        found: list[Session] = _ALIVE.instances(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        # Unknown or over: the next save makes a new key, never one that a visitor brought along.
        self._session_key = None
        return None
