"""Rotation as a resumable job: root, scope and data keys, each without an hour in which something cannot be read."""

import uuid
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from teduh.kernel.models import DataKey, ScopeKey
from teduh.kernel.sealing import keyring
from teduh.kernel.sealing.fields import SealedText, sealed_models


def rotate_scope(scope: uuid.UUID) -> int:
    """Make a new scope key and hang every data key on it; return how many were moved.

    Stopped in the middle, it goes on where it was: run `resume_scope`.
    """
    newest = keyring.scope_key(scope)
    keyring.new_scope_key(scope, version=newest.version + 1)
    return resume_scope(scope)


def resume_scope(scope: uuid.UUID) -> int:
    """Go on with a rotation of a scope's keys until nothing hangs on an older one."""
    total = 0
    while moved := keyring.rewrap_scope(scope):
        total += moved
    keyring.forget_all()
    return total


def scopes() -> list[uuid.UUID]:
    """Return every organisation's scope that has a key; the audit key is no organisation's and is never replaced."""
    found = ScopeKey.objects.exclude(scope=keyring.AUDIT_SCOPE).values_list("scope", flat=True)
    return list(found.distinct().order_by("scope"))


def reseal(old: DataKey, *, at: datetime, batch: int = 200) -> int:
    """Seal every record under `old` anew under a fresh data key and destroy the old one; return the number of records.

    Each batch is a transaction of its own, so a stop in the middle loses nothing. Owners of the key are repointed last.
    """
    fresh = keyring.new_data_key(old.scope_key.scope)
    done = 0
    for model, fields in sealed_models():
        manager = model._base_manager
        while rows := list(manager.filter(sealing_key=old)[:batch]):
            with transaction.atomic():
                for row in rows:
                    texts: dict[str, SealedText] = {f.attname: getattr(row, f.attname) for f in fields}
                    plain = {name: text.open() for name, text in texts.items()}
                    row.sealing_key = fresh  # type: ignore[attr-defined]
                    for name, text in plain.items():
                        setattr(row, name, text)
                    row.save(update_fields=["sealing_key", *plain])
            done += len(rows)
    with transaction.atomic():
        for owner, field in _owners():
            owner._base_manager.filter(**{field: old}).update(**{field: fresh})
        keyring.destroy(old, at=at)
    return done


def _owners() -> list[tuple[type[models.Model], str]]:
    """Return every model and field that points to a data key; hidden reverse names included."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is DataKey
    ]
