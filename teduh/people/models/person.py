"""Persons, their roles, their guardians, and who is excluded from what concerns them."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.kernel import clock
from teduh.kernel.ids import new_public_id
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access_types import ViewerLike
from teduh.people.models.organisation import ClassMembership, Organisation
from teduh.people.states import CLASS_ROLES, SAFETY_ROLES, Role, Safety


def in_force(at: datetime, prefix: str = "") -> Q:
    """Return the filter for rows that hold at a moment: begun, and not ended (`starts_at`, `ends_at`)."""
    return Q(**{f"{prefix}starts_at__lte": at}) & (
        Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
    )


class PersonQuerySet(models.QuerySet["Person"]):
    """Chainable filters over persons."""

    def in_organisation(self, organisation_id: int) -> "PersonQuerySet":
        """Keep the persons of one organisation."""
        return self.filter(organisation_id=organisation_id)

    def with_role(self, role: Role, organisation_id: int, *, at: datetime | None = None) -> "PersonQuerySet":
        """Keep the persons who hold a role in an organisation at a moment."""
        held = RoleGrant.objects.filter(
            in_force(at or clock.now()), person=OuterRef("pk"), role=role, organisation_id=organisation_id
        )
        return self.filter(Exists(held))

    def not_excluding(self, viewer_id: int | None, *, at: datetime | None = None) -> "PersonQuerySet":
        """Leave out the persons from whose matters the viewer is excluded."""
        return self.exclude(Exists(exclusions_against(viewer_id, OuterRef("pk"), at=at)))

    def visible_to(self, actor: ViewerLike, *, at: datetime | None = None) -> "PersonQuerySet":
        """Keep whom the actor may know of by name: oneself, one's class, all of the schools where one's
        role needs it.

        Exclusions win over every role. Content about a person is another matter and follows the care team.
        """
        own_class = ClassMembership.objects.filter(
            person=OuterRef("pk"),
            ends_on__isnull=True,
            class_group__homeroom_teacher_id=actor.person_id,
            class_group__organisation_id__in=actor.organisations_as(Role.HOMEROOM_TEACHER),
        )
        reach = Q(pk=actor.person_id) | Q(organisation_id__in=actor.organisations_as(*CLASS_ROLES))
        if actor.organisations_as(Role.HOMEROOM_TEACHER):
            reach |= Q(Exists(own_class))
        return self.filter(reach).not_excluding(actor.person_id, at=at)


class Person(models.Model):
    """A human being known to an organisation, with or without an account; `data_key` seals what is written
    about them.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="persons")
    data_key = models.OneToOneField("kernel.DataKey", on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=160)
    nickname = models.CharField(max_length=40, blank=True)
    nisn = models.CharField(max_length=10, blank=True)
    nipd = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "nisn"], condition=~Q(nisn=""), name="nisn_once_an_organisation"
            )
        ]
        indexes = [models.Index(fields=["organisation", "full_name"], name="person_org_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def called(self) -> str:
        """How the person is addressed: the nickname, else the first name."""
        return self.nickname or self.full_name.split()[0]


class RoleGrant(models.Model):
    """A role of a person in an organisation, from a moment until a moment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(r.value, r.name) for r in Role])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ends_at__isnull=True),
                name="role_held_once",
            ),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="role_known"),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="role_grant_org_role")]


class AboutChildQuerySet(models.QuerySet["Guardianship"]):
    """Chainable filters over guardianships."""

    def visible_to(self, actor: ViewerLike) -> "AboutChildQuerySet":
        """Keep those that a counsellor of the child's school may see and is not shut out from."""
        return self.filter(child__organisation_id__in=actor.organisations_as(*SAFETY_ROLES)).exclude(
            Exists(exclusions_against(actor.person_id, OuterRef("child_id")))
        )


class Guardianship(models.Model):
    """Who is guardian of whom, and whether contact is safe for the child; unsafe stands like an exclusion."""

    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wards")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardianships")
    relationship = models.CharField(max_length=20)
    safety = models.CharField(
        max_length=8, default=Safety.UNKNOWN, choices=[(s.value, s.name) for s in Safety]
    )

    objects = AboutChildQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guardian", "child"], name="guardianship_once")]


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    """Chainable filters over exclusions."""

    def visible_to(self, actor: ViewerLike) -> "ExclusionQuerySet":
        """Keep those about persons of the schools where the actor answers for safety, never those about the
        actor.
        """
        return (
            self.filter(person__organisation_id__in=actor.organisations_as(*SAFETY_ROLES))
            .exclude(excluded_id=actor.person_id)
            .exclude(Exists(exclusions_against(actor.person_id, OuterRef("person_id"))))
        )


class Exclusion(SealedModel):
    """A person who must learn nothing about another, not even that something exists; always wins over any
    grant.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exclusions")
    excluded = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="excluded_from")
    reason = SealedTextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ExclusionQuerySet.as_manager()


def exclusions_against(
    viewer_id: int | None, subject: "OuterRef | int", *, at: datetime | None = None
) -> models.QuerySet[Exclusion]:
    """Return the exclusions in force that shut a viewer out from a subject; usable inside `Exists`."""
    return Exclusion.objects.filter(in_force(at or clock.now()), person=subject, excluded_id=viewer_id)
