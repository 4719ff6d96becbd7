"""The insight room."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Registers the insight room with Django."""

    name = "teduh.insight"
    label = "insight"
