"""Add organisations with their first member of staff, and keep their phone."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor
from teduh.people.actions import persons
from teduh.people.actions.roles import NewStaff, register_staff
from teduh.people.models import Organisation
from teduh.people.policies import may_set_phone
from teduh.people.states import OrganisationKind, Role
from teduh.people.told import told

#: What the first member of staff does where nothing else is said.
FIRST_ROLES = {
    OrganisationKind.DISTRICT: Role.DISTRICT_OFFICER,
    OrganisationKind.SCHOOL: Role.LEAD_COUNSELLOR,
    OrganisationKind.CAMPUS: Role.LEAD_COUNSELLOR,
    OrganisationKind.COMMUNITY_POST: Role.CASEWORKER,
    OrganisationKind.PROVIDER: Role.CASEWORKER,
}
#: Digits in a number that can be dialled: from short service numbers (110, 119) to E.164, which ends at 15.
PHONE_DIGITS = (3, 15)


def plain_phone(text: str) -> str:
    """Return a phone number with single blanks between its groups; empty stays empty.

    Raises Refused where it could not be dialled: people in need tap it.
    """
    phone = " ".join(text.split())
    digits = sum(sign in "0123456789" for sign in phone)
    wrong = not re.fullmatch(r"[+(]?[0-9][0-9 ().-]*", phone) or len(phone) > 30
    if phone and (wrong or not PHONE_DIGITS[0] <= digits <= PHONE_DIGITS[1]):
        raise Refused("phone", _("This is no phone number. An example: 0812-3456-7890."), field="phone")
    return phone


@transaction.atomic
def set_phone(*, organisation: Organisation, phone: str, by: Actor, at: datetime) -> None:
    """Keep the number on the crisis card of the students; the same number again changes nothing.

    Raises NotVisible where the actor may not, Refused where it is no number.
    """
    if not may_set_phone(by, organisation.pk):
        raise NotVisible
    plain = plain_phone(phone)
    if Organisation.objects.filter(pk=organisation.pk).exclude(phone=plain).update(phone=plain):
        audit.record(told(by, "people.organisation.phone", organisation, scope=organisation), at=at)


@transaction.atomic
def register_first(
    *, organisation: Organisation, full_name: str, email: str, role: Role, by: Actor, at: datetime
) -> NewStaff:
    """Register a member of staff in an organisation where nobody can do it yet; a lead counsellor counsels
    as well.

    Raises NotVisible and Refused as `register_staff` does.
    """
    made = register_staff(
        organisation=organisation, full_name=full_name, email=email, role=role, by=by, at=at
    )
    if role is Role.LEAD_COUNSELLOR:
        persons.grant_role(person=made.person, organisation=organisation, role=Role.COUNSELLOR, by=by, at=at)
    return made
