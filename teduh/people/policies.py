"""May they? Each answer is a decision with its reason."""

from teduh.people.access import Actor, Decision
from teduh.people.states import (
    GIVEN_BY_LEAD,
    IMPORT_ROLES,
    RESET_ANCHORS,
    RESET_CONFIRM_ROLES,
    RESET_START_ROLES,
    ROLES_ROLES,
    SAFETY_ROLES,
    STAFF_ROLES,
    Role,
)


def may_import(actor: Actor, organisation_id: int) -> Decision:
    """Tell whether the actor may bring a student list into a school."""
    if actor.is_system or actor.has(*IMPORT_ROLES, organisation_id=organisation_id):
        return Decision(True, "role")
    return Decision(False, "no_role")


def may_print_cards(actor: Actor, organisation_id: int, homeroom_teacher_id: int | None) -> Decision:
    """Tell whether the actor may print the cards of a class: counsellors, technical admin, its homeroom
    teacher.
    """
    if actor.has(*IMPORT_ROLES, organisation_id=organisation_id):
        return Decision(True, "role")
    if homeroom_teacher_id == actor.person_id and actor.has(
        Role.HOMEROOM_TEACHER, organisation_id=organisation_id
    ):
        return Decision(True, "homeroom")
    return Decision(False, "no_role")


def may_grant(actor: Actor, role: Role, organisation_id: int) -> Decision:
    """Tell whether the actor may give or end a role in an organisation.

    Roles that open what others confide are given by the lead counsellor only: who administers the
    technology must not be able to open a door for themself or a friend. Students come by import.
    """
    if actor.is_system:
        return Decision(True, "system")
    if role == Role.STUDENT:
        return Decision(False, "by_import")
    if role in GIVEN_BY_LEAD:
        allowed = actor.has(Role.LEAD_COUNSELLOR, organisation_id=organisation_id)
        return Decision(allowed, "lead" if allowed else "care_role")
    allowed = actor.has(Role.TECHNICAL_ADMIN, organisation_id=organisation_id)
    return Decision(allowed, "admin" if allowed else "no_role")


def roles_to_grant(actor: Actor, organisation_id: int) -> list[Role]:
    """Return the roles the actor may give there."""
    return [role for role in Role if may_grant(actor, role, organisation_id)]


def may_set_safety(actor: Actor, organisation_id: int) -> Decision:
    """Tell whether the actor may say which guardian is safe and who is shut out."""
    allowed = actor.has(*SAFETY_ROLES, organisation_id=organisation_id)
    return Decision(allowed, "counsellor" if allowed else "no_role")


def may_start_reset(actor: Actor, organisation_id: int, roles: frozenset[Role]) -> Decision:
    """Tell whether the actor may begin to reset the password of somebody who holds `roles`.

    Of staff, only the lead counsellor or technical admin may, and the other kind or the principal confirms.
    """
    starters = (Role.LEAD_COUNSELLOR, Role.TECHNICAL_ADMIN) if roles & STAFF_ROLES else RESET_START_ROLES
    allowed = actor.has(*starters, organisation_id=organisation_id)
    return Decision(allowed, "role" if allowed else "no_role")


def may_confirm_reset(
    actor: Actor, organisation_id: int, roles: frozenset[Role], *, started_by: Actor, person: int
) -> Decision:
    """Tell whether the actor may be the second person of a reset: never the first one, never the one it is
    about, and one of the two is somebody whom an administrator cannot have made up.
    """
    if actor.person_id in {started_by.person_id, person}:
        return Decision(False, "same_person")
    confirmers = (Role.LEAD_COUNSELLOR, Role.PRINCIPAL) if roles & STAFF_ROLES else RESET_CONFIRM_ROLES
    if not actor.has(*confirmers, organisation_id=organisation_id):
        return Decision(False, "no_role")
    anchored = any(_is_anchor(one, organisation_id) for one in (actor, started_by))
    return Decision(anchored, "role" if anchored else "no_anchor")


def _is_anchor(actor: Actor, organisation_id: int) -> bool:
    return actor.has(*RESET_ANCHORS, organisation_id=organisation_id) and not actor.has(Role.TECHNICAL_ADMIN)


def may_set_phone(actor: Actor, organisation_id: int) -> Decision:
    """Tell whether the actor may say which number stands on the crisis card of an organisation."""
    allowed = actor.has(*ROLES_ROLES, organisation_id=organisation_id)
    return Decision(allowed, "role" if allowed else "no_role")
