"""Whom an actor must not find in any list."""

from teduh.people.access import Actor
from teduh.people.models import Exclusion
from teduh.people.models.person import in_force


def hidden_from(actor: Actor) -> list[int]:
    """Return the persons from whose matters the actor is shut out (one query)."""
    return list(
        Exclusion.objects.filter(in_force(actor.at), excluded_id=actor.person_id).values_list(
            "person_id", flat=True
        )
    )
