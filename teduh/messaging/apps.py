"""The messaging room."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Registers the messaging room with Django, and its recurring work with the tick."""

    name = "teduh.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Load the jobs, and listen for who is erased."""
        from teduh.messaging import jobs, listeners  # noqa: F401
        from teduh.people import hooks

        hooks.person_erased.listen(listeners.on_person_erased)
