"""Make organisations and persons, give and end roles, exclude."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from teduh.kernel import audit
from teduh.kernel.sealing.keyring import new_data_keys
from teduh.people import hooks
from teduh.people.access import Actor
from teduh.people.models import (
    Account,
    ClassGroup,
    ClassMembership,
    Exclusion,
    Guardianship,
    Organisation,
    Person,
    RoleGrant,
)
from teduh.people.states import OrganisationKind, Role, Safety
from teduh.people.told import told


@transaction.atomic
def found_organisation(
    *,
    kind: OrganisationKind,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    parent: Organisation | None = None,
    school_level: str = "",
    phone: str = "",
    is_demo: bool = False,
) -> Organisation:
    """Add an organisation to the tree; the code is how imports and commands name it."""
    organisation = Organisation.objects.create(
        kind=kind,
        code=code,
        name=name,
        parent=parent,
        school_level=school_level,
        phone=phone,
        is_demo=is_demo,
    )
    organisation.path = f"{parent.path if parent else '/'}{organisation.pk}/"
    organisation.save(update_fields=["path"])
    audit.record(told(by, "people.organisation.found", organisation, scope=organisation), at=at)
    return organisation


@transaction.atomic
def register_person(
    *,
    organisation: Organisation,
    full_name: str,
    by: Actor,
    at: datetime,
    roles: tuple[Role, ...] = (),
    **fields: Any,
) -> Person:
    """Register one person with a data key of their own and, where given, roles that begin now."""
    return register_persons(
        organisation=organisation, rows=[{"full_name": full_name, **fields}], by=by, at=at, roles=roles
    )[0]


@transaction.atomic
def register_persons(
    *,
    organisation: Organisation,
    rows: list[dict[str, Any]],
    by: Actor,
    at: datetime,
    roles: tuple[Role, ...] = (),
) -> list[Person]:
    """Register many persons with few queries; each has a data key of their own."""
    keys = new_data_keys(organisation.public_id, len(rows))
    persons = Person.objects.bulk_create(
        [Person(organisation=organisation, data_key=key, **row) for key, row in zip(keys, rows, strict=True)]
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(
                person=person, organisation=organisation, role=role, starts_at=at, granted_by_id=by.person_id
            )
            for person in persons
            for role in roles
        ]
    )
    audit.record(
        *(
            told(by, "people.person.register", person, subject=person, scope=organisation)
            for person in persons
        ),
        at=at,
    )
    return persons


@transaction.atomic
def grant_role(
    *, person: Person, organisation: Organisation, role: Role, by: Actor, at: datetime
) -> RoleGrant:
    """Give a role from now on; giving it again changes nothing."""
    grant, made = RoleGrant.objects.get_or_create(
        person=person,
        organisation=organisation,
        role=role,
        ends_at=None,
        defaults={"starts_at": at, "granted_by_id": by.person_id},
    )
    if made:
        audit.record(
            told(by, "people.role.grant", subject=person, scope=organisation, role=role.value), at=at
        )
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: Actor, at: datetime) -> None:
    """End a role now, and with it what it opened; history keeps that it was held."""
    if RoleGrant.objects.filter(pk=grant.pk, ends_at__isnull=True).update(ends_at=at):
        # Before the audit row: listeners lock rows, and the chain's lock comes last everywhere.
        hooks.role_ended.announce(grant, by, at)
        audit.record(
            told(by, "people.role.end", subject=grant.person, scope=grant.organisation, role=grant.role),
            at=at,
        )


@transaction.atomic
def open_account(
    *, person: Person, username: str, by: Actor, at: datetime, password: str | None = None, **fields: Any
) -> Account:
    """Give a person a log-in; without a password it waits for a class card or a reset."""
    account = Account.objects.create_user(username, password, person=person, **fields)
    audit.record(told(by, "people.account.open", account, subject=person, scope=person.organisation), at=at)
    return account


@transaction.atomic
def exclude(
    *, person: Person, excluded: Person, reason: str, by: Actor, at: datetime, ends_at: datetime | None = None
) -> Exclusion:
    """Shut a person out from everything about another, even from its existence."""
    row = Exclusion.objects.create(
        sealing_key=person.data_key,
        person=person,
        excluded=excluded,
        reason=reason,
        set_by_id=by.person_id,
        starts_at=at,
        ends_at=ends_at,
    )
    hooks.person_shut_out.announce(row, by, at)
    audit.record(told(by, "people.exclusion.set", row, subject=person, scope=person.organisation), at=at)
    return row


@transaction.atomic
def set_guardian(
    *, guardian: Person, child: Person, relationship: str, safety: Safety, by: Actor, at: datetime
) -> Guardianship:
    """Record or change who is guardian of whom; an unsafe guardian is excluded as well."""
    row, _ = Guardianship.objects.update_or_create(
        guardian=guardian, child=child, defaults={"relationship": relationship, "safety": safety}
    )
    audit.record(
        told(by, "people.guardian.set", subject=child, scope=child.organisation, safety=safety.value), at=at
    )
    already = Exclusion.objects.filter(person=child, excluded=guardian, ends_at__isnull=True)
    if safety == Safety.UNSAFE and not already.exists():
        exclude(
            person=child, excluded=guardian, reason=gettext("This guardian is marked unsafe."), by=by, at=at
        )
    return row


@transaction.atomic
def place_in_class(*, person: Person, class_group: ClassGroup, on: date) -> None:
    """Put a student into a class from a day on, ending the former one; the same class again changes
    nothing.
    """
    current = ClassMembership.objects.filter(person=person, ends_on__isnull=True).first()
    if current is not None:
        if current.class_group_id == class_group.pk:
            return
        current.ends_on = on
        current.save(update_fields=["ends_on"])
    ClassMembership.objects.create(person=person, class_group=class_group, starts_on=on)
