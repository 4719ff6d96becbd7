"""Referral: asking another level or organisation to take over or join; not a transfer, not an assignment."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.care.levels import receiving_roles
from teduh.care.models.episode import CareTeamMember, Episode
from teduh.care.states import Direction, LevelKey, ReferralState, ReferralStep, TeamPart, Urgency
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Consent, Exclusion, Organisation, Person
from teduh.people.models.person import in_force

#: What a receiver may see: nothing before the person agreed or the override was recorded.
SEEN_BY_RECEIVER = (
    ReferralState.SENT,
    ReferralState.ACCEPTED,
    ReferralState.DECLINED,
    ReferralState.HANDED_OVER,
    ReferralState.RETURNED,
)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Chainable filters over referrals."""

    def visible_to(self, actor: Actor) -> "ReferralQuerySet":
        """Keep what the actor's care team sent, and what was sent to a door the actor keeps; exclusions win."""
        if actor.person_id is None:
            return self.none()
        # A peer supporter leads without knowing the name; the referral that grows out of it is the adults' matter.
        team = CareTeamMember.objects.filter(
            in_force(actor.at), member_id=actor.person_id, episode=OuterRef("from_episode_id")
        ).exclude(part=TeamPart.LEAD, episode__level=LevelKey.PEER)
        receiving = Q()
        for level in LevelKey:
            organisations = actor.organisations_as(*receiving_roles(level))
            receiving |= Q(to_level=level, to_organisation_id__in=organisations)
        untaken = Q(state=ReferralState.SENT) & receiving
        mine = Q(answered_by_id=actor.person_id, state__in=SEEN_BY_RECEIVER)
        shut_out = Exclusion.objects.filter(
            in_force(actor.at), excluded_id=actor.person_id, person=OuterRef("person_id")
        )
        return self.filter(Exists(team) | untaken | mine).exclude(Exists(shut_out))

    def of_person(self, actor: Actor) -> "ReferralQuerySet":
        """Keep the referrals that concern the actor, who decides about consent."""
        return self.filter(person_id=actor.person_id) if actor.person_id is not None else self.none()


class Referral(SealedModel):
    """A request to another level, with urgency, due date, consent, the receiver's answer, hand-over and return."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    from_episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="referrals")
    to_level = models.CharField(max_length=12, choices=[(k.value, k.name) for k in LevelKey])
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=8, choices=[(d.value, d.name) for d in Direction])
    urgency = models.CharField(max_length=5, choices=[(u.value, u.name) for u in Urgency])
    reason = SealedTextField()
    #: What the receiver may know, in the sender's words, shown to the person before they agree.
    summary = SealedTextField()
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    override_reason = SealedTextField()
    state = models.CharField(
        max_length=16,
        default=ReferralState.AWAITING_CONSENT,
        choices=[(s.value, s.name) for s in ReferralState],
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = SealedTextField()
    to_episode = models.OneToOneField(
        Episode, on_delete=models.PROTECT, null=True, related_name="arrived_by_referral"
    )
    client_id = models.UUIDField(unique=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["to_organisation", "to_level", "state"], name="referral_receiver"),
            models.Index(fields=["state", "due_at"], name="referral_state_due"),
        ]


class ReferralEvent(models.Model):
    """One step of a referral; rows are only added."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in ReferralStep] + [("make", "MAKE")]
    )
    state = models.CharField(max_length=16)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
