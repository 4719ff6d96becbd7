"""An uploaded student list between preview and confirmation."""

from django.db import models

from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.models.organisation import Organisation
from teduh.people.models.person import Person


class StudentImport(SealedModel):
    """A parsed upload that waits for confirmation; its rows are sealed and emptied once it is done."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    rows = SealedTextField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
