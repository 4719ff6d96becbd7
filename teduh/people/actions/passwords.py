"""Own passwords, one-time passwords, and settings of an account."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.people.access import Actor
from teduh.people.models import Account
from teduh.people.told import told

#: Signs that nobody mistakes for one another on paper: no 0/O, no 1/l/i.
READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
INITIAL_LENGTH = 8


def initial_password() -> str:
    """Return a random first password of 8 readable signs (about 39 bits, and failed tries wait)."""
    return "".join(secrets.choice(READABLE) for _sign in range(INITIAL_LENGTH))


@transaction.atomic
def set_own_password(*, account: Account, password: str, by: Actor, at: datetime) -> Account:
    """Set the password that only the person knows; from now on no class card can change it.

    Raises Refused where it is the one printed on the card.
    """
    held = Account.objects.select_for_update().get(pk=account.pk)
    if held.check_password(password):
        raise Refused("same", _("Choose another one than the password on your card."), field="password")
    held.set_password(password)
    held.must_set_password = False
    held.save(update_fields=["password", "must_set_password"])
    audit.record(told(by, "people.password.own", held, subject=by.person_public_id), at=at)
    return held


@transaction.atomic
def choose_language(*, account: Account, language: str, by: Actor, at: datetime) -> None:
    """Keep the language in which Teduh speaks to this person."""
    if language not in dict(settings.LANGUAGES):
        raise Refused("language", _("Teduh does not speak this language yet."), field="language")
    if Account.objects.filter(pk=account.pk).exclude(language=language).update(language=language):
        audit.record(told(by, "people.account.language", account, subject=by.person_public_id), at=at)
