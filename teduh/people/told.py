"""Audit entries in the words of people: who did it, in whose organisation's chain, about whom."""

import uuid

from django.db import models

from teduh.kernel.audit import Entry
from teduh.people.access import Actor
from teduh.people.models import Organisation, Person

#: The chain of what no organisation did.
SYSTEM_SCOPE = uuid.UUID(int=0)


def told(
    by: Actor,
    verb: str,
    row: models.Model | None = None,
    *,
    subject: Person | uuid.UUID | None = None,
    scope: Organisation | uuid.UUID | None = None,
    **detail: str | int,
) -> Entry:
    """Return an audit entry; the chain is that of `scope`, else of the actor's organisation.

    Verbs are `room.thing.deed`; a read of sealed content ends in `.read` and is what the person is shown.
    """
    chain = scope.public_id if isinstance(scope, Organisation) else scope
    return Entry(
        scope=chain or by.organisation_public_id or SYSTEM_SCOPE,
        verb=verb,
        actor=by.person_public_id,
        actor_role=str(by.main_role or ("system" if by.is_system else "")),
        subject=subject.public_id if isinstance(subject, Person) else subject,
        object_type=row._meta.label_lower if row is not None else "",
        object_id=str(getattr(row, "public_id", None) or getattr(row, "pk", "")) if row is not None else "",
        detail=detail,
    )
