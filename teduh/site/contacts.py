"""The counsellors of a school as contacts on the crisis card; kept for a few minutes, since every page shows it."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teduh.kernel import clock
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.states import Role

#: Seconds a school's contacts are kept.
KEEP = 300


@dataclass(frozen=True)
class Contact:
    """Whom a student can turn to at school."""

    name: str
    phone: str
    role: str


def shut_out_of(person_id: int) -> "QuerySet[Exclusion, int]":
    """Return the ids of who is excluded from a person's matters now."""
    return Exclusion.objects.filter(in_force(clock.now()), person_id=person_id).values_list(
        "excluded_id", flat=True
    )


def school_contacts(actor: Actor | None) -> tuple[Contact, ...]:
    """Return the counsellors of the actor's school; nothing for visitors, who get the hotlines."""
    if actor is None or actor.organisation_id is None or not actor.has(Role.STUDENT, Role.PEER_SUPPORTER):
        return ()
    # Per person: somebody who is excluded from a student's matters must not stand on that student's card.
    key = f"contacts:{actor.person_id}"
    held: tuple[tuple[str, str], ...] | None = cache.get(key)
    if held is None:
        phone = Organisation.objects.values_list("phone", flat=True).get(pk=actor.organisation_id)
        persons = (
            Person.objects.with_role(Role.COUNSELLOR, actor.organisation_id)
            .exclude(pk__in=shut_out_of(actor.person_id or 0))
            .order_by("pk")[:3]
        )
        held = tuple((person.full_name, phone) for person in persons)
        cache.set(key, held, KEEP)
    return tuple(Contact(name, phone, str(_("School counsellor"))) for name, phone in held)
