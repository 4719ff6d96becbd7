"""Who acts, and what a decision is. Access is a relationship, not a role; roles only open doors to pages."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.kernel.prepared import Prepared
from teduh.people.models import Account, Person, RoleGrant
from teduh.people.models.person import in_force
from teduh.people.states import STAFF_ROLES, Role


@dataclass(frozen=True)
class Grant:
    """A role held now, and where."""

    role: Role
    organisation_id: int


@dataclass(frozen=True)
class Decision:
    """The answer to "may they?", with the reason as a code for logs and tests."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person with the roles held now, the system itself, or an anonymous visitor."""

    person_id: int | None = None
    person_public_id: uuid.UUID | None = None
    organisation_id: int | None = None
    organisation_public_id: uuid.UUID | None = None
    organisation_name: str = ""
    name: str = ""
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    at: datetime = field(default_factory=clock.now)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.person_id is None and not self.is_system

    @property
    def own_id(self) -> int:
        """The id of the person who acts.

        Raises NotVisible for a visitor and for the system, who are nobody.
        """
        if self.person_id is None:
            raise NotVisible
        return self.person_id

    @property
    def is_staff(self) -> bool:
        """Whether any role held needs a second factor."""
        return any(grant.role in STAFF_ROLES for grant in self.grants)

    def has(self, *roles: Role, organisation_id: int | None = None) -> bool:
        """Tell whether one of the roles is held, in the given organisation where one is named."""
        return any(
            grant.role in roles and organisation_id in (None, grant.organisation_id) for grant in self.grants
        )

    def organisations_as(self, *roles: Role) -> tuple[int, ...]:
        """Return the organisations in which one of the roles is held."""
        return tuple({grant.organisation_id for grant in self.grants if grant.role in roles})

    @property
    def main_role(self) -> Role | None:
        """The role whose home page is shown first; the list order below decides where several are held."""
        held = {grant.role for grant in self.grants}
        return next((role for role in HOME_ORDER if role in held), None)


#: Which home a person with several roles sees first; others are reachable from it.
HOME_ORDER = (
    Role.LEAD_COUNSELLOR,
    Role.COUNSELLOR,
    Role.PEER_SUPERVISOR,
    Role.CASEWORKER,
    Role.PRINCIPAL,
    Role.DISTRICT_OFFICER,
    Role.HOMEROOM_TEACHER,
    Role.TEACHER,
    Role.PEER_SUPPORTER,
    Role.STUDENT,
    Role.GUARDIAN,
    Role.TECHNICAL_ADMIN,
)

ANONYMOUS = Actor()


def system_actor() -> Actor:
    """Return the actor of jobs and clocks."""
    return Actor(is_system=True, name="Teduh")


_HELD = Prepared(
    lambda person, at: (
        RoleGrant.objects.filter(in_force(at), person_id=person)
        .order_by("pk")
        .values_list("role", "organisation_id")
    ),
    person=int,
    at=datetime,
)


def actor_of(person: Person, *, at: datetime | None = None) -> Actor:
    """Return a person as actor with the roles held at a moment (one query, besides the person's
    organisation).
    """
    moment = at or clock.now()
    held = _HELD.rows(person=person.pk, at=moment)
    return Actor(
        person_id=person.pk,
        person_public_id=person.public_id,
        organisation_id=person.organisation_id,
        organisation_public_id=person.organisation.public_id,
        organisation_name=person.organisation.name,
        name=person.full_name,
        grants=tuple(Grant(Role(role), organisation) for role, organisation in held),
        at=moment,
    )


def actor_of_account(account: Account) -> Actor:
    """Return the person behind an account as actor (two queries)."""
    person = Person.objects.select_related("organisation").get(pk=account.person_id)
    return actor_of(person)
