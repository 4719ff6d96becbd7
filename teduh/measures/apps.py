"""The measures room."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Registers the measures room with Django."""

    name = "teduh.measures"
    label = "measures"
