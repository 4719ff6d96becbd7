"""Offer a conversation to the best supporter, and let the clock ask the next one.

Locks are taken in one order everywhere: the request, then the organisation's audit chain. Under the
chain's lock supporters and offers stand still, so that two at once cannot fill one place. Whoever holds
the chain takes no request any more: what follows for other requests is left to a job.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.models import HelpRequest
from teduh.care.policies import insist
from teduh.care.states import LevelKey, RequestState
from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.kernel.live import person_channel, wake
from teduh.kernel.machine import move, rule_for
from teduh.peers import policies
from teduh.peers.figures import expires_at
from teduh.peers.matching import Bar, Match, Outcome, bars
from teduh.peers.models import Offer, OfferQuerySet, SeekerWish, Supporter
from teduh.peers.pool import load_asking, load_pool, outcomes
from teduh.peers.states import OFFER_RULES, OfferState, OfferStep
from teduh.people.access import Actor, system_actor
from teduh.people.told import told

#: How many waiting requests one pass of the clock looks at.
BATCH = 100


def lock_request(pk: int) -> HelpRequest:
    """Return the request; nobody else offers or settles it, or moves an offer of its school, until this
    is over."""
    request = (
        HelpRequest.objects.select_for_update(of=("self",))
        .select_related("organisation", "person", "sent_by")
        .get(pk=pk)
    )
    audit.hold(request.organisation.public_id)
    return request


def waits_for_peer(request: HelpRequest) -> bool:
    """Tell whether the request still waits at the level of peers."""
    return request.state == RequestState.ROUTED and request.decided_level == LevelKey.PEER


def _with_people(offers: OfferQuerySet) -> OfferQuerySet:
    return offers.select_related(
        "organisation", "supporter__person", "supporter__supervisor", "help_request__person"
    )


@transaction.atomic
def offer_next(*, help_request: HelpRequest, by: Actor, at: datetime) -> Offer | None:
    """Offer the conversation to the best supporter who was not asked yet; None where nobody may be asked.

    Where nobody is free the request stays in the supervisor's queue, and the page of the seeker says so.
    """
    request = lock_request(help_request.pk)
    if not waits_for_peer(request) or request.person is None:
        return None
    open_one = Offer.objects.filter(help_request=request, state=OfferState.OFFERED).first()
    if open_one is not None:
        return open_one
    pool = load_pool([request.organisation_id], at=at)
    outcome = outcomes(load_asking([request], at=at), pool, at=at)[request.pk]
    best = outcome.best
    if best is None:
        audit.record(
            told(by, "peers.offer.nobody", request, subject=request.person, scope=request.organisation), at=at
        )
        _wake_supervisors(pool.supporters.values())
        return None
    return _make(request, pool.supporters[best.candidate.person], best, outcome, by, at)


@transaction.atomic
def assign(*, help_request: HelpRequest, supporter: Supporter, by: Actor, at: datetime) -> Offer:
    """Offer the conversation to a supporter chosen by hand; the hard rules hold, save that somebody may
    be asked again.

    Raises Refused where a hard rule stands against it or the request no longer waits.
    """
    request = lock_request(help_request.pk)
    insist(policies.may_assign(by, request))
    if not waits_for_peer(request) or request.person is None:
        raise Refused("not_waiting", _("This request is no longer waiting for a peer."))
    current = Offer.objects.filter(help_request=request, state=OfferState.OFFERED).first()
    if current is not None:
        if current.supporter_id == supporter.pk:
            return current
        step_offer(current, OfferStep.WITHDRAW, by, at)
    pool = load_pool([request.organisation_id], at=at)
    outcome = outcomes(load_asking([request], at=at), pool, at=at)[request.pk]
    found = next((m for m in outcome.ranked if m.candidate.person == supporter.person_id), None)
    if found is None:
        out = next((r for r in outcome.ruled_out if r.candidate.person == supporter.person_id), None)
        if out is None or set(out.bars) != {Bar.ASKED_BEFORE}:
            raise Refused("ruled_out", _("A rule stands against this supporter."), field="supporter")
        found = Match(out.candidate, ())
    return _make(request, pool.supporters[supporter.person_id], found, outcome, by, at)


def _make(
    request: HelpRequest, supporter: Supporter, found: Match, outcome: Outcome, by: Actor, at: datetime
) -> Offer:
    offer = Offer.objects.create(
        organisation=request.organisation,
        supporter=supporter,
        help_request=request,
        reasons=[{"code": p.code, "points": p.points, "value": p.value} for p in found.points],
        ruled_out=[{"person": out.candidate.person, "bars": list(out.bars)} for out in outcome.ruled_out],
        offered_at=at,
        expires_at=expires_at(at),
    )
    audit.record(
        told(
            by,
            "peers.offer.make",
            offer,
            subject=request.person,
            scope=request.organisation,
            score=found.score,
            ruled_out=len(outcome.ruled_out),
        ),
        at=at,
    )
    wake_around(offer)
    return offer


def step_offer(offer: Offer, step: OfferStep, by: Actor, at: datetime, **changes: Any) -> None:
    """Move an offer, write the audit row and wake the pages concerned.

    Raises Refused where the table has no such step, Stale where somebody was faster.
    """
    move(offer, rule_for(OFFER_RULES, OfferState(offer.state), step), answered_at=at, **changes)
    audit.record(
        told(
            by,
            f"peers.offer.{step.value}",
            offer,
            subject=offer.help_request.person,
            scope=offer.organisation,
        ),
        at=at,
    )
    wake_around(offer)


@transaction.atomic
def decline(*, offer: Offer, by: Actor, at: datetime) -> None:
    """Say no without a reason, and ask the next supporter; saying it again changes nothing."""
    insist(policies.may_answer(by, offer))
    request = lock_request(offer.help_request_id)
    offer.refresh_from_db(fields=["state"])
    if offer.state == OfferState.DECLINED:
        return
    step_offer(offer, OfferStep.DECLINE, by, at)
    offer_next(help_request=request, by=system_actor(), at=at)


def take_from(*, supporter: Supporter, by: Actor, at: datetime) -> None:
    """Take the waiting offers from a supporter who rests or stops; the job that follows asks others."""
    for offer in _with_people(Offer.objects.filter(supporter=supporter, state=OfferState.OFFERED)):
        step_offer(offer, OfferStep.WITHDRAW, by, at)


@transaction.atomic
def withdraw_open(*, help_request: HelpRequest, by: Actor, at: datetime) -> None:
    """Take back the offer that waits, because the request is settled or given elsewhere; its row is
    locked by then."""
    audit.hold(help_request.organisation.public_id)
    for offer in _with_people(Offer.objects.filter(help_request=help_request, state=OfferState.OFFERED)):
        step_offer(offer, OfferStep.WITHDRAW, by, at)


def expire_overdue(*, at: datetime) -> int:
    """Let unanswered offers run out and ask the next supporter; each in a transaction of its own, so it
    resumes."""
    overdue = Offer.objects.filter(state=OfferState.OFFERED, expires_at__lte=at).order_by("expires_at")
    count = 0
    for pk, request_pk in list(overdue.values_list("pk", "help_request_id")[:BATCH]):
        with transaction.atomic():
            request = lock_request(request_pk)
            offer = _with_people(Offer.objects.filter(pk=pk, state=OfferState.OFFERED)).first()
            if offer is None:
                continue
            step_offer(offer, OfferStep.EXPIRE, system_actor(), at)
            offer_next(help_request=request, by=system_actor(), at=at)
            count += 1
    return count


def offer_waiting(*, at: datetime, organisation_id: int | None = None) -> int:
    """Ask again for requests without an open offer: somebody may have become free; return how many were
    offered.

    Each in a transaction of its own; never called inside one.
    """
    waiting = HelpRequest.objects.filter(
        state=RequestState.ROUTED, decided_level=LevelKey.PEER, person__isnull=False
    ).exclude(pk__in=Offer.objects.filter(state=OfferState.OFFERED).values("help_request_id"))
    if organisation_id is not None:
        waiting = waiting.filter(organisation_id=organisation_id)
    requests = list(waiting.order_by("sent_at")[:BATCH])
    if not requests:
        return 0
    pool = load_pool(list({request.organisation_id for request in requests}), at=at)
    found = outcomes(load_asking(requests, at=at), pool, at=at)
    count = 0
    for request in requests:
        # Looked at in one go first, so that a queue for which nobody is free costs the clock a few
        # queries only.
        if found[request.pk].best is not None:
            count += offer_next(help_request=request, by=system_actor(), at=at) is not None
    return count


@transaction.atomic
def wish_for(*, help_request: HelpRequest, same_class: bool, same_sex: bool, by: Actor, at: datetime) -> None:
    """Keep what the seeker wishes of the supporter, and look again; only the seeker may, while the
    request waits."""
    request = lock_request(help_request.pk)
    insist(policies.may_wish(by, request))
    if not waits_for_peer(request):
        raise Refused("not_waiting", _("This request is no longer waiting for a peer."))
    SeekerWish.objects.update_or_create(
        help_request=request, defaults={"same_class": same_class, "same_sex": same_sex}
    )
    audit.record(told(by, "peers.wish.set", request, subject=request.person), at=at)
    _withdraw_unfit(request, at)
    offer_next(help_request=request, by=system_actor(), at=at)


def _withdraw_unfit(request: HelpRequest, at: datetime) -> None:
    offer = _with_people(Offer.objects.filter(help_request=request, state=OfferState.OFFERED)).first()
    if offer is not None and standing_bars(offer, at=at):
        step_offer(offer, OfferStep.WITHDRAW, system_actor(), at)


#: What does not stand against an offer that was made: having been asked, having closed the door since;
#: places are counted on accepting, by the conversations that run.
_NOT_AFTERWARDS = frozenset({Bar.ASKED_BEFORE, Bar.UNAVAILABLE, Bar.FULL})


def standing_bars(offer: Offer, *, at: datetime) -> tuple[Bar, ...]:
    """Return the hard rules that stand against an offer now, save the number of places."""
    pool = load_pool([offer.organisation_id], at=at)
    seeker = load_asking([offer.help_request], at=at).seekers[offer.help_request_id]
    found = bars(seeker, pool.candidates[offer.supporter.person_id], at=at)
    return tuple(bar for bar in found if bar not in _NOT_AFTERWARDS)


def wake_around(offer: Offer) -> None:
    """Let the pages of the supporter, the supervisor and the seeker look again."""
    persons = [offer.supporter.person, offer.supporter.supervisor, offer.help_request.person]
    wake(*(person_channel(person.public_id) for person in persons if person is not None))


def _wake_supervisors(supporters: Iterable[Supporter]) -> None:
    wake(*(person_channel(supporter.supervisor.public_id) for supporter in supporters))
