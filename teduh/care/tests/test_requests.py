"""The door: once is once, danger comes before a human, the student's safe wish stands."""

import uuid
from typing import Any

import pytest

from teduh.care.actions import requests
from teduh.care.models import Alert, HelpRequest
from teduh.care.states import Door, LevelKey, RequestState, Topic, Urgency, Wish
from teduh.care.tests.helpers import ask
from teduh.care.triage import triage
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused


def test_a_request_sent_twice_is_one(cast: Any) -> None:
    key = uuid.uuid4()
    assert ask(cast, client_id=key).pk == ask(cast, client_id=key).pk
    assert HelpRequest.objects.count() == 1


def test_a_safe_wish_routes_itself(cast: Any) -> None:
    request = ask(cast, wish=Wish.PEER)
    assert request.state == RequestState.ROUTED
    assert request.decided_level == LevelKey.PEER
    assert request.decided_by_id == cast.ayu.pk


def test_danger_in_the_words_raises_an_alert_and_no_peer_is_asked(cast: Any) -> None:
    request = ask(cast, wish=Wish.PEER, text="aku pengen bunuh diri malam ini")
    assert request.state == RequestState.RECEIVED
    assert request.urgency == Urgency.NOW
    alert = Alert.objects.get()
    assert alert.person_id == cast.ayu.pk
    assert alert.assigned_to_id in {cast.citra.pk, cast.kirana.pk}


def test_a_grave_answer_raises_an_alert_without_any_words(cast: Any) -> None:
    request = ask(cast, wish=Wish.PEER, text="", answers={"safe": "no"})
    assert request.urgency == Urgency.NOW
    assert Alert.objects.count() == 1


def test_a_peer_cannot_be_given_a_request_with_danger(cast: Any) -> None:
    request = ask(cast, wish=Wish.PEER, answers={"die": "now"})
    with pytest.raises(Refused, match="not_for_peers"):
        requests.route_request(request=request, level=LevelKey.PEER, by=cast.actor("citra"), at=clock.now())


def test_whoever_is_worried_about_a_friend_needs_no_exact_name(cast: Any) -> None:
    request = ask(cast, "bima", door=Door.FRIEND, about="Ayu kelas X-1", text="dia sering nangis")
    assert request.person_id is None
    assert request.recommended_level == LevelKey.COUNSELLING
    with pytest.raises(Refused, match="person_unknown"):
        requests.take_request(request=request, by=cast.actor("citra"), at=clock.now())
    requests.name_person(request=request, person=cast.ayu, by=cast.actor("citra"), at=clock.now())
    episode = requests.take_request(request=request, by=cast.actor("citra"), at=clock.now())
    assert episode.person_id == cast.ayu.pk


def test_a_student_of_another_school_cannot_be_named(cast: Any) -> None:
    request = ask(cast, "bima", door=Door.FRIEND, about="Fajar", text="dia sering nangis")
    with pytest.raises(Refused, match="other_school"):
        requests.name_person(request=request, person=cast.fajar, by=cast.actor("citra"), at=clock.now())


@pytest.mark.parametrize("who", ["ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko"])
def test_only_counsellors_of_the_school_take_requests(cast: Any, who: str) -> None:
    request = ask(cast)
    with pytest.raises(NotVisible):
        requests.take_request(request=request, by=cast.actor(who), at=clock.now())


def test_an_excluded_counsellor_neither_sees_nor_takes_a_request(cast: Any) -> None:
    from teduh.people.access import system_actor
    from teduh.people.actions.persons import exclude

    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=clock.now())
    request = ask(cast)
    assert not HelpRequest.objects.visible_to(cast.actor("citra")).exists()
    assert HelpRequest.objects.visible_to(cast.actor("kirana")).exists()
    with pytest.raises(NotVisible):
        requests.take_request(request=request, by=cast.actor("citra"), at=clock.now())


@pytest.mark.parametrize("who", ["bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko"])
def test_nobody_else_sees_a_request(cast: Any, who: str) -> None:
    ask(cast)
    assert not HelpRequest.objects.visible_to(cast.actor(who)).exists()


def test_what_another_counsellor_took_leaves_the_queue(cast: Any) -> None:
    request = ask(cast)
    requests.take_request(request=request, by=cast.actor("kirana"), at=clock.now())
    assert not HelpRequest.objects.visible_to(cast.actor("citra")).exists()


def test_nobody_is_sent_away_in_silence(cast: Any) -> None:
    request = ask(cast)
    with pytest.raises(Refused, match="reply_empty"):
        requests.answer_request(request=request, reply="  ", by=cast.actor("citra"), at=clock.now())


def test_the_sender_can_take_a_request_back_but_its_alert_stays(cast: Any) -> None:
    request = ask(cast, answers={"safe": "no"})
    requests.withdraw_request(request=request, by=cast.actor("ayu"), at=clock.now())
    assert request.state == RequestState.WITHDRAWN
    assert Alert.objects.open().count() == 1


@pytest.mark.parametrize("topic", list(Topic))
@pytest.mark.parametrize("wish", list(Wish))
def test_danger_always_means_an_adult_today(topic: Topic, wish: Wish) -> None:
    for answers in ({"safe": "no"}, {"hurt": "now"}, {"die": "now"}):
        advice = triage(door=Door.SELF, topic=topic, wish=wish, answers=answers, found=None)
        assert advice.urgency == Urgency.NOW
        assert advice.level != LevelKey.PEER
        assert not advice.wish_stands
