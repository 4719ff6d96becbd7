"""What counselling does when the spine announces something, in the announcer's transaction."""

from datetime import datetime
from typing import TYPE_CHECKING

from teduh.care.states import LevelKey
from teduh.counselling.actions import conversations

if TYPE_CHECKING:
    from teduh.care.models import Episode
    from teduh.people.models import Person


def on_episode_closed(episode: "Episode", at: datetime) -> None:
    """Close the conversation with its episode."""
    if episode.level == LevelKey.COUNSELLING:
        conversations.close_conversation(episode=episode, at=at)


def on_lead_changed(episode: "Episode", former: "Person", at: datetime) -> None:
    """Let whoever does not lead any more out of the conversation, and the new lead in."""
    if episode.level == LevelKey.COUNSELLING:
        conversations.pass_conversation_on(episode=episode, former=former, at=at)
