"""Whether a student shares the times of appointments, and with whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from teduh.people.access import Actor
from teduh.people.models import Consent, Exclusion, Guardianship
from teduh.people.models.person import in_force
from teduh.people.states import ConsentAnswer, ConsentPurpose, Safety


@dataclass(frozen=True)
class Sharing:
    """The student's present choice, and the guardians who would see."""

    shares: bool
    guardians: tuple[str, ...]


def sharing_children(children: Collection[int], *, at: datetime) -> set[int]:
    """Return which children share with safe guardians now: their own newest word, not expired (one query)."""
    newest: dict[int, Consent] = {}
    rows = Consent.objects.filter(person_id__in=children, purpose=ConsentPurpose.SHARE_WITH_GUARDIAN).defer(
        "note"
    )
    for row in rows.order_by("given_at", "pk"):
        if row.giver_id == row.person_id:
            newest[row.person_id] = row
    return {
        child
        for child, row in newest.items()
        if row.answer == ConsentAnswer.GIVEN and (row.expires_at is None or row.expires_at > at)
    }


def sharing_of(actor: Actor, *, at: datetime) -> Sharing:
    """Return the actor's own choice; a guardian who is not safe, or is excluded, is not named."""
    if actor.person_id is None:
        return Sharing(False, ())
    shut_out = Exclusion.objects.filter(in_force(at), person=OuterRef("child"), excluded=OuterRef("guardian"))
    rows = (
        Guardianship.objects.filter(child_id=actor.person_id, safety=Safety.SAFE)
        .exclude(Exists(shut_out))
        .select_related("guardian")
        .order_by("pk")
    )
    return Sharing(
        shares=actor.person_id in sharing_children([actor.person_id], at=at),
        guardians=tuple(row.guardian.full_name for row in rows),
    )
