"""Pages: what they say, what they do, and how many queries they cost, few rows or many."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from teduh.care.closing import closing_reasons
from teduh.care.models import Alert, Episode, HelpRequest
from teduh.care.states import EpisodeState, Severity
from teduh.peers.actions import conversations
from teduh.peers.models import Offer, SeekerWish, Supporter
from teduh.peers.queries.student import student_part
from teduh.peers.queries.supervisor import supervisor_home
from teduh.peers.queries.supporter import supporter_home
from teduh.peers.states import OfferState
from teduh.peers.tests.conftest import Peers
from teduh.peers.web.forms import PEER_ENDINGS
from teduh.people.access import actor_of, system_actor
from teduh.people.actions.persons import register_person
from teduh.people.states import Role


@pytest.fixture
def talk(peers: Peers) -> Offer:
    """Ayu and Bima are talking."""
    return conversations.accept(offer=peers.offer(peers.ask()), by=peers.cast.actor("bima"), at=peers.now)


def crowd(peers: Peers, numbers: range) -> None:
    """Let many ask; every third conversation runs, the rest wait."""
    Supporter.objects.update(capacity=200)
    for number in numbers:
        person = register_person(
            organisation=peers.cast.school,
            full_name=f"Murid {number}",
            by=system_actor(),
            at=peers.now,
            roles=(Role.STUDENT,),
        )
        peers.cast.persons[f"m{number}"] = person
        offer = peers.offer(peers.ask(f"m{number}"))
        if number % 3 == 0:
            conversations.accept(offer=offer, by=actor_of(offer.supporter.person), at=peers.now)


def test_accepting_leads_into_the_conversation(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    response = peers.cast.client("bima").post(reverse("peers:accept", args=[offer.public_id]))
    offer.refresh_from_db()
    assert offer.room is not None
    assert response.status_code == 302
    assert response["Location"] == reverse("messaging:room", args=[offer.room.public_id])


def test_declining_leads_home_and_a_late_answer_is_no_error(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    bima = peers.cast.client("bima")
    assert bima.post(reverse("peers:decline", args=[offer.public_id]))["Location"] == reverse("home")
    response = bima.post(reverse("peers:accept", args=[offer.public_id]))
    assert response["Location"] == reverse("peers:offer", args=[offer.public_id])
    assert bima.get(response["Location"]).status_code == 200
    assert Episode.objects.count() == 0


def test_one_tap_calls_the_supervisor_and_shows_that_it_arrived(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    bima, address = peers.cast.client("bima"), reverse("peers:call", args=[talk.room.public_id])
    page = bima.get(reverse("messaging:room", args=[talk.room.public_id])).content.decode()
    assert f'action="{address}"' in page
    assert bima.post(address, {"severity": "urgent"}).status_code == 302
    alert = Alert.objects.get()
    assert (alert.assigned_to, alert.severity) == (peers.cast.citra, Severity.URGENT)
    assert "Citra Maharani" in bima.get(address).content.decode()
    bima.post(address, {"severity": "urgent"})
    assert Alert.objects.count() == 1


def test_a_call_with_nonsense_is_answered_beside_the_field(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    address = reverse("peers:call", args=[talk.room.public_id])
    response = peers.cast.client("bima").post(address, {"severity": "loud", "word": "x" * 500})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"severity", "word"}
    assert Alert.objects.count() == 0


def test_finishing_needs_every_point(peers: Peers, talk: Offer) -> None:
    assert talk.room is not None
    bima, address = peers.cast.client("bima"), reverse("peers:finish", args=[talk.room.public_id])
    given = {"client_id": str(uuid.uuid4()), "reason": "goals_met"}
    response = bima.post(address, {**given, "checks": ["told"]})
    assert set(response.context["form"].errors) == {"checks"}
    assert bima.post(address, {**given, "checks": ["told", "knows_whom"]}).status_code == 302
    assert Episode.objects.get().state == EpisodeState.CLOSED
    assert bima.post(address, {**given, "checks": ["told", "knows_whom"]}).status_code == 302


def test_every_ending_offered_to_peers_is_a_known_reason() -> None:
    assert set(PEER_ENDINGS) <= set(closing_reasons())


def test_a_supporter_pauses_and_the_waiting_offer_goes_on(peers: Peers) -> None:
    request = peers.ask()
    given = {"client_id": str(uuid.uuid4()), "topics": ["friends"], "languages": ["id"]}
    assert peers.cast.client("bima").post(reverse("peers:me"), given).status_code == 302
    peers.bima.refresh_from_db()
    assert (peers.bima.available, peers.bima.topics) == (False, ["friends"])
    assert not Offer.objects.filter(help_request=request, state=OfferState.OFFERED).exists()


def test_settings_without_a_language_are_answered_beside_the_field(peers: Peers) -> None:
    response = peers.cast.client("bima").post(
        reverse("peers:me"), {"client_id": str(uuid.uuid4()), "topics": ["friends", "nonsense"]}
    )
    assert set(response.context["form"].errors) == {"languages", "topics"}


def test_the_supervisor_enrols_and_changes_a_supporter(peers: Peers) -> None:
    person = register_person(
        organisation=peers.cast.school,
        full_name="Lina Hartati",
        by=system_actor(),
        at=peers.now,
        roles=(Role.STUDENT, Role.PEER_SUPPORTER),
    )
    citra, address = peers.cast.client("citra"), reverse("peers:supporter", args=[person.public_id])
    listed = citra.get(reverse("peers:supervise"), {"show": "supporters"}).content.decode()
    assert address in listed
    given = {
        "client_id": str(uuid.uuid4()),
        "supervisor": str(peers.cast.citra.public_id),
        "capacity": "2",
        "topics": ["study"],
        "languages": ["id", "jv"],
        "is_active": "on",
    }
    assert citra.post(address, given).status_code == 302
    row = Supporter.objects.get(person=person)
    assert (row.capacity, row.topics, row.languages, row.is_active) == (2, ["study"], ["id", "jv"], True)
    assert citra.post(address, {**given, "capacity": "9"}).context["form"].errors.keys() == {"capacity"}
    del given["is_active"]
    assert citra.post(address, given).status_code == 302
    row.refresh_from_db()
    assert row.is_active is False


def test_the_debrief_ends_the_rest(peers: Peers) -> None:
    Supporter.objects.update(rest_until=peers.now + timedelta(hours=5))
    page = peers.cast.client("bima").get(reverse("peers:live_supporter")).content.decode()
    assert "Citra Maharani" in page
    address = reverse("peers:debrief", args=[peers.cast.bima.public_id])
    assert peers.cast.client("citra").post(address).status_code == 302
    peers.bima.refresh_from_db()
    assert peers.bima.rest_until is not None
    assert peers.bima.rest_until < peers.now + timedelta(hours=1)


def test_choosing_by_hand_shows_reasons_for_and_against(peers: Peers) -> None:
    lina = peers.supporter("lina", "Lina Hartati")
    Supporter.objects.filter(pk=lina.pk).update(available=False)
    made = peers.supporter("made", "Made Wirawan", topics=["study"])
    request = peers.ask()
    address = reverse("peers:choose", args=[request.public_id])
    citra = peers.cast.client("citra")
    response = citra.get(address)
    assert [one.name for one in response.context["shown"].choices] == ["Made Wirawan"]
    assert {one.name for one in response.context["shown"].against} == {"Lina Hartati"}
    given = {"client_id": str(uuid.uuid4()), "supporter": str(lina.person.public_id)}
    assert set(citra.post(address, given).context["form"].errors) == {"supporter"}
    assert citra.post(address, {**given, "supporter": "nonsense"}).status_code == 200
    given["supporter"] = str(made.person.public_id)
    assert citra.post(address, given).status_code == 302
    assert peers.offer(request).supporter == made


def test_the_seeker_reads_the_truth_and_wishes(peers: Peers) -> None:
    Supporter.objects.update(available=False)
    request = peers.ask()
    ayu, address = peers.cast.client("ayu"), reverse("peers:waiting", args=[request.public_id])
    page = ayu.get(address)
    assert page.context["waiting"].asked is False
    assert reverse("help") in page.content.decode()
    response = ayu.post(address, {"client_id": str(uuid.uuid4()), "same_class": "on"})
    assert response.status_code == 302
    assert SeekerWish.objects.get().same_class is True


def test_the_queue_says_why_nobody_can_be_asked(peers: Peers) -> None:
    peers.supporter("lina", "Lina Hartati")
    Supporter.objects.update(available=False)
    peers.ask()
    response = peers.cast.client("citra").get(reverse("peers:supervise"))
    (line,) = response.context["page"].object_list
    assert [why.count for why in line.why_not] == [2]


def test_who_joins_is_seen_in_the_list(peers: Peers, talk: Offer) -> None:
    citra = peers.cast.client("citra")
    assert citra.post(reverse("peers:join_room", args=[talk.public_id])).status_code == 302
    response = citra.get(reverse("peers:supervise"), {"show": "talks"})
    (line,) = response.context["page"].object_list
    assert line.inside
    assert line.seeker.startswith("Kawan ")


def costs(peers: Peers, query_count: Any) -> dict[str, int]:
    """Return the queries of every page, with the session's and the actor's own in them."""
    talk = Offer.objects.filter(state=OfferState.ACCEPTED, supporter=peers.bima).order_by("pk").first()
    waiting = Offer.objects.filter(state=OfferState.OFFERED, supporter=peers.bima).order_by("pk").first()
    assert talk is not None
    assert talk.room is not None
    assert waiting is not None
    desk = reverse("peers:supervise")
    own = HelpRequest.objects.get(person=peers.cast.ayu)
    pages = {
        "offer": ("bima", reverse("peers:offer", args=[waiting.public_id])),
        "me": ("bima", reverse("peers:me")),
        "live_supporter": ("bima", reverse("peers:live_supporter")),
        "call": ("bima", reverse("peers:call", args=[talk.room.public_id])),
        "finish": ("bima", reverse("peers:finish", args=[talk.room.public_id])),
        "supervise": ("citra", desk),
        "talks": ("citra", f"{desk}?show=talks"),
        "supporters": ("citra", f"{desk}?show=supporters"),
        "choose": ("citra", reverse("peers:choose", args=[waiting.help_request.public_id])),
        "supporter": ("citra", reverse("peers:supporter", args=[peers.cast.bima.public_id])),
        "live_supervisor": ("citra", reverse("peers:live_supervisor")),
        "live_student": ("ayu", reverse("peers:live_student")),
        "waiting": ("ayu", reverse("peers:waiting", args=[own.public_id])),
    }
    found = {}
    for name, (who, address) in pages.items():
        client = peers.cast.client(who)
        with query_count() as n:
            assert client.get(address).status_code == 200
        found[name] = len(n)
    return found


def test_pages_cost_few_queries_however_many_rows(peers: Peers, query_count: Any) -> None:
    peers.ask("ayu")
    crowd(peers, range(6))
    # Once before counting: what the frame of the page remembers between requests is not ours to count.
    costs(peers, query_count)
    few = costs(peers, query_count)
    for number in range(5):
        peers.supporter(f"s{number}", f"Penolong {number}")
    crowd(peers, range(100, 115))
    many = costs(peers, query_count)
    assert many == few
    assert max(many.values()) <= 12, many


def test_fragments_of_the_home_cost_few_queries(peers: Peers, talk: Offer, query_count: Any) -> None:
    peers.ask("joko")
    bima, ayu, citra = (peers.cast.actor(name) for name in ("bima", "ayu", "citra"))
    with query_count() as n:
        assert supporter_home(bima, at=peers.now) is not None
    assert len(n) <= 4, n.statements
    with query_count() as n:
        assert student_part(ayu).talks
    assert len(n) <= 4, n.statements
    with query_count() as n:
        assert supervisor_home(citra, at=peers.now).talks == 1
    assert len(n) <= 10, n.statements
