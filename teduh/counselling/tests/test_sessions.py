import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from teduh.care.actions.goals import set_goal
from teduh.care.levels import level_of
from teduh.care.models import Contact, Episode, GoalRating
from teduh.counselling import queries
from teduh.counselling.models import Session
from teduh.counselling.states import Activity
from teduh.counselling.tests.helpers import booked, episode_of, held, keep_hours, tomorrow
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.scheduling.queries import appointment_of
from teduh.scheduling.states import AppointmentState


@pytest.fixture
def episode(cast: Any) -> Episode:
    return episode_of(cast)


def _goal(cast: Any, episode: Episode, text: str = "Berani menyapa") -> Any:
    return set_goal(
        episode=episode, text=text, by=cast.actor("citra"), at=timezone.now(), client_id=uuid.uuid4()
    )


def _form(**more: Any) -> dict[str, Any]:
    began = timezone.localtime(timezone.now() - timedelta(hours=1))
    return {
        "client_id": str(uuid.uuid4()),
        "day": began.date().isoformat(),
        "clock": began.strftime("%H:%M"),
        "minutes": "40",
        "activity": "individual_counselling",
        "field": "social",
        "note": "Catatan yang tersegel",
        "next_step": "Menyapa satu teman",
        **more,
    }


def test_counselling_is_a_level_with_its_activities_and_checks() -> None:
    level = level_of("counselling")
    assert level.quiet_days == 21
    assert set(level.activities) == {activity.value for activity in Activity}
    assert set(level.closing_checks) == {"told", "knows_whom", "goals_reviewed", "aftercare_agreed"}


def test_a_session_is_a_sealed_contact_with_field_and_next_step(cast: Any, episode: Episode) -> None:
    held(cast, episode)
    session = Session.objects.select_related("contact").get()
    assert session.contact.note.open() == "Catatan pertemuan."
    assert session.next_step.open() == "Menyapa satu teman."
    assert {session.sealing_key_id, session.contact.sealing_key_id} == {cast.ayu.data_key_id}
    entry = AuditEntry.objects.get(verb="counselling.session.hold")
    assert entry.subject == cast.ayu.public_id
    assert "Catatan" not in str(entry.detail)


def test_the_same_form_writes_one_session_and_one_rating(cast: Any, episode: Episode) -> None:
    goal, key = _goal(cast, episode), uuid.uuid4()
    first, second = (held(cast, episode, client_id=key, ratings={goal.public_id: 4}) for _ in range(2))
    assert first.pk == second.pk
    with pytest.raises(Refused) as refused:
        held(cast, episode, client_id=key, note="Kata lain.")
    assert refused.value.code == "form_used", "other words must not vanish behind a success"
    assert Contact.objects.count() == 1
    assert [rating.value for rating in GoalRating.objects.all()] == [4]


def test_a_linked_appointment_becomes_held_and_can_be_linked_once(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    public_id = booked(cast)
    at = tomorrow(9)
    held(cast, episode, appointment_id=public_id, happened_at=tomorrow(8), at=at)
    assert appointment_of(cast.actor("citra"), public_id).state == AppointmentState.HELD
    with pytest.raises(Refused) as refused:
        held(cast, episode, appointment_id=public_id, happened_at=tomorrow(8), at=at)
    assert (refused.value.code, refused.value.field) == ("appointment_used", "appointment")
    assert Session.objects.count() == 1


def test_an_appointment_of_somebody_else_cannot_be_linked(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    other = booked(cast, guest="bima")
    for public_id in (other, uuid.uuid4()):
        with pytest.raises(Refused) as refused:
            held(cast, episode, appointment_id=public_id, happened_at=tomorrow(8), at=tomorrow(9))
        assert refused.value.field == "appointment"
    assert not Contact.objects.exists()


def test_what_fails_leaves_nothing_behind(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    public_id = booked(cast)
    with pytest.raises(Refused):
        held(
            cast,
            episode,
            appointment_id=public_id,
            happened_at=tomorrow(8),
            at=tomorrow(9),
            ratings={uuid.uuid4(): 3},
        )
    assert not Contact.objects.exists()
    assert not Session.objects.exists()
    assert appointment_of(cast.actor("citra"), public_id).state == AppointmentState.BOOKED


def test_no_session_before_the_day_of_its_appointment(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    with pytest.raises(Refused) as refused:
        held(cast, episode, appointment_id=booked(cast))
    assert (refused.value.code, refused.value.field) == ("not_the_day", "appointment")


def test_a_note_written_late_does_not_age_the_last_contact(cast: Any, episode: Episode) -> None:
    recent = timezone.now() - timedelta(hours=1)
    held(cast, episode, happened_at=recent)
    held(cast, episode, happened_at=recent - timedelta(days=5))
    episode.refresh_from_db()
    assert episode.last_contact_at == recent


def test_nothing_is_written_into_an_episode_of_another_level_or_a_closed_one(cast: Any) -> None:
    for change in ({"level": "peer"}, {"state": "closed"}):
        episode = episode_of(cast, "bima" if "level" in change else "ayu")
        Episode.objects.filter(pk=episode.pk).update(**change)
        episode.refresh_from_db()
        with pytest.raises(NotVisible):
            held(cast, episode)
    assert not Contact.objects.exists()


def test_the_page_saves_a_session_with_ratings(cast: Any, episode: Episode) -> None:
    goal = _goal(cast, episode)
    client, url = cast.client("citra"), reverse("counselling:session", args=[episode.public_id])
    assert "Berani menyapa" in client.get(url).content.decode()
    form = _form(**{f"goal_{goal.public_id.hex}": "7"})
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Session.objects.get().field == "social"
    assert GoalRating.objects.get().value == 7
    page = client.get(url)
    assert page.context["shown"].last_next_step == "Menyapa satu teman"
    assert page.context["shown"].goals[0].last == 7


def test_what_began_today_is_offered_first(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    public_id = booked(cast)
    url = reverse("counselling:session", args=[episode.public_id])
    for hour, shown in ((7, ""), (9, str(public_id))):
        with clock.at(tomorrow(hour)):
            form = cast.client("citra").get(url).context["form"]
        assert form["appointment"].value() == shown


def test_a_retry_after_the_appointment_was_linked_is_no_error(cast: Any, episode: Episode) -> None:
    keep_hours(cast)
    public_id = booked(cast)
    url = reverse("counselling:session", args=[episode.public_id])
    with clock.at(tomorrow(9)):
        client = cast.client("citra")
        page = client.get(url, {"appointment": str(public_id)})
        assert page.context["form"]["appointment"].value() == str(public_id)
        assert page.context["form"]["minutes"].value() == 40
        form = _form(appointment=str(public_id))
        assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Session.objects.get().appointment_id is not None


@pytest.mark.parametrize(
    "change",
    [
        {"day": ""},
        {"day": "31-31-2026"},
        {"clock": "25:00"},
        {"minutes": "0"},
        {"minutes": "601"},
        {"minutes": "many"},
        {"activity": "dancing"},
        {"field": ""},
        {"note": "   "},
        {"client_id": "x"},
        {"day": "2999-01-01"},
        {"appointment": "x"},
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_the_note_is_kept(
    cast: Any, episode: Episode, change: dict[str, str]
) -> None:
    keep_hours(cast)
    booked(cast)
    url = reverse("counselling:session", args=[episode.public_id])
    with clock.at(tomorrow(9)):
        page = cast.client("citra").post(url, _form(**change))
    assert page.status_code == 422
    assert page.context["form"].errors
    if "note" not in change:
        assert "Catatan yang tersegel" in page.content.decode()
    assert not Contact.objects.exists()


def test_opening_the_form_is_recorded_where_something_sealed_is_shown(cast: Any, episode: Episode) -> None:
    url = reverse("counselling:session", args=[episode.public_id])
    reads = AuditEntry.objects.filter(verb="care.episode.read", subject=cast.ayu.public_id)
    cast.client("citra").get(url)
    assert reads.count() == 0
    _goal(cast, episode)
    cast.client("citra").get(url)
    assert reads.count() == 1


def test_sessions_are_seen_by_the_care_team_alone(cast: Any, episode: Episode) -> None:
    held(cast, episode)
    assert Session.objects.visible_to(cast.actor("citra")).count() == 1
    for name in ("ayu", "kirana", "eko", "indra", "hari", "fajar"):
        assert not Session.objects.visible_to(cast.actor(name)).exists()
    assert queries.active_episodes(cast.actor("kirana"), [cast.ayu.pk]) == {}
