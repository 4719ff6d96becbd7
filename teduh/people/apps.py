"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the people room with Django."""

    name = "teduh.people"
    label = "people"

    def ready(self) -> None:
        """Load what listens to log-ins and the clock."""
        from teduh.people import jobs, sessions  # noqa: F401
