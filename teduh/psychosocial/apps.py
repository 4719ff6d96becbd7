"""The psychosocial room."""

from django.apps import AppConfig


class PsychosocialConfig(AppConfig):
    """Registers the psychosocial room with Django."""

    name = "teduh.psychosocial"
    label = "psychosocial"
