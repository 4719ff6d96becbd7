"""The community room."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Registers the community room with Django."""

    name = "teduh.community"
    label = "community"
