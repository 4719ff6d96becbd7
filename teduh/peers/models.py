"""Peer supporters and the offers made to them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.kernel.ids import new_public_id
from teduh.peers.states import OfferState
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.states import Role


class SupporterQuerySet(models.QuerySet["Supporter"]):
    """Chainable filters over supporters."""

    def visible_to(self, actor: Actor) -> "SupporterQuerySet":
        """Keep oneself, whom one supervises, and the supporters of organisations whose peer support one
        looks after."""
        if actor.person_id is None:
            return self.none()
        kept = actor.organisations_as(Role.PEER_SUPERVISOR, Role.COUNSELLOR, Role.LEAD_COUNSELLOR)
        return self.filter(
            Q(person_id=actor.person_id) | Q(supervisor_id=actor.person_id) | Q(organisation_id__in=kept)
        )


class Supporter(models.Model):
    """A trained student who listens: topics, languages, capacity and rest."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="supporter")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    topics = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    capacity = models.PositiveSmallIntegerField(default=3)
    is_active = models.BooleanField(default=True)
    available = models.BooleanField(default=True)
    rest_until = models.DateTimeField(null=True, blank=True)

    objects = SupporterQuerySet.as_manager()


class SeekerWishQuerySet(models.QuerySet["SeekerWish"]):
    """Chainable filters over wishes."""

    def visible_to(self, actor: Actor) -> "SeekerWishQuerySet":
        """Keep one's own wishes."""
        if actor.person_id is None:
            return self.none()
        return self.filter(help_request__person_id=actor.person_id)


class SeekerWish(models.Model):
    """What the seeker wishes of the supporter for one request; without a row the careful choice stands."""

    help_request = models.OneToOneField("care.HelpRequest", on_delete=models.PROTECT, related_name="+")
    same_class = models.BooleanField(default=False)
    same_sex = models.BooleanField(default=False)

    objects = SeekerWishQuerySet.as_manager()


class OfferQuerySet(models.QuerySet["Offer"]):
    """Chainable filters over offers."""

    def visible_to(self, actor: Actor) -> "OfferQuerySet":
        """Keep the offers made to the actor, to supporters whom the actor supervises, and those of
        organisations whose peer support the actor supervises; exclusions win."""
        if actor.person_id is None:
            return self.none()
        shut_out = Exclusion.objects.filter(
            in_force(actor.at), excluded_id=actor.person_id, person=OuterRef("help_request__person_id")
        )
        return self.filter(
            Q(supporter__person_id=actor.person_id)
            | Q(supporter__supervisor_id=actor.person_id)
            | Q(organisation_id__in=actor.organisations_as(Role.PEER_SUPERVISOR))
        ).exclude(Exists(shut_out))


class Offer(models.Model):
    """A conversation offered to one supporter, with the reasons of the match and who was ruled out and
    why (codes)."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    supporter = models.ForeignKey(Supporter, on_delete=models.PROTECT, related_name="offers")
    help_request = models.ForeignKey("care.HelpRequest", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("care.Episode", on_delete=models.PROTECT, null=True, related_name="+")
    room = models.OneToOneField("messaging.Room", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10, default=OfferState.OFFERED, choices=[(s.value, s.name) for s in OfferState]
    )
    reasons = models.JSONField(default=list)
    ruled_out = models.JSONField(default=list)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        """Only one supporter is asked at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["help_request"],
                condition=Q(state__in=[OfferState.OFFERED.value, OfferState.ACCEPTED.value]),
                name="one_open_offer_a_request",
            )
        ]
        indexes = [models.Index(fields=["supporter", "state"], name="offer_supporter_state")]
