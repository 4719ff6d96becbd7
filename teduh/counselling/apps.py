"""The counselling room."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the counselling room with Django and its level with the spine."""

    name = "teduh.counselling"
    label = "counselling"

    def ready(self) -> None:
        """Tell the spine what this level is."""
        from teduh.care.levels import register
        from teduh.counselling.level import LEVEL

        register(LEVEL)
