"""What a QuerySet asks of an actor; the actor itself lives above the models."""

from typing import Protocol

from teduh.people.states import Role


class ViewerLike(Protocol):
    """Somebody whose reach is asked for."""

    @property
    def person_id(self) -> int | None:
        """The person, None for visitors and the system."""

    def organisations_as(self, *roles: Role) -> tuple[int, ...]:
        """Return the organisations in which one of the roles is held."""
