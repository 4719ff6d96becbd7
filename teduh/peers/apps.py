"""The peers room."""

from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Registers the peers room with Django."""

    name = "teduh.peers"
    label = "peers"
