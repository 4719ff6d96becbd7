"""The counselling room."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the counselling room with Django."""

    name = "teduh.counselling"
    label = "counselling"
