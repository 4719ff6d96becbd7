"""Consent: rows are only added; the newest about a matter counts."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.people.access import Actor
from teduh.people.models import Consent, Guardianship, Organisation, Person
from teduh.people.models.person import exclusions_against
from teduh.people.states import CapacityBasis, ConsentAnswer, ConsentPurpose, Safety
from teduh.people.told import told


@transaction.atomic
def record_consent(
    *,
    person: Person,
    giver: Person,
    basis: CapacityBasis,
    purpose: ConsentPurpose,
    answer: ConsentAnswer,
    matter: uuid.UUID,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    note: str = "",
    recipient: Organisation | None = None,
    expires_at: datetime | None = None,
) -> Consent:
    """Add one answer about one purpose; the same `client_id` again adds nothing.

    Raises Refused where the giver cannot give it: somebody else as oneself, a guardian who is none, is
    marked unsafe or is shut out.
    """
    already = Consent.objects.filter(client_id=client_id).first()
    if already is not None:
        return already
    _check_giver(person, giver, basis, at)
    try:
        with transaction.atomic():
            row = Consent.objects.create(
                organisation_id=person.organisation_id,
                sealing_key_id=person.data_key_id,
                person=person,
                giver=giver,
                basis=basis,
                purpose=purpose,
                answer=answer,
                matter=matter,
                recipient=recipient,
                note=note,
                given_at=at,
                expires_at=expires_at,
                client_id=client_id,
            )
    except IntegrityError:
        return Consent.objects.get(client_id=client_id)
    audit.record(
        told(
            by,
            "people.consent.record",
            row,
            subject=person,
            scope=person.organisation.public_id,
            purpose=purpose.value,
            answer=answer.value,
        ),
        at=at,
    )
    return row


def withdraw(*, consent: Consent, by: Actor, at: datetime, client_id: uuid.UUID, note: str = "") -> Consent:
    """Add the row that withdraws an earlier consent; what rests on it must stop at once."""
    return record_consent(
        person=consent.person,
        giver=consent.giver,
        basis=CapacityBasis(consent.basis),
        purpose=ConsentPurpose(consent.purpose),
        answer=ConsentAnswer.WITHDRAWN,
        matter=consent.matter,
        recipient=consent.recipient,
        note=note,
        by=by,
        at=at,
        client_id=client_id,
    )


def current_consent(
    person: Person, purpose: ConsentPurpose, matter: uuid.UUID, *, at: datetime
) -> Consent | None:
    """Return the consent that holds about a matter at a moment; None where there is none, or it was refused
    or ended.
    """
    newest = (
        Consent.objects.filter(person=person, purpose=purpose, matter=matter, given_at__lte=at)
        .order_by("-given_at", "-pk")
        .first()
    )
    if newest is None or newest.answer != ConsentAnswer.GIVEN:
        return None
    if newest.expires_at is not None and newest.expires_at <= at:
        return None
    return newest


def _check_giver(person: Person, giver: Person, basis: CapacityBasis, at: datetime) -> None:
    if basis is not CapacityBasis.GUARDIAN:
        if giver.pk != person.pk:
            raise Refused("not_self", _("Only the person can give this consent."))
        return
    is_guardian = (
        Guardianship.objects.filter(guardian=giver, child=person).exclude(safety=Safety.UNSAFE).exists()
    )
    if not is_guardian or exclusions_against(giver.pk, person.pk, at=at).exists():
        raise Refused("not_guardian", _("This person cannot give consent here."))
