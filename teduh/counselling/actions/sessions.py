"""Write down a counselling session: one act for the note, the goals and the appointment."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.actions.contacts import write_contact
from teduh.care.actions.goals import rate_goal
from teduh.care.models import Contact, Episode, Goal
from teduh.counselling import policies
from teduh.counselling.models import Session
from teduh.counselling.states import Activity, Field
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.people.access import Actor
from teduh.people.told import told
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions.appointments import take_step
from teduh.scheduling.states import AppointmentStep, Party

#: The longest agreed next step, in characters.
NEXT_STEP_LIMIT = 2_000
CHOOSE = _("Choose an appointment from the list.")


@transaction.atomic
def hold_session(
    *,
    episode: Episode,
    activity: Activity,
    field: Field,
    happened_at: datetime,
    minutes: int,
    note: str,
    next_step: str,
    ratings: Mapping[uuid.UUID, int],
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    appointment_id: uuid.UUID | None = None,
    approach: str = "",
) -> Session:
    """Write a session with its sealed note, rate goals by their public id, and mark the appointment as held.

    All of it or nothing; the same `client_id` writes it once. Raises NotVisible for an actor outside the care
    team, Refused naming the field that needs another look.
    """
    if not policies.may_write_session(by, episode):
        raise NotVisible
    # The same form twice at the same moment: the second waits here and finds the first.
    Episode.objects.select_for_update().get(pk=episode.pk)
    earlier = Session.objects.filter(contact__client_id=client_id).select_related("contact").first()
    if earlier is not None:
        return _same(earlier, episode, note, next_step.strip())
    if not note.strip():
        raise Refused("note_empty", _("Write a few words about the session."), field="note")
    if len(next_step) > NEXT_STEP_LIMIT:
        raise Refused("too_long", _("This is too long. Please shorten it."), field="next_step")
    appointment_pk = _hold(appointment_id, episode, by, at)
    contact = write_contact(
        episode=episode,
        activity=activity.value,
        happened_at=happened_at,
        minutes=minutes,
        note=note,
        by=by,
        at=at,
        client_id=client_id,
    )
    _keep_latest(episode, contact)
    session, made = Session.objects.get_or_create(
        contact=contact,
        defaults={
            "sealing_key_id": episode.sealing_key_id,
            "appointment_id": appointment_pk,
            "field": field,
            "approach": approach,
            "next_step": next_step.strip(),
        },
    )
    if made:
        _rate(episode, ratings, by, at, client_id)
        audit.record(
            told(by, "counselling.session.hold", session, subject=episode.person, field=field.value), at=at
        )
    return session


def _same(earlier: Session, episode: Episode, note: str, next_step: str) -> Session:
    if earlier.contact.episode_id != episode.pk:
        raise other_words()
    if (earlier.contact.note.open(), earlier.next_step.open()) != (note, next_step):
        raise other_words()
    return earlier


def _keep_latest(episode: Episode, contact: Contact) -> None:
    """A note written late must not make the last contact look older than it is."""
    latest = episode.contacts.order_by("-happened_at").values_list("happened_at", flat=True).first()
    if latest is not None and latest > contact.happened_at:
        Episode.objects.filter(pk=episode.pk).update(last_contact_at=latest)


def _hold(appointment_id: uuid.UUID | None, episode: Episode, by: Actor, at: datetime) -> int | None:
    if appointment_id is None:
        return None
    try:
        appointment = scheduling.appointment_of(by, appointment_id)
    except NotVisible:
        raise Refused("appointment_unknown", CHOOSE, field="appointment") from None
    line = scheduling.line_of(by, appointment, at=at)
    if line.party != Party.HOST or line.guest_id != episode.person_id:
        raise Refused("appointment_other", CHOOSE, field="appointment")
    if Session.objects.filter(appointment_id=appointment.pk).exists():
        raise Refused(
            "appointment_used", _("This appointment has its session note already."), field="appointment"
        )
    try:
        take_step(appointment=appointment, step=AppointmentStep.HOLD, by=by, at=at)
    except Refused as refused:
        raise Refused(refused.code, refused.message, field="appointment") from None
    return appointment.pk


def _rate(
    episode: Episode, ratings: Mapping[uuid.UUID, int], by: Actor, at: datetime, client_id: uuid.UUID
) -> None:
    goals = {goal.public_id: goal for goal in Goal.objects.filter(episode=episode).select_related("episode")}
    for goal_id, value in ratings.items():
        if goal_id not in goals:
            raise Refused("goal_unknown", _("Choose a number from 0 to 10."), field=f"goal_{goal_id.hex}")
        key = uuid.uuid5(client_id, goal_id.hex)
        rate_goal(goal=goals[goal_id], value=value, by=by, at=at, client_id=key)
