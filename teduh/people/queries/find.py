"""Finds one thing that an actor may see; raises NotVisible for what is not there and for what is not theirs
alike.
"""

import uuid
from typing import TypeVar

from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor
from teduh.people.models import (
    ClassGroup,
    Exclusion,
    Guardianship,
    PasswordReset,
    Person,
    RoleGrant,
    StudentImport,
)
from teduh.people.models.person import in_force
from teduh.people.states import ROLES_ROLES

T = TypeVar("T")


def class_group(actor: Actor, public_id: uuid.UUID) -> ClassGroup:
    """Return a class with its school."""
    return _first(
        ClassGroup.objects.visible_to(actor)
        .select_related("organisation")
        .filter(public_id=public_id)
        .first()
    )


def person(actor: Actor, public_id: uuid.UUID) -> Person:
    """Return a person with their school."""
    return _first(
        Person.objects.visible_to(actor).select_related("organisation").filter(public_id=public_id).first()
    )


def grant(actor: Actor, public_id: uuid.UUID, pk: int) -> RoleGrant:
    """Return a role that a person of the actor's schools holds now."""
    owner = person(actor, public_id)
    return _first(
        RoleGrant.objects.filter(
            in_force(actor.at), pk=pk, person=owner, organisation_id__in=actor.organisations_as(*ROLES_ROLES)
        )
        .select_related("person", "organisation")
        .first()
    )


def guardianship(actor: Actor, public_id: uuid.UUID, pk: int) -> Guardianship:
    """Return a guardianship of a child."""
    return _first(
        Guardianship.objects.visible_to(actor)
        .select_related("guardian", "child__organisation")
        .filter(child__public_id=public_id, pk=pk)
        .first()
    )


def exclusion(actor: Actor, public_id: uuid.UUID) -> Exclusion:
    """Return an exclusion in force."""
    return _first(
        Exclusion.objects.visible_to(actor)
        .select_related("person__organisation")
        .filter(in_force(actor.at), public_id=public_id)
        .first()
    )


def reset(actor: Actor, public_id: uuid.UUID) -> PasswordReset:
    """Return a reset."""
    return _first(
        PasswordReset.objects.visible_to(actor)
        .select_related("person", "organisation")
        .filter(public_id=public_id)
        .first()
    )


def upload(actor: Actor, public_id: uuid.UUID) -> StudentImport:
    """Return an uploaded list."""
    return _first(
        StudentImport.objects.visible_to(actor)
        .select_related("organisation", "uploaded_by")
        .filter(public_id=public_id)
        .first()
    )


def _first(found: T | None) -> T:
    if found is None:
        raise NotVisible
    return found
