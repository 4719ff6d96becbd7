"""Answer sheets and their scores."""

import uuid

from django.db import models
from django.db.models import Q

from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.measures.states import SheetState
from teduh.people.access import Actor
from teduh.people.models import Organisation, Person


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Chainable filters over answer sheets."""

    def visible_to(self, actor: Actor) -> "SheetQuerySet":
        """Keep the actor's own sheets; carers reach results through an episode, checked above this room."""
        return self.none() if actor.person_id is None else self.filter(person_id=actor.person_id)

    def to_fill_in_by(self, actor: Actor) -> "SheetQuerySet":
        """Keep the actor's own sheets that still wait for answers."""
        return self.visible_to(actor).filter(state=SheetState.ASSIGNED)

    def of_matter(self, matter: uuid.UUID) -> "SheetQuerySet":
        """Keep the sheets that belong to one episode (its public id); the caller has checked access to it."""
        return self.filter(matter=matter)


class Sheet(SealedModel):
    """One filling-in of an instrument by one person; `matter` is the public id of the episode it serves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sheets")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    matter = models.UUIDField(null=True, db_index=True)
    state = models.CharField(
        max_length=10, default=SheetState.ASSIGNED, choices=[(s.value, s.name) for s in SheetState]
    )
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    answers = SealedTextField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            # Nobody is asked the same questions twice at once; two rules, because NULLs never equal.
            models.UniqueConstraint(
                fields=["person", "instrument", "matter"],
                condition=Q(state="assigned", matter__isnull=False),
                name="sheet_open_once_a_matter",
            ),
            models.UniqueConstraint(
                fields=["person", "instrument"],
                condition=Q(state="assigned", matter__isnull=True),
                name="sheet_open_once_without_matter",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", submitted_at__isnull=False)
                | Q(state__in=["assigned", "withdrawn"], submitted_at__isnull=True),
                name="sheet_submitted_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="sheet_person_state")]


class Score(models.Model):
    """One scale's result of a submitted sheet; `value` is empty where too much is missing."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scores")
    scale = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    band = models.CharField(max_length=40, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "scale"], name="score_once_a_scale")]
        indexes = [models.Index(fields=["scale"], condition=Q(value__isnull=False), name="score_scale")]
