"""Who may give a person an instrument. Whether they care for that person is checked where the episode is."""

from teduh.people.access import Actor, Decision
from teduh.people.states import Role

#: Roles trained to read a score and to answer for what follows from it.
READS_SCORES = (Role.COUNSELLOR, Role.LEAD_COUNSELLOR, Role.CASEWORKER)


def may_assign(actor: Actor) -> Decision:
    """Tell whether the actor's role may assign and withdraw sheets; peers and leaders never do."""
    if actor.person_id is None:
        return Decision(False, "no_person")
    if not actor.has(*READS_SCORES):
        return Decision(False, "role")
    return Decision(True, "reads_scores")
