"""Who may book, open and write at the level of counselling."""

from teduh.care import policies as spine
from teduh.care.models import Episode
from teduh.care.states import EpisodeState, LevelKey
from teduh.counselling.level import COUNSELLORS
from teduh.people.access import Actor, Decision
from teduh.people.states import Role


def may_book_here(actor: Actor, organisation_id: int) -> Decision:
    """A student books a counsellor of the own school."""
    return Decision(actor.has(Role.STUDENT, organisation_id=organisation_id), "student_of_school")


def may_open(actor: Actor, organisation_id: int) -> Decision:
    """A counsellor of the school opens an episode."""
    return Decision(actor.has(*COUNSELLORS, organisation_id=organisation_id), "counsellor_of_school")


def may_write_session(actor: Actor, episode: Episode) -> Decision:
    """A counsellor on the care team of an active counselling episode may; the role alone is not enough."""
    if episode.level != LevelKey.COUNSELLING:
        return Decision(False, "other_level")
    if not actor.has(*COUNSELLORS):
        return Decision(False, "not_counsellor")
    return spine.may_write_in(actor, episode)


def may_converse(actor: Actor, episode: Episode) -> Decision:
    """The counsellor who leads an active counselling episode may open the conversation by message."""
    if episode.level != LevelKey.COUNSELLING or episode.state != EpisodeState.ACTIVE:
        return Decision(False, "not_here")
    if not actor.has(*COUNSELLORS) or episode.lead_id != actor.person_id:
        return Decision(False, "not_lead")
    return spine.may_lead(actor, episode)
