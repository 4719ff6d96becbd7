"""Roles, guardians and exclusions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch

from teduh.kernel.sealing import keyring
from teduh.people.access import Actor
from teduh.people.models import Account, Exclusion, Guardianship, Person, RoleGrant
from teduh.people.models.person import in_force
from teduh.people.names_of import RELATIONSHIPS, ROLE_NAMES, SAFETY_NAMES
from teduh.people.policies import may_grant, roles_to_grant
from teduh.people.queries.paging import page_of
from teduh.people.states import ROLES_ROLES, SAFETY_ROLES, Role, Safety

PAGE = 25


@dataclass(frozen=True)
class GrantLine:
    """A role held now."""

    pk: int
    name: str
    since: datetime
    endable: bool


@dataclass(frozen=True)
class PersonLine:
    """A person with the roles held now."""

    public_id: uuid.UUID
    name: str
    username: str
    roles: tuple[str, ...]
    left: bool

    @property
    def words(self) -> str:
        """The roles in one line."""
        return ", ".join(self.roles)


def role_list(actor: Actor, search: str, role: str, page: str | int) -> "Page[PersonLine]":
    """Return persons of the actor's schools with their roles, found by a part of the name (five queries)."""
    persons = Person.objects.visible_to(actor).filter(
        organisation_id__in=actor.organisations_as(*ROLES_ROLES)
    )
    if search:
        persons = persons.filter(full_name__icontains=search)
    if role in Role.__members__.values():
        held = RoleGrant.objects.filter(in_force(actor.at), person=OuterRef("pk"), role=role)
        persons = persons.filter(Exists(held))
    persons = (
        persons.select_related("account")
        .prefetch_related(
            Prefetch("role_grants", RoleGrant.objects.filter(in_force(actor.at)), to_attr="held")
        )
        .order_by("full_name", "pk")
    )
    found = Paginator(persons, PAGE).get_page(page)
    return page_of(
        found,
        [
            PersonLine(
                person.public_id,
                person.full_name,
                getattr(getattr(person, "account", None), "username", ""),
                tuple(str(ROLE_NAMES[Role(grant.role)]) for grant in person.held),  # type: ignore[attr-defined]
                person.left_on is not None,
            )
            for person in found.object_list
        ],
    )


@dataclass(frozen=True)
class PersonRoles:
    """One person's roles, and what the actor may do about them."""

    person: Person
    username: str
    grants: tuple[GrantLine, ...]
    grantable: tuple[Role, ...]
    may_judge_safety: bool
    is_self: bool


def person_roles(actor: Actor, public_id: uuid.UUID) -> PersonRoles | None:
    """Return one person's roles, None where the actor may not know of the person."""
    person = (
        Person.objects.visible_to(actor)
        .filter(organisation_id__in=actor.organisations_as(*ROLES_ROLES), public_id=public_id)
        .select_related("account", "organisation")
        .first()
    )
    if person is None:
        return None
    held = list(RoleGrant.objects.filter(in_force(actor.at), person=person).order_by("starts_at", "pk"))
    mine = person.pk == actor.person_id
    roles = {grant.role for grant in held}
    return PersonRoles(
        person,
        getattr(getattr(person, "account", None), "username", ""),
        tuple(
            GrantLine(
                grant.pk,
                str(ROLE_NAMES[Role(grant.role)]),
                grant.starts_at,
                not mine and bool(may_grant(actor, Role(grant.role), grant.organisation_id)),
            )
            for grant in held
        ),
        () if mine else tuple(r for r in roles_to_grant(actor, person.organisation_id) if r not in roles),
        actor.has(*SAFETY_ROLES, organisation_id=person.organisation_id),
        mine,
    )


@dataclass(frozen=True)
class GuardianLine:
    """A guardian of a child and how contact is judged."""

    pk: int
    name: str
    relationship: str
    safety: str
    safety_name: str
    has_login: bool
    may_have_login: bool


@dataclass(frozen=True)
class ExclusionLine:
    """Somebody who is shut out."""

    public_id: uuid.UUID
    name: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class SafetyPage:
    """Guardians and exclusions of one person."""

    person: Person
    guardians: tuple[GuardianLine, ...]
    exclusions: tuple[ExclusionLine, ...]
    candidates: tuple[Person, ...]


def safety_page(actor: Actor, public_id: uuid.UUID, search: str) -> SafetyPage | None:
    """Return who is guardian and who is shut out, with reasons opened; the caller records the reading."""
    person = (
        Person.objects.visible_to(actor)
        .filter(organisation_id__in=actor.organisations_as(*SAFETY_ROLES), public_id=public_id)
        .select_related("organisation")
        .first()
    )
    if person is None:
        return None
    exclusions = list(
        Exclusion.objects.visible_to(actor)
        .filter(in_force(actor.at), person=person)
        .select_related("excluded")
        .order_by("-starts_at")
    )
    keyring.prime({row.sealing_key_id for row in exclusions})
    candidates: Sequence[Person] = ()
    if search:
        candidates = list(
            Person.objects.in_organisation(person.organisation_id)
            .not_excluding(actor.person_id)
            .filter(full_name__icontains=search)
            .exclude(pk__in=[person.pk, *(row.excluded_id for row in exclusions)])
            .order_by("full_name", "pk")[:10]
        )
    return SafetyPage(
        person,
        _guardian_lines(actor, person),
        tuple(
            ExclusionLine(row.public_id, row.excluded.full_name, row.starts_at, row.reason.open())
            for row in exclusions
        ),
        tuple(candidates),
    )


def _guardian_lines(actor: Actor, child: Person) -> tuple[GuardianLine, ...]:
    """Return the guardians of a child; a log-in is offered where the action would open one (one query)."""
    guardian = OuterRef("guardian")
    out = Exclusion.objects.filter(in_force(actor.at), excluded=guardian, person=OuterRef("child"))
    unsafe = Guardianship.objects.filter(guardian=guardian, safety=Safety.UNSAFE)
    rows: list[Any] = list(
        Guardianship.objects.visible_to(actor)
        .filter(child=child)
        .select_related("guardian")
        .annotate(
            has_login=Exists(Account.objects.filter(person=guardian)),
            kept_out=Exists(unsafe) | Exists(out),
        )
        .order_by("relationship", "pk")
    )
    return tuple(
        GuardianLine(
            row.pk,
            row.guardian.full_name,
            str(RELATIONSHIPS.get(row.relationship, row.relationship)),
            row.safety,
            str(SAFETY_NAMES[Safety(row.safety)]),
            row.has_login,
            row.safety == Safety.SAFE and not row.has_login and not row.kept_out,
        )
        for row in rows
    )
