"""The scheduling room."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """Registers the scheduling room with Django."""

    name = "teduh.scheduling"
    label = "scheduling"
