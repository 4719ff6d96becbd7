"""The episode: the same thing at every level."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from teduh.care.states import EpisodeState, LevelKey, TeamPart
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force


class EpisodeQuerySet(models.QuerySet["Episode"]):
    """Chainable filters over episodes."""

    def visible_to(self, actor: Actor, *, at: datetime | None = None) -> "EpisodeQuerySet":
        """Keep the episodes on whose care team the actor is now; an exclusion always wins.

        Membership of a person's team (without an episode) opens all of that person's episodes.
        """
        if actor.person_id is None:
            return self.none()
        moment = at or actor.at
        # Lists of ids, asked once, rather than a look for each episode: this is on every page of the spine.
        mine = CareTeamMember.objects.filter(in_force(moment), member_id=actor.person_id)
        of_episode = mine.filter(episode__isnull=False).values("episode_id")
        of_person = mine.filter(episode__isnull=True).values("person_id")
        shut_out = Exclusion.objects.filter(in_force(moment), excluded_id=actor.person_id).values("person_id")
        return self.filter(Q(pk__in=of_episode) | Q(person_id__in=of_person)).exclude(person_id__in=shut_out)

    def of_person(self, actor: Actor) -> "EpisodeQuerySet":
        """Keep the actor's own episodes: what the person may know about the care given to them."""
        return self.filter(person_id=actor.person_id) if actor.person_id is not None else self.none()

    def active(self) -> "EpisodeQuerySet":
        """Keep what is not closed."""
        return self.filter(state=EpisodeState.ACTIVE)


class Episode(SealedModel):
    """A person's stay at one level of care, with a lead, a team, goals, contacts and an end that is cared for."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="episodes")
    level = models.CharField(max_length=12, choices=[(k.value, k.name) for k in LevelKey])
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=8, default=EpisodeState.ACTIVE, choices=[(s.value, s.name) for s in EpisodeState]
    )
    topic = models.CharField(max_length=10)
    help_request = models.ForeignKey(
        "care.HelpRequest", on_delete=models.PROTECT, null=True, related_name="episodes"
    )
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next_episodes")
    opened_at = models.DateTimeField()
    last_contact_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=24, blank=True)
    #: What the closing requires and was confirmed, as codes (told, knows whom to contact, ...).
    closing_checks = models.JSONField(default=list)
    closing_note = SealedTextField()

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lead", "state", "-last_contact_at"], name="episode_lead_state"),
            models.Index(fields=["organisation", "level", "state"], name="episode_org_level_state"),
        ]


class CareTeamMember(models.Model):
    """Who belongs to a care team, why, from when until when, and who let them in; the only way to content."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_team")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="team")
    member = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_memberships")
    part = models.CharField(max_length=10, choices=[(p.value, p.name) for p in TeamPart])
    purpose = models.CharField(max_length=24)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "member"],
                condition=Q(ends_at__isnull=True, episode__isnull=False),
                name="team_member_once_an_episode",
            )
        ]
        indexes = [models.Index(fields=["member", "episode"], name="team_member_episode")]


class Goal(SealedModel):
    """What the person wants to reach, in their words."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="goals")
    text = SealedTextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)


class GoalRating(models.Model):
    """How near the goal feels, 0 (not at all) to 10 (reached)."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    value = models.PositiveSmallIntegerField()
    rated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(value__lte=10), name="goal_rating_0_to_10")]


class Contact(SealedModel):
    """Something that was done with or for the person, with a sealed note."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="contacts")
    activity = models.CharField(max_length=32)
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    note = SealedTextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "-happened_at"], name="contact_episode_when")]


class FollowUp(SealedModel):
    """A day on which somebody looks after the person again, also after closing: so nobody is dropped."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_aftercare = models.BooleanField(default=False)
    result = SealedTextField()
    done_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="follow_up_open")
        ]
