"""A device that has let a person in before is known, and keeps its own allowance of attempts."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from teduh.kernel.sealing.root import purpose_key
from teduh.people.delays import plain_name

COOKIE = "device"
_SALT = "teduh.people.device"
_AGE = 365 * 24 * 3600
#: How many names one (shared) device remembers; the newest stay.
_NAMES = 12


@dataclass(frozen=True)
class Device:
    """A random id, and the names (as short HMACs) that have signed in here."""

    id: str
    names: tuple[str, ...]

    def knows(self, name: str) -> bool:
        """Tell whether this name has signed in on this device."""
        return _mark(name) in self.names


def _mark(name: str) -> str:
    return hmac.new(purpose_key(b"device"), plain_name(name).encode(), hashlib.sha256).hexdigest()[:16]


def device_of(request: HttpRequest) -> Device | None:
    """Return the device of a request, None where it shows no cookie that we signed."""
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
        return Device(str(told["d"]), tuple(str(name) for name in told["n"]))
    except (signing.BadSignature, KeyError, TypeError):
        return None


def known_device(request: HttpRequest, name: str) -> str:
    """Return the id of the device where it knows the name, else nothing.

    Any other device counts as a stranger, cookie or not: otherwise everybody could fetch fresh allowances.
    """
    device = device_of(request)
    return device.id if device is not None and device.knows(name) else ""


def remember(request: HttpRequest, response: HttpResponseBase, *names: str) -> None:
    """Let the device know names that have just signed in on it."""
    device = device_of(request) or Device(secrets.token_urlsafe(16), ())
    marks = [_mark(name) for name in names if name]
    kept = [mark for mark in device.names if mark not in marks]
    response.set_cookie(
        COOKIE,
        signing.dumps({"d": device.id, "n": [*kept, *marks][-_NAMES:]}, salt=_SALT),
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
