"""May they? A guardian counts only where contact is safe for the child; unknown is not safe."""

from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor
from teduh.people.models import ClassGroup, Guardianship, Person
from teduh.people.models.person import PersonQuerySet
from teduh.people.states import Role, Safety


def wards_of(actor: Actor) -> PersonQuerySet:
    """Return the children whose guardian the actor safely is; an exclusion always wins.

    An unsafe guardian gets what a guardian without children gets: nothing, and no word about it.
    """
    if actor.person_id is None or not actor.has(Role.GUARDIAN):
        return Person.objects.none()
    safe = Guardianship.objects.filter(guardian_id=actor.person_id, safety=Safety.SAFE)
    return Person.objects.filter(pk__in=safe.values("child_id"), left_on__isnull=True).not_excluding(
        actor.person_id, at=actor.at
    )


def classes_of(actor: Actor) -> "list[ClassGroup]":
    """Return the classes of the newest school year whose homeroom teacher the actor is."""
    if actor.person_id is None:
        return []
    schools = actor.organisations_as(Role.HOMEROOM_TEACHER)
    groups = list(
        ClassGroup.objects.filter(homeroom_teacher_id=actor.person_id, organisation_id__in=schools).order_by(
            "-school_year", "name"
        )
    )
    return [group for group in groups if group.school_year == groups[0].school_year]


def students_of(actor: Actor, groups: "list[ClassGroup]") -> PersonQuerySet:
    """Return the students who are in these classes now, leaving out those from whom the actor is excluded."""
    return (
        Person.objects.filter(
            class_memberships__class_group__in=groups,
            class_memberships__ends_on__isnull=True,
            left_on__isnull=True,
        )
        .not_excluding(actor.person_id, at=actor.at)
        .order_by("full_name", "pk")
    )


def insist_on_ward(actor: Actor, child: Person) -> int:
    """Return the guardian's id.

    Raises NotVisible where the child is not a ward of the actor.
    """
    if actor.person_id is None or not wards_of(actor).filter(pk=child.pk).exists():
        raise NotVisible
    return actor.person_id
