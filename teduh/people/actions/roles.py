"""Give and end roles, register staff, name homeroom teachers, judge guardians, lift exclusions."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor, actor_of
from teduh.people.actions import persons
from teduh.people.actions.cards import Card
from teduh.people.actions.passwords import initial_password
from teduh.people.models import Account, ClassGroup, Exclusion, Guardianship, Organisation, Person, RoleGrant
from teduh.people.models.person import exclusions_against
from teduh.people.names import new_usernames
from teduh.people.policies import may_grant, may_set_safety
from teduh.people.states import CARE_ROLES, CLASS_ROLES, Role, Safety
from teduh.people.told import told

_NOT_ONESELF = _("Nobody changes their own roles. Please ask a colleague.")
_APART = _("Who runs the technology must not also open what students confide. These roles stay apart.")


@dataclass(frozen=True)
class NewStaff:
    """A registered member of staff and the card with the one-time password."""

    person: Person
    card: Card


def give_role(
    *, person: Person, organisation: Organisation, role: Role, by: Actor, at: datetime
) -> RoleGrant:
    """Give a role by somebody who may; giving it again changes nothing.

    Raises NotVisible where the actor may not give roles there, Refused for oneself or for roles that must
    stay apart.
    """
    if not may_grant(by, role, organisation.pk):
        raise NotVisible
    if person.pk == by.person_id:
        raise Refused("self", _NOT_ONESELF, field="role")
    _keep_apart(frozenset(grant.role for grant in actor_of(person, at=at).grants), role)
    return persons.grant_role(person=person, organisation=organisation, role=role, by=by, at=at)


def take_role(*, grant: RoleGrant, by: Actor, at: datetime) -> None:
    """End a role by somebody who may; the last lead counsellor and the last technical admin stay.

    Raises NotVisible where the actor may not, Refused for oneself or the last one.
    """
    role = Role(grant.role)
    if not may_grant(by, role, grant.organisation_id):
        raise NotVisible
    if grant.person_id == by.person_id:
        raise Refused("self", _NOT_ONESELF)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=grant.organisation_id)
        held = RoleGrant.objects.filter(
            organisation_id=grant.organisation_id, role=role, ends_at__isnull=True
        )
        if role in {Role.LEAD_COUNSELLOR, Role.TECHNICAL_ADMIN} and not held.exclude(pk=grant.pk).exists():
            raise Refused("last", _("This is the last one. Give the role to somebody else first."))
        persons.end_role(grant=grant, by=by, at=at)


def _keep_apart(held: frozenset[Role], role: Role) -> None:
    if (role is Role.TECHNICAL_ADMIN and held & CARE_ROLES) or (
        role in CARE_ROLES and Role.TECHNICAL_ADMIN in held
    ):
        raise Refused("apart", _APART, field="role")


@transaction.atomic
def register_staff(
    *, organisation: Organisation, full_name: str, email: str, role: Role, by: Actor, at: datetime
) -> NewStaff:
    """Register a member of staff with an account and a one-time password.

    Raises NotVisible where the actor may not give this role, Refused where the address has an account
    already.
    """
    if not may_grant(by, role, organisation.pk):
        raise NotVisible
    if Account.objects.filter(email=email.strip().lower()).exists():
        raise Refused("email", _("This address has an account already."), field="email")
    person = persons.register_person(
        organisation=organisation, full_name=full_name, roles=(role,), by=by, at=at
    )
    username, password = new_usernames([full_name])[0], initial_password()
    persons.open_account(
        person=person, username=username, password=password, email=email, must_set_password=True, by=by, at=at
    )
    return NewStaff(person, Card(full_name, username, password))


@transaction.atomic
def name_homeroom_teacher(
    *, class_group: ClassGroup, teacher: Person | None, by: Actor, at: datetime
) -> None:
    """Say who is homeroom teacher of a class.

    Raises NotVisible where the actor may not, Refused where the person does not hold the role.
    """
    if not by.has(*CLASS_ROLES, organisation_id=class_group.organisation_id):
        raise NotVisible
    if teacher is not None and not actor_of(teacher, at=at).has(
        Role.HOMEROOM_TEACHER, organisation_id=class_group.organisation_id
    ):
        raise Refused("no_role", _("This person is not a homeroom teacher yet."), field="teacher")
    changed = ClassGroup.objects.filter(pk=class_group.pk).exclude(homeroom_teacher=teacher)
    if changed.update(homeroom_teacher=teacher):
        audit.record(told(by, "people.class.homeroom", class_group, scope=class_group.organisation), at=at)


@transaction.atomic
def judge_guardian(*, guardianship: Guardianship, safety: Safety, by: Actor, at: datetime) -> Guardianship:
    """Say whether contact with a guardian is safe for the child; unsafe shuts the guardian out at once.

    Back to safe does not lift an exclusion: that is a step of its own, taken on purpose.
    Raises NotVisible where the actor may not, Refused for oneself.
    """
    child = guardianship.child
    if not may_set_safety(by, child.organisation_id):
        raise NotVisible
    if guardianship.guardian_id == by.person_id:
        raise Refused(
            "self", _("You cannot judge this about yourself. Please ask a colleague."), field="safety"
        )
    if guardianship.safety == safety:
        return guardianship
    return persons.set_guardian(
        guardian=guardianship.guardian,
        child=child,
        relationship=guardianship.relationship,
        safety=safety,
        by=by,
        at=at,
    )


@transaction.atomic
def open_guardian_login(*, guardianship: Guardianship, by: Actor, at: datetime) -> Card:
    """Open a log-in for a guardian with whom contact is safe; return the card with the one-time password.

    Somebody who is shut out from the child, or unsafe for another child, gets none.
    Raises NotVisible where the actor may not, Refused where the guardian is not safe or has an account.
    """
    guardian = (
        Person.objects.select_for_update().select_related("organisation").get(pk=guardianship.guardian_id)
    )
    if not may_set_safety(by, guardianship.child.organisation_id):
        raise NotVisible
    if guardian.pk == by.person_id:
        raise Refused("self", _("You cannot judge this about yourself. Please ask a colleague."))
    wards = Guardianship.objects.select_for_update().filter(guardian=guardian)
    safety = {row.pk: row.safety for row in wards}
    if (
        safety.get(guardianship.pk) != Safety.SAFE
        or Safety.UNSAFE in safety.values()
        or exclusions_against(guardian.pk, guardianship.child_id, at=at).exists()
    ):
        raise Refused("not_safe", _("A log-in is only for guardians with whom contact is safe."))
    if Account.objects.filter(person=guardian).exists():
        raise Refused("account", _("This guardian has a log-in already."))
    username, password = new_usernames([guardian.full_name])[0], initial_password()
    persons.grant_role(
        person=guardian, organisation=guardianship.child.organisation, role=Role.GUARDIAN, by=by, at=at
    )
    persons.open_account(
        person=guardian, username=username, password=password, must_set_password=True, by=by, at=at
    )
    return Card(guardian.full_name, username, password)


@transaction.atomic
def shut_out(*, person: Person, excluded: Person, reason: str, by: Actor, at: datetime) -> Exclusion:
    """Shut somebody out from all that concerns a person; one who is shut out already stays so.

    Raises NotVisible where the actor may not, Refused where it makes no sense.
    """
    if not may_set_safety(by, person.organisation_id):
        raise NotVisible
    if excluded.pk == person.pk:
        raise Refused("self", _("Nobody can be shut out from themself."), field="excluded")
    if excluded.pk == by.person_id:
        raise Refused("self", _("To step back yourself, ask a colleague to do it."), field="excluded")
    Person.objects.select_for_update().get(pk=person.pk)
    held = Exclusion.objects.filter(person=person, excluded=excluded, ends_at__isnull=True).first()
    return held or persons.exclude(person=person, excluded=excluded, reason=reason, by=by, at=at)


@transaction.atomic
def lift_exclusion(*, exclusion: Exclusion, by: Actor, at: datetime) -> None:
    """End an exclusion; history keeps that it held. A guardian marked unsafe must be judged anew first.

    Raises NotVisible where the actor may not, Refused while the guardian is marked unsafe.
    """
    if not may_set_safety(by, exclusion.person.organisation_id) or exclusion.excluded_id == by.person_id:
        raise NotVisible
    unsafe = Guardianship.objects.filter(
        guardian=exclusion.excluded_id, child=exclusion.person_id, safety=Safety.UNSAFE
    )
    if unsafe.exists():
        raise Refused(
            "unsafe", _("This guardian is marked unsafe. Change that first, if it is no longer true.")
        )
    if Exclusion.objects.filter(pk=exclusion.pk, ends_at__isnull=True).update(ends_at=at):
        audit.record(
            told(
                by,
                "people.exclusion.lift",
                exclusion,
                subject=exclusion.person,
                scope=exclusion.person.organisation,
            ),
            at=at,
        )
