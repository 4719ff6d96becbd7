"""The site room: composes everything else."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the site room and the checks that guard a start."""

    name = "teduh.site"
    label = "site"

    def ready(self) -> None:
        """Load the checks, each of which refuses a state that would endanger people, and the upkeep."""
        from teduh.site import checks, upkeep  # noqa: F401
