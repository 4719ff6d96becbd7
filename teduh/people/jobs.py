"""Recurring work of the people room."""

from datetime import datetime, timedelta

from django.db import transaction

from teduh.kernel.sealing import keyring
from teduh.kernel.tick import every
from teduh.people import delays  # noqa: F401  (registers its own recurring work)
from teduh.people.models import PasswordReset, StudentImport

#: An upload that nobody confirmed is forgotten after this.
KEEP_UPLOADS = timedelta(days=1)


@every(timedelta(hours=1), "people.forget_uploads")
def forget_uploads(at: datetime) -> None:
    """Delete unconfirmed uploads of yesterday, and their keys with them."""
    for row in StudentImport.objects.select_related("sealing_key").filter(
        confirmed_at__isnull=True, uploaded_at__lt=at - KEEP_UPLOADS
    ):
        with transaction.atomic():
            key = row.sealing_key
            row.delete()
            keyring.destroy(key, at=at)


@every(timedelta(hours=1), "people.end_resets")
def end_resets(at: datetime) -> None:
    """Close resets that nobody confirmed in time; the row keeps who had begun it."""
    PasswordReset.objects.filter(
        confirmed_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=at
    ).update(withdrawn_at=at)
