"""The spine."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Registers the spine with Django and listens to the rooms below."""

    name = "teduh.care"
    label = "care"

    def ready(self) -> None:
        """Listen for danger in messages and measures, and start the clocks."""
        from teduh.care import jobs  # noqa: F401
        from teduh.care.listeners import on_danger_found, on_safety_item
        from teduh.measures.hooks import safety_item_positive
        from teduh.messaging.hooks import danger_found

        danger_found.listen(on_danger_found)
        safety_item_positive.listen(on_safety_item)
