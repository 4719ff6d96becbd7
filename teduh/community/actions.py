"""What guardians and students decide: consent rows, append-only."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.community.policies import insist_on_ward
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.ids import new_public_id
from teduh.people.access import Actor
from teduh.people.age import is_minor
from teduh.people.models import Consent, Person
from teduh.people.states import CapacityBasis, ConsentAnswer, ConsentPurpose
from teduh.people.told import told

#: What a guardian is asked about.
ASKED_OF_GUARDIANS = (ConsentPurpose.SCREENING, ConsentPurpose.PEER_TRAINING)


@transaction.atomic
def answer_as_guardian(
    *,
    child: Person,
    purpose: ConsentPurpose | str,
    agrees: bool,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Consent:
    """Record a safe guardian's answer about one purpose; a "no" after a "yes" withdraws. Twice is once.

    Raises Refused for a purpose that guardians are not asked about; NotVisible for a child who is not a ward.
    """
    guardian = insist_on_ward(by, child)
    if purpose not in ASKED_OF_GUARDIANS:
        raise Refused("purpose_unknown", _("This question is not asked here."), field="purpose")
    return _answer(
        child, guardian, CapacityBasis.GUARDIAN, ConsentPurpose(purpose), agrees, by, at, client_id
    )


@transaction.atomic
def answer_about_sharing(*, agrees: bool, by: Actor, at: datetime, client_id: uuid.UUID) -> Consent:
    """Record whether a student lets their safe guardians see the times of appointments. Twice is once.

    Raises NotVisible for an actor who is no person.
    """
    if by.person_id is None:
        raise NotVisible
    student = Person.objects.select_related("organisation").get(pk=by.person_id)
    basis = CapacityBasis.SELF_ADULT if not is_minor(student, at) else CapacityBasis.SELF_MATURE_MINOR
    return _answer(student, student.pk, basis, ConsentPurpose.SHARE_WITH_GUARDIAN, agrees, by, at, client_id)


def _answer(
    person: Person,
    giver_id: int,
    basis: CapacityBasis,
    purpose: ConsentPurpose,
    agrees: bool,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Consent:
    # The same form twice at the same moment: the second waits here and finds the first.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = Consent.objects.filter(client_id=client_id).first()
    if known is not None:
        if (known.person_id, known.giver_id) != (person.pk, giver_id):
            raise NotVisible
        if (known.answer == ConsentAnswer.GIVEN) == agrees:
            return known
        # Back in the browser and another choice: a change of mind must never pass for the answer of before.
        client_id = new_public_id()
    former = (
        Consent.objects.filter(person=person, giver_id=giver_id, purpose=purpose)
        .order_by("-given_at", "-pk")
        .first()
    )
    given_before = former is not None and former.answer == ConsentAnswer.GIVEN
    if former is not None and given_before == agrees:
        return former
    if agrees:
        answer = ConsentAnswer.GIVEN
    else:
        answer = ConsentAnswer.WITHDRAWN if given_before else ConsentAnswer.REFUSED
    row = Consent.objects.create(
        organisation_id=person.organisation_id,
        sealing_key_id=person.data_key_id,
        person=person,
        giver_id=giver_id,
        basis=basis,
        purpose=purpose,
        answer=answer,
        matter=former.matter if former else new_public_id(),
        given_at=at,
        client_id=client_id,
    )
    audit.record(
        told(
            by,
            "community.consent.answer",
            row,
            subject=person,
            scope=person.organisation,
            purpose=purpose.value,
            answer=answer.value,
        ),
        at=at,
    )
    return row
