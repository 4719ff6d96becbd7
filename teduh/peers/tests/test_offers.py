"""Offers: made to the best, passed on when declined or left unanswered, taken back when nobody needs them."""

from datetime import UTC, datetime, timedelta

import pytest

from teduh.care.actions.requests import route_request, take_request, withdraw_request
from teduh.care.models import HelpRequest
from teduh.care.states import LevelKey, RequestState
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.peers import jobs
from teduh.peers.actions import offers
from teduh.peers.figures import expires_at
from teduh.peers.models import Offer, Supporter
from teduh.peers.states import OfferState
from teduh.peers.tests.conftest import Peers
from teduh.people.access import system_actor
from teduh.people.actions.persons import exclude


def states(request: HelpRequest) -> list[tuple[str, str]]:
    rows = Offer.objects.filter(help_request=request).order_by("pk")
    return [(offer.supporter.person.called, offer.state) for offer in rows]


def test_a_wish_for_a_peer_is_offered_at_once_with_the_reasons(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    assert offer.supporter == peers.bima
    assert {reason["code"] for reason in offer.reasons} >= {"topic", "language", "room"}
    assert offer.expires_at > peers.now
    entry = AuditEntry.objects.get(verb="peers.offer.make")
    assert entry.subject == peers.cast.ayu.public_id


def test_who_was_ruled_out_is_kept_with_the_reason(peers: Peers) -> None:
    lina = peers.supporter("lina", "Lina Hartati")
    Supporter.objects.filter(pk=lina.pk).update(available=False)
    offer = peers.offer(peers.ask())
    assert offer.ruled_out == [{"person": lina.person_id, "bars": ["unavailable"]}]


def test_a_fault_in_the_matching_does_not_lose_the_request(
    peers: Peers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("matching broke")

    monkeypatch.setattr(offers, "load_pool", break_down)
    request = peers.ask()
    assert HelpRequest.objects.get(pk=request.pk).state == RequestState.ROUTED
    monkeypatch.undo()
    jobs.look_after_offers(peers.now + timedelta(minutes=1))
    assert states(request) == [("Bima", OfferState.OFFERED)]


def test_nobody_free_leaves_the_request_waiting_until_somebody_is(peers: Peers) -> None:
    Supporter.objects.update(available=False)
    request = peers.ask()
    assert states(request) == []
    jobs.look_after_offers(peers.now + timedelta(minutes=1))
    assert states(request) == []
    Supporter.objects.update(available=True)
    jobs.look_after_offers(peers.now + timedelta(minutes=2))
    assert states(request) == [("Bima", OfferState.OFFERED)]


def test_declining_asks_the_next_and_never_the_same_again(peers: Peers) -> None:
    peers.supporter("lina", "Lina Hartati", topics=["study"])
    request = peers.ask()
    offers.decline(offer=peers.offer(request), by=peers.cast.actor("bima"), at=peers.now)
    assert states(request) == [("Bima", OfferState.DECLINED), ("Lina", OfferState.OFFERED)]
    offers.decline(offer=peers.offer(request), by=peers.cast.actor("lina"), at=peers.now)
    assert peers.offer_again(request) is None
    assert [state for _, state in states(request)] == [OfferState.DECLINED, OfferState.DECLINED]


def test_declining_twice_is_once(peers: Peers) -> None:
    request = peers.ask()
    offer = peers.offer(request)
    for _ in range(2):
        offers.decline(offer=offer, by=peers.cast.actor("bima"), at=peers.now)
    assert AuditEntry.objects.filter(verb="peers.offer.decline").count() == 1


def test_an_unanswered_offer_runs_out_and_the_next_is_asked(peers: Peers) -> None:
    peers.supporter("lina", "Lina Hartati", topics=["study"])
    request = peers.ask()
    first = peers.offer(request)
    jobs.look_after_offers(first.expires_at - timedelta(seconds=1))
    assert states(request) == [("Bima", OfferState.OFFERED)]
    jobs.look_after_offers(first.expires_at)
    assert states(request) == [("Bima", OfferState.EXPIRED), ("Lina", OfferState.OFFERED)]


def test_no_offer_runs_out_by_night() -> None:
    assert expires_at(datetime(2026, 8, 3, 3, 0, tzinfo=UTC)) == datetime(2026, 8, 3, 3, 30, tzinfo=UTC)
    # 22.00 and 02.00 in Jakarta: the clock begins at 06.00.
    morning = datetime(2026, 8, 3, 23, 30, tzinfo=UTC)
    assert expires_at(datetime(2026, 8, 3, 15, 0, tzinfo=UTC)) == morning
    assert expires_at(datetime(2026, 8, 3, 19, 0, tzinfo=UTC)) == morning


def test_a_request_taken_back_takes_the_offer_back(peers: Peers) -> None:
    request = peers.ask()
    withdraw_request(request=request, by=peers.cast.actor("ayu"), at=peers.now)
    assert states(request) == [("Bima", OfferState.WITHDRAWN)]


def test_a_counsellor_who_takes_the_request_takes_the_offer_back(peers: Peers) -> None:
    request = peers.ask()
    take_request(request=request, by=peers.cast.actor("citra"), at=peers.now)
    assert states(request) == [("Bima", OfferState.WITHDRAWN)]


def test_a_request_given_to_a_counsellor_is_no_longer_offered(peers: Peers) -> None:
    request = peers.ask()
    route_request(request=request, level=LevelKey.COUNSELLING, by=peers.cast.actor("citra"), at=peers.now)
    assert states(request) == [("Bima", OfferState.WITHDRAWN)]
    jobs.look_after_offers(peers.now + timedelta(minutes=1))
    assert states(request) == [("Bima", OfferState.WITHDRAWN)]


@pytest.mark.parametrize("towards", ["seeker", "supporter"])
def test_an_exclusion_in_either_direction_means_no_offer(peers: Peers, towards: str) -> None:
    pair = {"person": peers.cast.ayu, "excluded": peers.cast.bima}
    if towards == "supporter":
        pair = {"person": peers.cast.bima, "excluded": peers.cast.ayu}
    exclude(**pair, reason="incident", by=system_actor(), at=peers.now - timedelta(minutes=1))
    assert states(peers.ask()) == []


def test_a_supporter_whose_role_has_ended_is_not_asked(peers: Peers) -> None:
    peers.cast.bima.role_grants.filter(role="peer_supporter").update(ends_at=peers.now - timedelta(seconds=1))
    assert states(peers.ask()) == []


def test_offers_that_wait_count_as_load(peers: Peers) -> None:
    Supporter.objects.update(capacity=1)
    peers.ask("ayu")
    assert states(peers.ask("joko")) == []


def test_only_the_supporter_answers(peers: Peers) -> None:
    offer = peers.offer(peers.ask())
    for who in ("ayu", "citra", "dewi", "eko", "fajar", "hari", "indra"):
        with pytest.raises(NotVisible):
            offers.decline(offer=offer, by=peers.cast.actor(who), at=peers.now)


def test_the_supervisor_chooses_by_hand_within_the_hard_rules(peers: Peers) -> None:
    lina = peers.supporter("lina", "Lina Hartati", topics=["study"])
    made = peers.supporter("made", "Made Wirawan")
    Supporter.objects.filter(pk=made.pk).update(rest_until=peers.now + timedelta(hours=1))
    request = peers.ask()
    assert peers.offer(request).supporter == peers.bima
    offers.assign(help_request=request, supporter=lina, by=peers.cast.actor("citra"), at=peers.now)
    assert states(request) == [("Bima", OfferState.WITHDRAWN), ("Lina", OfferState.OFFERED)]
    with pytest.raises(Refused, match="ruled_out"):
        offers.assign(help_request=request, supporter=made, by=peers.cast.actor("citra"), at=peers.now)
    assert states(request)[-1] == ("Lina", OfferState.OFFERED)


def test_who_declined_may_be_asked_again_by_hand_only(peers: Peers) -> None:
    request = peers.ask()
    offers.decline(offer=peers.offer(request), by=peers.cast.actor("bima"), at=peers.now)
    assert peers.offer_again(request) is None
    offer = offers.assign(
        help_request=request, supporter=peers.bima, by=peers.cast.actor("citra"), at=peers.now
    )
    assert offer.state == OfferState.OFFERED


def test_strangers_assign_nobody(peers: Peers) -> None:
    request = peers.ask()
    for who in ("ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko"):
        with pytest.raises(NotVisible):
            offers.assign(help_request=request, supporter=peers.bima, by=peers.cast.actor(who), at=peers.now)


def test_a_seeker_may_wish_for_somebody_of_the_same_class(peers: Peers) -> None:
    from teduh.people.actions.persons import place_in_class

    place_in_class(person=peers.cast.bima, class_group=peers.cast.class_group, on=peers.now.date())
    request = peers.ask()
    assert states(request) == []
    offers.wish_for(
        help_request=request, same_class=True, same_sex=False, by=peers.cast.actor("ayu"), at=peers.now
    )
    assert states(request) == [("Bima", OfferState.OFFERED)]
    offers.wish_for(
        help_request=request, same_class=False, same_sex=False, by=peers.cast.actor("ayu"), at=peers.now
    )
    assert states(request) == [("Bima", OfferState.WITHDRAWN)]
    with pytest.raises(NotVisible):
        offers.wish_for(
            help_request=request, same_class=True, same_sex=False, by=peers.cast.actor("bima"), at=peers.now
        )
