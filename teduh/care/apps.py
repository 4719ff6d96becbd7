"""The care room."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Registers the care room with Django."""

    name = "teduh.care"
    label = "care"
