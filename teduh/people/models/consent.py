"""Consent, append-only."""

from django.db import models

from teduh.kernel.ids import new_public_id
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access_types import ViewerLike
from teduh.people.models.organisation import Organisation
from teduh.people.models.person import Person, exclusions_against
from teduh.people.states import SAFETY_ROLES, CapacityBasis, ConsentAnswer, ConsentPurpose


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Chainable filters over consents."""

    def visible_to(self, actor: ViewerLike) -> "ConsentQuerySet":
        """Keep what is about or from the actor, and what counsellors of the organisation need to know."""
        mine = models.Q(person_id=actor.person_id) | models.Q(giver_id=actor.person_id)
        return self.filter(
            mine | models.Q(organisation_id__in=actor.organisations_as(*SAFETY_ROLES))
        ).exclude(models.Exists(exclusions_against(actor.person_id, models.OuterRef("person_id"))))


class Consent(SealedModel):
    """One answer to one question about one purpose; rows are only added, the newest about a `matter`
    counts.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, choices=[(b.value, b.name) for b in CapacityBasis])
    purpose = models.CharField(max_length=24, choices=[(p.value, p.name) for p in ConsentPurpose])
    answer = models.CharField(max_length=10, choices=[(a.value, a.name) for a in ConsentAnswer])
    #: The public id of what the consent is about (a referral, a course); a new id where it stands alone.
    matter = models.UUIDField(default=new_public_id)
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = SealedTextField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-given_at"], name="consent_person_purpose")]
