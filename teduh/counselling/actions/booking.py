"""A student books a counsellor."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.episodes import open_episode
from teduh.care.models import Episode
from teduh.care.states import LevelKey, Topic
from teduh.counselling import policies, queries
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions.appointments import book
from teduh.scheduling.states import AppointmentState, Party

#: The longest text about what the student would like to talk about.
WISH_LIMIT = 1000


@transaction.atomic
def book_counsellor(
    *,
    counsellor_id: uuid.UUID,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    wish: str = "",
) -> uuid.UUID:
    """Keep a counsellor's free time for the student who asks, and return the appointment's public id.

    The same `client_id` again books nothing new. Raises NotVisible where the counsellor is not one whom this
    student can book, Refused where the time is not free.
    """
    counsellor = queries.bookable(by, counsellor_id, at=at)
    if not policies.may_book_here(by, counsellor.organisation_id) or by.person_id is None:
        raise NotVisible
    if len(wish) > WISH_LIMIT:
        raise Refused("too_long", _("This is too long. Please shorten it."), field="wish")
    guest = Person.objects.select_related("organisation").get(pk=by.person_id)
    row = book(
        host=counsellor,
        guest=guest,
        starts_at=starts_at,
        by=by,
        at=at,
        client_id=client_id,
        wish=wish.strip(),
    )
    return row.public_id


@transaction.atomic
def open_from_appointment(*, appointment_id: uuid.UUID, topic: Topic, by: Actor, at: datetime) -> Episode:
    """Open an episode for the guest of an appointment, led by its host; where one is open it is returned.

    Raises NotVisible for anybody but the host, Refused where the appointment was cancelled or missed.
    """
    appointment = scheduling.appointment_of(by, appointment_id)
    line = scheduling.line_of(by, appointment, at=at)
    if line.party != Party.HOST or not policies.may_open(by, appointment.organisation_id):
        raise NotVisible
    # Two taps at once must not open two episodes.
    guest = Person.objects.select_for_update(no_key=True).get(pk=appointment.guest_id)
    open_one = queries.active_episodes(by, [guest.pk]).get(guest.pk)
    if open_one is not None:
        return open_one
    if line.state not in (AppointmentState.BOOKED, AppointmentState.HELD):
        raise Refused("not_standing", _("This appointment did not take place."))
    return open_episode(
        organisation=appointment.organisation,
        person=guest,
        level=LevelKey.COUNSELLING,
        lead=appointment.host,
        topic=topic,
        by=by,
        at=at,
    )
