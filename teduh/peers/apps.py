"""The peers room."""

from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Registers the level of peers with the spine, its listeners, its clock and its buttons in
    conversations."""

    name = "teduh.peers"
    label = "peers"

    def ready(self) -> None:
        """Register everything once."""
        from teduh.care import hooks as care_hooks
        from teduh.care.levels import register
        from teduh.care.links import offer_links
        from teduh.messaging.hooks import room_actions
        from teduh.peers import jobs, listeners  # noqa: F401
        from teduh.peers.buttons import room_buttons
        from teduh.peers.level import PEER_LEVEL
        from teduh.peers.links import conversation_links
        from teduh.people import hooks as people_hooks

        register(PEER_LEVEL)
        care_hooks.request_routed.listen(listeners.on_request_routed)
        care_hooks.request_settled.listen(listeners.on_request_settled)
        care_hooks.episode_closed.listen(listeners.on_episode_closed)
        care_hooks.episode_taken_over.listen(listeners.on_episode_taken_over)
        care_hooks.alert_raised.listen(listeners.on_alert_raised)
        people_hooks.role_ended.listen(listeners.on_role_ended)
        people_hooks.person_shut_out.listen(listeners.on_person_shut_out)
        room_actions(room_buttons)
        offer_links(conversation_links)
