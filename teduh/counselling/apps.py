"""The counselling room."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the counselling room with Django, and its level, listeners and links with the spine."""

    name = "teduh.counselling"
    label = "counselling"

    def ready(self) -> None:
        """Tell the spine what this level is, what it listens to and what it keeps beside an episode."""
        from teduh.care import hooks
        from teduh.care.levels import register
        from teduh.care.links import offer_links
        from teduh.counselling import listeners
        from teduh.counselling.level import LEVEL
        from teduh.counselling.links import conversation_links

        register(LEVEL)
        hooks.episode_closed.listen(listeners.on_episode_closed)
        hooks.lead_changed.listen(listeners.on_lead_changed)
        offer_links(conversation_links)
