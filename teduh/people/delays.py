"""Delays instead of lock-outs: each (account name, device, network) has an allowance of its own, nothing
ever locks.
"""

import hashlib
import hmac
import unicodedata
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from django.db import transaction

from teduh.kernel.sealing.root import purpose_key
from teduh.kernel.tick import every
from teduh.people.models import LoginDelay

#: Seconds to wait after the n-th failure in a row; the last one stands for all that follow.
DELAYS = (0, 0, 0, 2, 4, 8, 16, 32, 60)
#: Failures older than this are forgotten.
FORGET_AFTER = timedelta(hours=1)


def plain_name(name: str) -> str:
    """Return an account name as it is compared: without case, width or surrounding space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def network_of(address: str) -> str:
    """Return the network of an address: /24 of IPv4, /56 of IPv6; what is no address stands for itself."""
    try:
        length = 24 if ip_address(address).version == 4 else 56
        return str(ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return "unknown"


def delay_key(name: str, device: str, network: str) -> str:
    """Return the row's key: an HMAC, so that the table tells nobody who tried to get in, or from where."""
    told = "\x00".join((plain_name(name), device, network)).encode()
    return hmac.new(purpose_key(b"login-delay"), told, hashlib.sha256).hexdigest()


@transaction.atomic
def take_attempt(key: str, *, at: datetime) -> int:
    """Count an attempt before the password is looked at; return the seconds to wait, 0 where it may go on.

    Counting first means that a hundred attempts at the same moment are a hundred, not one. A refused
    attempt does not lengthen the delay, so that an impatient person is not punished.
    """
    LoginDelay.objects.get_or_create(pk=key, defaults={"not_before": at, "updated_at": at})
    row = LoginDelay.objects.select_for_update().get(pk=key)
    if row.not_before > at:
        return max(1, ceil((row.not_before - at).total_seconds()))
    if row.updated_at < at - FORGET_AFTER:
        row.failures = 0
    row.failures += 1
    row.not_before = at + timedelta(seconds=DELAYS[min(row.failures, len(DELAYS)) - 1])
    row.updated_at = at
    row.save(update_fields=["failures", "not_before", "updated_at"])
    return 0


def forgive(key: str) -> None:
    """Forget the failures of a key: the attempt was right after all."""
    LoginDelay.objects.filter(pk=key).delete()


@every(timedelta(hours=1), "people.forget_login_delays")
def forget_old(at: datetime) -> None:
    """Delete rows that no longer delay anybody."""
    LoginDelay.objects.filter(updated_at__lt=at - FORGET_AFTER, not_before__lt=at).delete()
