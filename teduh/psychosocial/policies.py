"""May they? Case work is written by the care team of an active psychosocial episode, and by nobody else."""

from teduh.care.models import Episode
from teduh.care.policies import insist, may_write_in
from teduh.care.states import LevelKey
from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor, Decision


def may_write_case(actor: Actor, episode: Episode) -> Decision:
    """The care team may while the episode is active; an episode of another level has no case plan."""
    if episode.level != LevelKey.PSYCHOSOCIAL:
        return Decision(False, "other_level")
    return may_write_in(actor, episode)


def insist_on_case(actor: Actor, episode: Episode) -> int:
    """Return the id of the person who writes.

    Raises NotVisible where the actor may not write in this case.
    """
    insist(may_write_case(actor, episode))
    if actor.person_id is None:
        raise NotVisible
    return actor.person_id
