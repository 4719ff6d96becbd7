"""Write down a contact."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teduh.care import policies
from teduh.care.levels import level_of
from teduh.care.models import Contact, Episode
from teduh.kernel import audit
from teduh.kernel.errors import Refused, other_words
from teduh.people.access import Actor
from teduh.people.told import told

#: The longest note, in characters.
NOTE_LIMIT = 20_000
#: Nothing that a school writes down is older; a day in the first century is a slip of the finger.
OLDEST = timedelta(days=100 * 366)


def write_contact(
    *,
    episode: Episode,
    activity: str,
    happened_at: datetime,
    minutes: int,
    note: str,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Contact:
    """Write down what was done, with a sealed note; the same `client_id` writes it once.

    Raises Refused for an unknown activity, a time to come, or a length outside 1 to 600 minutes; NotVisible for an
    actor outside the care team.
    """
    policies.insist(policies.may_write_in(by, episode))
    if activity not in level_of(episode.level).activities:
        raise Refused("activity_unknown", _("Choose what was done."), field="activity")
    if happened_at < at - OLDEST:
        raise Refused("too_old", _("Enter a valid date/time."), field="happened_at")
    if happened_at > at + timedelta(minutes=5):
        raise Refused("in_future", _("This time is still to come."), field="happened_at")
    if not 1 <= minutes <= 600:
        raise Refused("minutes", _("Give the minutes, from 1 to 600."), field="minutes")
    if len(note) > NOTE_LIMIT:
        raise Refused("too_long", _("This note is too long. Please shorten it."), field="note")
    try:
        return _write(episode, activity, happened_at, minutes, note, by, at, client_id)
    except IntegrityError:
        # The same form arrived twice; the first one is the note.
        known = Contact.objects.filter(
            client_id=client_id, episode=episode, written_by_id=by.person_id
        ).first()
        said = (activity, happened_at, minutes, note)
        if known is None or (known.activity, known.happened_at, known.minutes, known.note.open()) != said:
            raise other_words() from None
        return known


@transaction.atomic
def _write(
    episode: Episode,
    activity: str,
    happened_at: datetime,
    minutes: int,
    note: str,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Contact:
    contact = Contact.objects.create(
        episode=episode,
        sealing_key_id=episode.sealing_key_id,
        activity=activity,
        happened_at=happened_at,
        minutes=minutes,
        note=note,
        written_by_id=by.person_id or 0,
        written_at=at,
        client_id=client_id,
    )
    # A note written late must not make the last contact look older than it is.
    later = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=happened_at)
    Episode.objects.filter(later, pk=episode.pk).update(last_contact_at=happened_at)
    audit.record(told(by, "care.contact.write", contact, subject=episode.person, activity=activity), at=at)
    return contact
