"""Rooms, participants and messages."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.messaging.states import Part, RoomKind
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force


class RoomQuerySet(models.QuerySet["Room"]):
    """Chainable filters over rooms."""

    def visible_to(self, actor: Actor, *, at: datetime | None = None) -> "RoomQuerySet":
        """Keep the rooms in which the actor takes part now, unless excluded from the person it serves."""
        if actor.person_id is None:
            return self.none()
        mine = Participant.objects.filter(
            room=OuterRef("pk"), person_id=actor.person_id, left_at__isnull=True
        )
        shut_out = Exclusion.objects.filter(
            in_force(at or actor.at), excluded_id=actor.person_id, person=OuterRef("subject_id")
        )
        return self.filter(Exists(mine)).exclude(Exists(shut_out))


class Room(SealedModel):
    """A conversation; `subject` is the person it serves, `matter` the opaque public id of what it belongs
    to.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(k.value, k.name) for k in RoomKind])
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    matter = models.UUIDField(db_index=True)
    last_seq = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "matter"], condition=Q(closed_at__isnull=True), name="one_open_room_a_matter"
            )
        ]


class Participant(models.Model):
    """A person in a room, under the name the others see."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=[(p.value, p.name) for p in Part])
    shown_as = models.CharField(max_length=60)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    read_seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "person"],
                condition=Q(left_at__isnull=True),
                name="participant_once_in_a_room",
            )
        ]


class Message(SealedModel):
    """One message; `client_id` makes a resend harmless, `seq` orders the room without a gap."""

    # The two unique constraints below begin with these columns; a second index would only cost writes.
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id = models.UUIDField()
    text = SealedTextField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_seq_once"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="message_client_id_once"),
        ]


class Unheard(models.Model):
    """A message whose danger could not be announced yet; it is announced again until it is heard, then the
    row goes.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
