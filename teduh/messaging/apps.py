"""The messaging room."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Registers the messaging room with Django, and its recurring work with the tick."""

    name = "teduh.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Load the jobs."""
        from teduh.messaging import jobs  # noqa: F401
