"""A password reset in person, by two members of staff."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from teduh.kernel.ids import new_public_id
from teduh.people.access_types import ViewerLike
from teduh.people.models.organisation import Organisation
from teduh.people.models.person import Person, exclusions_against
from teduh.people.states import RESET_CONFIRM_ROLES


class PasswordResetQuerySet(models.QuerySet["PasswordReset"]):
    """Chainable filters over resets."""

    def open(self, at: datetime) -> "PasswordResetQuerySet":
        """Keep the resets that wait for the second person."""
        return self.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)

    def visible_to(self, actor: ViewerLike) -> "PasswordResetQuerySet":
        """Keep the resets of the schools in which the actor may confirm, except about persons they are shut
        out from.
        """
        return self.filter(organisation_id__in=actor.organisations_as(*RESET_CONFIRM_ROLES)).exclude(
            models.Exists(exclusions_against(actor.person_id, models.OuterRef("person_id")))
        )


class PasswordReset(models.Model):
    """One member of staff saw the person and asked; another must confirm before a new card is printed."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PasswordResetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("started_by")),
                name="reset_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(started_by=F("person"))
                & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("person"))),
                name="reset_not_by_oneself",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_reset_a_person",
            ),
        ]
