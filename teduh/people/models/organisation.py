"""Organisations as a tree, and class groups."""

from django.db import models

from teduh.kernel.ids import new_public_id
from teduh.people.access_types import ViewerLike
from teduh.people.states import CLASS_ROLES, OrganisationKind, Role


class Organisation(models.Model):
    """A district, school, campus, community post or service provider; `path` holds the ids from the root,
    "/1/5/".
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, default="", db_index=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.name) for k in OrganisationKind])
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    school_level = models.CharField(max_length=3, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in OrganisationKind]),
                name="organisation_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClassGroupQuerySet(models.QuerySet["ClassGroup"]):
    """Chainable filters over classes."""

    def visible_to(self, actor: ViewerLike) -> "ClassGroupQuerySet":
        """Keep the classes of the actor's schools, and those the actor is homeroom teacher of."""
        own = models.Q(homeroom_teacher_id=actor.person_id) & models.Q(
            organisation_id__in=actor.organisations_as(Role.HOMEROOM_TEACHER)
        )
        return self.filter(models.Q(organisation_id__in=actor.organisations_as(*CLASS_ROLES)) | own)


class ClassGroup(models.Model):
    """A class (rombel) of one school year."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="class_groups")
    name = models.CharField(max_length=60)
    grade = models.CharField(max_length=4, blank=True)
    school_year = models.CharField(max_length=9)
    homeroom_teacher = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="homerooms"
    )

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "school_year", "name"], name="class_group_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClassMembership(models.Model):
    """A student in a class, from a day until a day."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="class_memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ends_on__isnull=True), name="one_current_class_a_person"
            )
        ]
