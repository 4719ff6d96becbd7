"""May they? Decisions of peer support."""

from teduh.care.models import HelpRequest
from teduh.peers.models import Offer, Supporter
from teduh.people.access import Actor, Decision
from teduh.people.models import Exclusion, Person
from teduh.people.models.person import in_force
from teduh.people.states import Role

#: Who looks after the queue and the supporters of a school; stepping into a conversation needs supervision.
KEEPERS = (Role.PEER_SUPERVISOR, Role.COUNSELLOR, Role.LEAD_COUNSELLOR)


def _excluded(actor: Actor, person_id: int | None) -> bool:
    return (
        person_id is not None
        and Exclusion.objects.filter(
            in_force(actor.at), person_id=person_id, excluded_id=actor.person_id
        ).exists()
    )


def may_answer(actor: Actor, offer: Offer) -> Decision:
    """Only the supporter to whom it was made, while holding the role, may."""
    if actor.person_id is None or offer.supporter.person_id != actor.person_id:
        return Decision(False, "not_offered_to")
    return Decision(
        actor.has(Role.PEER_SUPPORTER, organisation_id=offer.organisation_id)
        and not _excluded(actor, offer.help_request.person_id),
        "offered_to",
    )


def may_assign(actor: Actor, request: HelpRequest) -> Decision:
    """Whoever keeps the queue of the school may, unless excluded from the person."""
    if not actor.has(*KEEPERS, organisation_id=request.organisation_id):
        return Decision(False, "keeps_no_queue")
    return Decision(not _excluded(actor, request.person_id), "keeps_queue")


def may_join(actor: Actor, offer: Offer) -> Decision:
    """The supporter's supervisor, or a peer supervisor of the school, may step in; exclusions win."""
    supervises = offer.supporter.supervisor_id == actor.person_id or actor.has(
        Role.PEER_SUPERVISOR, organisation_id=offer.organisation_id
    )
    if actor.person_id is None or not supervises:
        return Decision(False, "does_not_supervise")
    if actor.person_id in {offer.supporter.person_id, offer.help_request.person_id}:
        return Decision(False, "own_conversation")
    return Decision(not _excluded(actor, offer.help_request.person_id), "supervises")


def may_wish(actor: Actor, request: HelpRequest) -> Decision:
    """Only whoever asks for themself may say what they wish of a supporter."""
    return Decision(actor.person_id is not None and request.person_id == actor.person_id, "own_request")


def may_enrol(actor: Actor, person: Person) -> Decision:
    """Whoever keeps the school's queue may make a student of the school a supporter."""
    if actor.is_system:
        return Decision(True, "system")
    return Decision(actor.has(*KEEPERS, organisation_id=person.organisation_id), "looks_after")


def may_manage(actor: Actor, supporter: Supporter) -> Decision:
    """The supervisor and those who keep the school's queue may change a supporter's figures."""
    if actor.is_system:
        return Decision(True, "system")
    return Decision(
        actor.person_id is not None
        and (
            supporter.supervisor_id == actor.person_id
            or actor.has(*KEEPERS, organisation_id=supporter.organisation_id)
        ),
        "looks_after",
    )
