"""What a school says about itself."""

from teduh.people.access import Actor
from teduh.people.models import Organisation
from teduh.people.states import ROLES_ROLES


def phone_organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations whose phone the actor may set, their own first (one query)."""
    found = Organisation.objects.filter(pk__in=actor.organisations_as(*ROLES_ROLES)).order_by("name")
    return sorted(found, key=lambda one: one.pk != actor.organisation_id)
