"""Conversations: opened on accepting, supervised, called out of, closed with the episode; rest after an
alert."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from teduh.care.actions.episodes import close_episode
from teduh.care.models import Alert, CareTeamMember, Episode, HelpRequest
from teduh.care.states import EpisodeState, LevelKey, RequestState, Severity, TeamPart
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.messaging.actions import post_message
from teduh.messaging.queries import room_page
from teduh.messaging.states import Part
from teduh.peers.actions import conversations, supporters
from teduh.peers.actions.calls import call_supervisor
from teduh.peers.actions.offers import offer_waiting
from teduh.peers.models import Offer, Supporter
from teduh.peers.names import shown_name, supervisor_name
from teduh.peers.queries.supporter import seeker_names
from teduh.peers.states import OfferState
from teduh.peers.tests.conftest import Peers
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude
from teduh.people.models import Person


@pytest.fixture
def talk(peers: Peers) -> Offer:
    """Ayu and Bima are talking."""
    offer = peers.offer(peers.ask())
    return conversations.accept(offer=offer, by=peers.cast.actor("bima"), at=peers.now)


def test_accepting_opens_the_episode_the_team_and_the_room(peers: Peers, talk: Offer) -> None:
    assert talk.state == OfferState.ACCEPTED
    episode = Episode.objects.get()
    assert (episode.level, episode.lead, episode.person) == (LevelKey.PEER, peers.cast.bima, peers.cast.ayu)
    team = CareTeamMember.objects.filter(episode=episode).values_list("member__full_name", "part")
    assert set(team) == {("Bima Saputra", TeamPart.LEAD), ("Citra Maharani", TeamPart.SUPERVISOR)}
    request = HelpRequest.objects.get()
    assert (request.state, request.taken_by) == (RequestState.TAKEN, peers.cast.bima)
    assert talk.room is not None
    assert talk.room.matter == episode.public_id


def test_the_supporter_sees_a_pseudonym_and_the_seeker_a_first_name(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    page = room_page(talk.room.public_id, by=peers.cast.actor("bima"), at=peers.now)
    names = {who.part: who.who for who in page.present}
    assert talk.episode is not None
    assert seeker_names([talk.episode.pk]) == {talk.episode.pk: names[Part.SEEKER]}
    assert names[Part.HELPER] == "Bima"
    assert names[Part.SEEKER].startswith("Kawan ")
    assert "ayu" not in names[Part.SEEKER].casefold()


def test_a_nickname_is_used_unless_it_gives_the_name_away() -> None:
    request = uuid.uuid4()
    assert shown_name("Pelangi", "Ayu Lestari", request) == "Pelangi"
    assert shown_name("ayu", "Ayu Lestari", request).startswith("Kawan ")
    assert shown_name("Si Lestari", "Ayu Lestari", request).startswith("Kawan ")
    assert shown_name("", "Ayu Lestari", request) == shown_name("", "Ayu Lestari", request)


def test_two_seekers_of_one_supporter_are_never_called_alike() -> None:
    request = uuid.uuid4()
    first = shown_name("", "Ayu Lestari", request)
    assert shown_name("", "Budi Santoso", request, {first}) != first
    assert shown_name("Pelangi", "Budi Santoso", request, {"Pelangi"}) != "Pelangi"


def test_the_supervisor_is_shown_with_title_and_address() -> None:
    assert supervisor_name("Citra", "P") == "Pembina (Bu Citra)"
    assert supervisor_name("Joko", "L") == "Pembina (Pak Joko)"
    assert supervisor_name("Citra", "") == "Pembina (Citra)"


def test_accepting_twice_gives_the_same_conversation(peers: Peers, talk: Offer) -> None:
    again = conversations.accept(
        offer=Offer.objects.get(pk=talk.pk), by=peers.cast.actor("bima"), at=peers.now
    )
    assert again.room_id == talk.room_id
    assert Episode.objects.count() == 1


def test_nobody_else_accepts(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    for who in ("ayu", "citra", "dewi", "eko", "fajar", "hari", "indra"):
        with pytest.raises(NotVisible):
            conversations.accept(offer=offer, by=peers.cast.actor(who), at=peers.now)
    assert Episode.objects.count() == 0


def test_a_supporter_excluded_after_the_offer_cannot_accept(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    exclude(
        person=peers.cast.ayu, excluded=peers.cast.bima, reason="incident", by=system_actor(), at=peers.now
    )
    with pytest.raises(NotVisible):
        conversations.accept(
            offer=offer, by=peers.cast.actor("bima", at=peers.now + timedelta(seconds=1)), at=peers.now
        )


def test_who_rests_or_is_full_cannot_accept_and_the_next_is_asked(peers: Peers) -> None:
    peers.supporter("lina", "Lina Hartati", topics=["study"])
    request = peers.ask()
    offer = peers.offer(request)
    Supporter.objects.filter(pk=peers.bima.pk).update(rest_until=peers.now + timedelta(hours=1))
    with pytest.raises(Refused, match="ruled_out"):
        conversations.accept(offer=offer, by=peers.cast.actor("bima"), at=peers.now)
    assert peers.offer(request).supporter.person == peers.cast.lina
    Supporter.objects.filter(person=peers.cast.lina).update(capacity=0)
    with pytest.raises(Refused, match="ruled_out"):
        conversations.accept(offer=peers.offer(request), by=peers.cast.actor("lina"), at=peers.now)
    assert Episode.objects.count() == 0


def test_a_settled_request_cannot_be_accepted_any_more(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    HelpRequest.objects.update(state=RequestState.ANSWERED)
    with pytest.raises(Refused, match="not_waiting"):
        conversations.accept(offer=offer, by=peers.cast.actor("bima"), at=peers.now)


def test_calling_the_supervisor_raises_one_alert_at_once(peers: Peers, talk: Offer) -> None:
    bima = peers.cast.actor("bima")
    alert = call_supervisor(offer=talk, severity=Severity.URGENT, word="takut", by=bima, at=peers.now)
    again = call_supervisor(offer=talk, severity=Severity.URGENT, word="", by=bima, at=peers.now)
    assert again.pk == alert.pk
    assert (alert.assigned_to, alert.severity) == (peers.cast.citra, Severity.URGENT)
    assert alert.evidence.open() == "takut"
    assert Alert.objects.visible_to(peers.cast.actor("citra")).count() == 1
    assert Alert.objects.visible_to(bima).count() == 0


def test_an_excluded_supervisor_is_not_called(peers: Peers, talk: Offer) -> None:
    exclude(
        person=peers.cast.ayu, excluded=peers.cast.citra, reason="relative", by=system_actor(), at=peers.now
    )
    alert = call_supervisor(
        offer=talk,
        severity=Severity.URGENT,
        word="",
        by=peers.cast.actor("bima"),
        at=peers.now + timedelta(seconds=1),
    )
    assert alert.assigned_to == peers.cast.kirana


def test_only_the_supporter_calls(peers: Peers, talk: Offer) -> None:
    for who in ("ayu", "citra", "eko", "fajar", "hari", "indra"):
        with pytest.raises(NotVisible):
            call_supervisor(
                offer=talk, severity=Severity.URGENT, word="", by=peers.cast.actor(who), at=peers.now
            )


def test_after_an_alert_the_supporter_rests_until_the_debrief(peers: Peers, talk: Offer) -> None:
    bima = peers.cast.actor("bima")
    call_supervisor(offer=talk, severity=Severity.CONCERN, word="", by=bima, at=peers.now)
    peers.bima.refresh_from_db()
    assert peers.bima.rest_until == peers.now + timedelta(hours=24)
    waiting = peers.ask("joko")
    assert not Offer.objects.filter(help_request=waiting).exists()
    with pytest.raises(NotVisible):
        supporters.end_rest(supporter=peers.bima, by=bima, at=peers.now)
    later = peers.now + timedelta(hours=2)
    supporters.end_rest(supporter=peers.bima, by=peers.cast.actor("citra"), at=later)
    offer_waiting(at=later)
    assert peers.offer(waiting).supporter == peers.bima
    assert AuditEntry.objects.filter(verb="peers.supporter.debrief").count() == 1


def test_a_message_of_danger_gives_rest_too(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    post_message(
        room=talk.room,
        by=peers.cast.actor("ayu"),
        text="aku mau bunuh diri malam ini",
        client_id=uuid.uuid4(),
        at=peers.now,
    )
    peers.bima.refresh_from_db()
    assert peers.bima.rest_until is not None


def test_rest_passes_waiting_offers_on(peers: Peers, talk: Offer) -> None:
    waiting = peers.ask("joko")
    assert peers.offer(waiting).supporter == peers.bima
    peers.supporter("lina", "Lina Hartati")
    call_supervisor(offer=talk, severity=Severity.CONCERN, word="", by=peers.cast.actor("bima"), at=peers.now)
    assert not Offer.objects.filter(help_request=waiting, state=OfferState.OFFERED).exists()
    offer_waiting(at=peers.now)
    assert peers.offer(waiting).supporter.person == peers.cast.lina


def test_the_supervisor_steps_in_visible_to_both_and_out_again(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    Person.objects.filter(pk=peers.cast.citra.pk).update(sex="P")
    citra = peers.cast.actor("citra")
    for _ in range(2):
        conversations.step_in(offer=talk, by=citra, at=peers.now)
    for who in ("ayu", "bima"):
        page = room_page(talk.room.public_id, by=peers.cast.actor(who), at=peers.now)
        assert [p.who for p in page.present if p.part == Part.SUPERVISOR] == ["Pembina (Bu Citra)"]
    conversations.step_out(offer=talk, by=citra, at=peers.now)
    page = room_page(talk.room.public_id, by=peers.cast.actor("ayu"), at=peers.now)
    assert len(page.present) == 2


def test_who_does_not_supervise_or_is_excluded_cannot_step_in(peers: Peers, talk: Offer) -> None:
    for who in ("ayu", "bima", "dewi", "eko", "fajar", "hari", "indra", "kirana"):
        with pytest.raises(NotVisible):
            conversations.step_in(offer=talk, by=peers.cast.actor(who), at=peers.now)
    exclude(
        person=peers.cast.ayu, excluded=peers.cast.citra, reason="relative", by=system_actor(), at=peers.now
    )
    later = peers.now + timedelta(seconds=1)
    with pytest.raises(NotVisible):
        conversations.step_in(offer=talk, by=peers.cast.actor("citra", at=later), at=later)


def close(peers: Peers, episode: Episode) -> None:
    close_episode(
        episode=episode,
        reason="goals_met",
        checks=["told", "knows_whom"],
        note="",
        by=peers.cast.actor("bima"),
        at=peers.now,
        aftercare_on=None,
        aftercare_owner=None,
        client_id=uuid.uuid4(),
    )


def test_closing_the_episode_closes_the_room_and_frees_the_place(peers: Peers, talk: Offer) -> None:
    Supporter.objects.update(capacity=1)
    assert talk.episode is not None
    assert talk.room is not None
    waiting = peers.ask("joko")
    assert not Offer.objects.filter(help_request=waiting).exists()
    close(peers, talk.episode)
    assert talk.episode.state == EpisodeState.CLOSED
    talk.room.refresh_from_db()
    assert talk.room.closed_at is not None
    with pytest.raises(Refused, match="room_closed"):
        post_message(
            room=talk.room, by=peers.cast.actor("ayu"), text="halo", client_id=uuid.uuid4(), at=peers.now
        )
    found = peers.offer_again(waiting)
    assert found is not None
    assert found.supporter == peers.bima


def test_closing_needs_that_the_student_knows(peers: Peers, talk: Offer) -> None:
    assert talk.episode is not None
    with pytest.raises(Refused, match="checks_missing"):
        close_episode(
            episode=talk.episode,
            reason="goals_met",
            checks=["told"],
            note="",
            by=peers.cast.actor("bima"),
            at=peers.now,
            aftercare_on=None,
            aftercare_owner=None,
            client_id=uuid.uuid4(),
        )


def test_calls_and_steps_end_with_the_conversation(peers: Peers, talk: Offer) -> None:
    assert talk.episode is not None
    close(peers, talk.episode)
    with pytest.raises(Refused, match="not_running"):
        call_supervisor(
            offer=talk, severity=Severity.URGENT, word="", by=peers.cast.actor("bima"), at=peers.now
        )
    with pytest.raises(Refused, match="not_running"):
        conversations.step_in(offer=talk, by=peers.cast.actor("citra"), at=peers.now)


def test_who_was_the_helper_before_counts(peers: Peers, talk: Offer, asked: Callable[[], Offer]) -> None:
    assert talk.episode is not None
    peers.supporter("lina", "Lina Hartati")
    close(peers, talk.episode)
    offer = asked()
    assert offer.supporter == peers.bima
    assert "before" in {reason["code"] for reason in offer.reasons}
