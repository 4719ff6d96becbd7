"""The spine."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Registers the spine with Django and listens to the rooms below."""

    name = "teduh.care"
    label = "care"

    def ready(self) -> None:
        """Listen for danger in messages and measures, and start the clocks."""
        from teduh.care import (
            jobs,  # noqa: F401
            listeners,
        )
        from teduh.measures import hooks as measures
        from teduh.messaging.hooks import danger_found
        from teduh.people import hooks as people

        danger_found.listen(listeners.on_danger_found)
        people.role_ended.listen(listeners.on_role_ended)
        people.person_shut_out.listen(listeners.on_person_shut_out)
        measures.safety_item_positive.listen(listeners.on_safety_item)
        measures.alerted_about.answer_with(listeners.alerted_about)
        measures.readers_of.answer_with(listeners.readers_of)
