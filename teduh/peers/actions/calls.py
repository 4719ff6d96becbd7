"""Call the supervisor from a conversation, in one tap."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.alerts import raise_alert
from teduh.care.duty import on_duty
from teduh.care.models import Alert
from teduh.care.states import AlertSource, EpisodeState, Severity
from teduh.kernel.errors import NotVisible, Refused
from teduh.peers.models import Offer
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.models.person import exclusions_against

#: What a supporter may add, in characters: a word or two, no report.
WORD_LIMIT = 80


@transaction.atomic
def call_supervisor(*, offer: Offer, severity: Severity, word: str, by: Actor, at: datetime) -> Alert:
    """Put an alert before the supervisor at once; calling again while it is open joins the first call.

    Where the supervisor may not know of the seeker, the counsellor on duty is called.

    Raises NotVisible for anybody but the supporter, Refused where the conversation has ended, the word is
    too long, or the school has nobody to call.
    """
    if by.person_id is None or offer.supporter.person_id != by.person_id:
        raise NotVisible
    episode, person = offer.episode, offer.help_request.person
    if episode is None or person is None or episode.state != EpisodeState.ACTIVE:
        raise Refused("not_running", _("This conversation has ended."))
    if len(word.strip()) > WORD_LIMIT:
        raise Refused("too_long", _("A word or two is enough."), field="word")
    keeper = who_answers(offer, person, at)
    if keeper is None:
        raise Refused("nobody_on_duty", _("Nobody could be called here. Go to a teacher you trust, now."))
    return raise_alert(
        organisation=offer.organisation,
        person=person,
        source=AlertSource.CALL,
        severity=severity,
        category="call" if severity == Severity.URGENT else "question",
        evidence=word.strip(),
        assigned_to=keeper,
        by=by,
        at=at,
        episode=episode,
        matter=offer.room.public_id if offer.room is not None else None,
    )


def who_answers(offer: Offer, person: Person, at: datetime) -> Person | None:
    """Return the supervisor, else the counsellor on duty; nobody who is excluded from the seeker."""
    supervisor = offer.supporter.supervisor
    if not exclusions_against(supervisor.pk, person.pk, at=at).exists():
        return supervisor
    return on_duty(offer.organisation, person)
