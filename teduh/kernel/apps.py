"""The kernel room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the kernel room with Django."""

    name = "teduh.kernel"
    label = "kernel"
