"""Whose figures a leader reads: those of the own school or district, and of what lies below it."""

from dataclasses import dataclass

from django.db.models import Q

from teduh.people.access import Actor
from teduh.people.models import Organisation
from teduh.people.states import Role

#: Who reads figures.
LEADERS = (Role.PRINCIPAL, Role.DISTRICT_OFFICER)


@dataclass(frozen=True)
class Scope:
    """The organisations whose figures are read: their names, and where they stand in the tree."""

    names: tuple[str, ...]
    paths: tuple[str, ...]

    def of(self, path: str) -> Q:
        """Return the filter for rows whose organisation, reached by `path`, lies at or below the scope."""
        if not self.paths:
            return Q(pk__in=())
        found = Q()
        for prefix in self.paths:
            found |= Q(**{f"{path}__path__startswith": prefix})
        return found


def scope_of(actor: Actor) -> Scope:
    """Return what the actor leads (one query)."""
    rows = Organisation.objects.filter(pk__in=actor.organisations_as(*LEADERS)).order_by("pk")
    found = list(rows.values_list("name", "path"))
    return Scope(tuple(name for name, _ in found), tuple(path for _, path in found))
