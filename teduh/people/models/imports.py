"""An uploaded student list between preview and confirmation."""

from django.db import models

from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access_types import ViewerLike
from teduh.people.models.organisation import Organisation
from teduh.people.models.person import Person
from teduh.people.states import IMPORT_ROLES


class StudentImportQuerySet(models.QuerySet["StudentImport"]):
    """Chainable filters over uploads."""

    def visible_to(self, actor: ViewerLike) -> "StudentImportQuerySet":
        """Keep the uploads of the schools in which the actor may import."""
        return self.filter(organisation_id__in=actor.organisations_as(*IMPORT_ROLES))


class StudentImport(SealedModel):
    """A parsed upload that waits for confirmation; its rows are sealed and emptied once it is done."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    #: Made by the form, so that sending it twice uploads once.
    client_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    rows = SealedTextField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: How many were created, changed, left alone, marked as left; numbers only.
    result = models.JSONField(default=dict)

    objects = StudentImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "client_id"], name="student_import_once_a_client_id"
            )
        ]
