"""The messaging room."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Registers the messaging room with Django."""

    name = "teduh.messaging"
    label = "messaging"
