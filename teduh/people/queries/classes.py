"""Classes, their students, and resets that wait."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import ngettext

from teduh.people.access import Actor
from teduh.people.models import Account, ClassGroup, ClassMembership, PasswordReset, Person, RoleGrant
from teduh.people.models.account import NEVER_OWN
from teduh.people.models.person import in_force
from teduh.people.queries.hidden import hidden_from
from teduh.people.queries.paging import page_of
from teduh.people.states import IMPORT_ROLES, STAFF_ROLES, Role

PAGE = 25


@dataclass(frozen=True)
class ClassLine:
    """A class in the list."""

    public_id: uuid.UUID
    name: str
    school_year: str
    homeroom: str
    students: int
    without_own: int

    @property
    def meta(self) -> str:
        """How many students, and whose class it is."""
        n = ngettext("%(n)s student", "%(n)s students", self.students) % {"n": self.students}
        return " · ".join(filter(None, (n, self.homeroom)))

    @property
    def waiting(self) -> str:
        """How many have not been here yet, nothing where all have."""
        if not self.without_own:
            return ""
        return ngettext("%(n)s not here yet", "%(n)s not here yet", self.without_own) % {
            "n": self.without_own
        }


def class_list(actor: Actor, page: str | int = 1) -> "Page[ClassLine]":
    """Return the classes an actor may open, newest school year first (four queries)."""
    hidden = hidden_from(actor)
    current = Q(memberships__ends_on__isnull=True) & ~Q(memberships__person_id__in=hidden)
    own = Account.objects.exclude(NEVER_OWN).filter(person=OuterRef("pk"))
    groups = (
        ClassGroup.objects.visible_to(actor)
        .select_related("homeroom_teacher")
        .annotate(students=Count("memberships", filter=current))
        .order_by("-school_year", "grade", "name", "pk")
    )
    found = Paginator(groups, PAGE).get_page(page)
    shown = list(found.object_list)
    waiting = dict(
        Person.objects.filter(
            class_memberships__ends_on__isnull=True, class_memberships__class_group__in=shown
        )
        .exclude(pk__in=hidden)
        .exclude(Exists(own))
        .values_list("class_memberships__class_group_id")
        .annotate(n=Count("pk"))
        .values_list("class_memberships__class_group_id", "n")
        .order_by()
    )
    return page_of(
        found,
        [
            ClassLine(
                group.public_id,
                group.name,
                group.school_year,
                group.homeroom_teacher.full_name if group.homeroom_teacher else "",
                group.students,  # type: ignore[attr-defined]
                waiting.get(group.pk, 0),
            )
            for group in shown
        ],
    )


@dataclass(frozen=True)
class StudentLine:
    """A student in a class: whether there is an account, and whether its password is their own."""

    public_id: uuid.UUID
    name: str
    username: str
    state: str


@dataclass(frozen=True)
class ClassPage:
    """One class with its students."""

    group: ClassGroup
    students: "Page[StudentLine]"
    cards: int
    may_name_teacher: bool

    @property
    def lead(self) -> str:
        """Whose class it is, else which school."""
        teacher = self.group.homeroom_teacher
        return teacher.full_name if teacher else self.group.organisation.name


def class_page(actor: Actor, public_id: uuid.UUID, page: str | int = 1) -> ClassPage | None:
    """Return one class, None where the actor may not open it."""
    group = (
        ClassGroup.objects.visible_to(actor)
        .select_related("homeroom_teacher", "organisation")
        .filter(public_id=public_id)
        .first()
    )
    if group is None:
        return None
    persons = (
        Person.objects.filter(
            class_memberships__class_group=group,
            class_memberships__ends_on__isnull=True,
            left_on__isnull=True,
        )
        .not_excluding(actor.person_id)
        .select_related("account")
        .order_by("full_name", "pk")
    )
    found = Paginator(persons, 50).get_page(page)
    lines = [_student_line(person) for person in found.object_list]
    return ClassPage(
        group,
        page_of(found, lines),
        sum(1 for line in lines if line.state != "own"),
        actor.has(*IMPORT_ROLES, organisation_id=group.organisation_id),
    )


def _student_line(person: Person) -> StudentLine:
    account = getattr(person, "account", None)
    if account is None:
        return StudentLine(person.public_id, person.full_name, "", "none")
    first = account.must_set_password or not account.has_usable_password()
    return StudentLine(person.public_id, person.full_name, account.username, "first" if first else "own")


def teachers(organisation_id: int, at: datetime) -> list[Person]:
    """Return who may be named homeroom teacher in a school."""
    return list(
        Person.objects.with_role(Role.HOMEROOM_TEACHER, organisation_id, at=at).order_by("full_name")[:200]
    )


@dataclass(frozen=True)
class ResetLine:
    """A reset that waits for the second person."""

    public_id: uuid.UUID
    name: str
    class_name: str
    started_by: str
    started_at: datetime
    expires_at: datetime
    mine: bool


def _confirmable(actor: Actor) -> Q:
    """Resets of staff are for the lead counsellor and the principal to confirm."""
    if actor.has(Role.LEAD_COUNSELLOR, Role.PRINCIPAL):
        return Q()
    staff = RoleGrant.objects.filter(in_force(actor.at), person=OuterRef("person_id"), role__in=STAFF_ROLES)
    return ~Q(Exists(staff))


def open_resets(actor: Actor, page: str | int = 1) -> "Page[ResetLine]":
    """Return the resets that wait in the actor's schools."""
    resets = (
        PasswordReset.objects.visible_to(actor)
        .open(actor.at)
        .filter(_confirmable(actor))
        .select_related("person", "started_by")
        .prefetch_related(
            Prefetch(
                "person__class_memberships",
                ClassMembership.objects.filter(ends_on__isnull=True).select_related("class_group"),
                to_attr="current",
            )
        )
        .order_by("started_at", "pk")
    )
    found = Paginator(resets, PAGE).get_page(page)
    return page_of(
        found,
        [
            ResetLine(
                reset.public_id,
                reset.person.full_name,
                ", ".join(m.class_group.name for m in reset.person.current),  # type: ignore[attr-defined]
                reset.started_by.full_name,
                reset.started_at,
                reset.expires_at,
                reset.started_by_id == actor.person_id,
            )
            for reset in found.object_list
        ],
    )
