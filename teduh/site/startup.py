"""What a start refuses: a state in which serving would endanger people."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from teduh.kernel.sealing.root import RootKeyMissing, root_key
from teduh.site.secrets import KNOWN_DEFAULTS, MISSING


def unsafe_reasons() -> list[str]:
    """Return every reason against a production start, in words that say what to do."""
    reasons = []
    if settings.SECRET_KEY == MISSING:
        reasons.append("no secret: set TEDUH_SECRET_KEY to a long random value")
    elif settings.SECRET_KEY in KNOWN_DEFAULTS or len(settings.SECRET_KEY) < 32:
        reasons.append("default or short secret: set TEDUH_SECRET_KEY to a long random value")
    try:
        root_key()
    except RootKeyMissing as error:
        reasons.append(f"missing root key: {error}")
    if settings.DEBUG:
        reasons.append("debug pages are on: unset TEDUH_DEBUG")
    if "people_account" in connection.introspection.table_names():
        from teduh.people.models import Account, Organisation

        if Account.objects.filter(is_demo=True).exists():
            reasons.append("demo accounts are present: use an empty database for a real school")
        elif Organisation.objects.filter(is_demo=True).exists():
            reasons.append("the demo school is present: use an empty database for a real school")
    return reasons


def refuse_unsafe_start() -> None:
    """Stop a production start that would be unsafe, and say why.

    Raises ImproperlyConfigured with every reason.
    """
    if settings.MODE != "production":
        root_key()
        return
    reasons = unsafe_reasons()
    connection.close()
    if reasons:
        raise ImproperlyConfigured("Teduh does not start: " + "; ".join(reasons))
