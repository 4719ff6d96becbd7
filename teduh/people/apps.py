"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the people room with Django."""

    name = "teduh.people"
    label = "people"
