"""What the matching needs to know, read from the database with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from teduh.care.models import HelpRequest
from teduh.care.states import EpisodeState
from teduh.peers.figures import figures
from teduh.peers.matching import Candidate, Outcome, Seeker, match
from teduh.peers.models import Offer, SeekerWish, Supporter
from teduh.peers.states import ASKED, OfferState
from teduh.people.models import ClassMembership, Exclusion, RoleGrant
from teduh.people.models.person import in_force
from teduh.people.states import Role

#: What fills a place: a conversation that runs, and an offer that waits for an answer.
IN_USE = Q(offers__state=OfferState.OFFERED) | Q(
    offers__state=OfferState.ACCEPTED, offers__episode__state=EpisodeState.ACTIVE
)


@dataclass(frozen=True)
class Pool:
    """The supporters of some organisations, as rows and as the matching sees them, by person."""

    supporters: dict[int, Supporter]
    candidates: dict[int, Candidate]


def load_pool(organisation_ids: Sequence[int], *, at: datetime) -> Pool:
    """Read the supporters with their load (one query)."""
    current_class = ClassMembership.objects.filter(person=OuterRef("person_id"), ends_on__isnull=True)
    holds_role = RoleGrant.objects.filter(
        in_force(at),
        person=OuterRef("person_id"),
        organisation=OuterRef("organisation_id"),
        role=Role.PEER_SUPPORTER,
    )
    rows = (
        Supporter.objects.filter(organisation_id__in=organisation_ids)
        .select_related("person", "supervisor")
        .annotate(
            in_use=Count("offers", filter=IN_USE),
            last_began_at=Max("offers__answered_at", filter=Q(offers__state=OfferState.ACCEPTED)),
            class_group=Subquery(current_class.values("class_group_id")[:1]),
            holds_role=Exists(holds_role),
        )
        .order_by("person__full_name", "pk")
    )
    supporters, candidates = {}, {}
    for row in rows:
        # What the query adds is unknown to the model's type.
        added: Any = row
        supporters[row.person_id] = row
        candidates[row.person_id] = Candidate(
            person=row.person_id,
            supervisor=row.supervisor_id,
            organisation=row.organisation_id,
            topics=frozenset(row.topics),
            languages=frozenset(row.languages),
            class_group=added.class_group,
            sex=row.person.sex,
            capacity=row.capacity,
            load=added.in_use,
            is_active=row.is_active and added.holds_role and row.person.left_on is None,
            available=row.available,
            rest_until=row.rest_until,
            last_began_at=added.last_began_at,
        )
    return Pool(supporters, candidates)


@dataclass(frozen=True)
class Asking:
    """Those who ask, by request, and the offer of each that waits for an answer."""

    seekers: dict[int, Seeker]
    open_offers: dict[int, Offer]


def load_asking(requests: Sequence[HelpRequest], *, at: datetime) -> Asking:
    """Read what counts about those who ask (three queries); requests about nobody known are left out."""
    known = [request.pk for request in requests if request.person_id is not None]
    current_class = ClassMembership.objects.filter(person=OuterRef("person_id"), ends_on__isnull=True)
    wish = SeekerWish.objects.filter(help_request=OuterRef("pk"))
    facts = list(
        HelpRequest.objects.filter(pk__in=known).values_list(
            "pk",
            "person_id",
            "organisation_id",
            "topic",
            "person__sex",
            "person__account__language",
            Subquery(current_class.values("class_group_id")[:1]),
            Subquery(wish.values("same_class")[:1]),
            Subquery(wish.values("same_sex")[:1]),
        )
    )
    persons = {row[1] for row in facts}
    apart = _apart(persons, at)
    asked, helped, open_offers = _history(known, persons)
    seekers = {}
    for pk, person, organisation, topic, sex, language, class_group, same_class, same_sex in facts:
        seekers[pk] = Seeker(
            person=person,
            organisation=organisation,
            topic=topic,
            languages=tuple(dict.fromkeys((language or "id", "id"))),
            class_group=class_group,
            sex=sex,
            same_class_wished=bool(same_class),
            same_sex_wished=bool(same_sex),
            excluded=frozenset(apart[person]),
            asked_before=frozenset(asked[pk]),
            helped_before_by=frozenset(helped[person]),
        )
    return Asking(seekers, open_offers)


def _apart(persons: set[int], at: datetime) -> dict[int, set[int]]:
    """Return who must be kept apart from each person, whoever of the two set it."""
    apart: dict[int, set[int]] = defaultdict(set)
    rows = Exclusion.objects.filter(in_force(at), Q(person__in=persons) | Q(excluded__in=persons))
    for person, other in rows.values_list("person_id", "excluded_id"):
        apart[person].add(other)
        apart[other].add(person)
    return apart


def _history(
    requests: Sequence[int], persons: set[int]
) -> tuple[dict[int, set[int]], dict[int, set[int]], dict[int, Offer]]:
    """Return who was asked about each request, who has helped each person, and the offers that wait."""
    asked: dict[int, set[int]] = defaultdict(set)
    helped: dict[int, set[int]] = defaultdict(set)
    waiting: dict[int, Offer] = {}
    rows = Offer.objects.filter(
        Q(help_request__in=requests, state__in=(OfferState.OFFERED, *ASKED))
        | Q(help_request__person__in=persons, state=OfferState.ACCEPTED)
    ).select_related("supporter__person", "help_request")
    for offer in rows:
        if offer.state == OfferState.OFFERED:
            waiting[offer.help_request_id] = offer
        elif offer.state == OfferState.ACCEPTED and offer.help_request.person_id is not None:
            helped[offer.help_request.person_id].add(offer.supporter.person_id)
        else:
            asked[offer.help_request_id].add(offer.supporter.person_id)
    return asked, helped, waiting


def outcomes(asking: Asking, pool: Pool, *, at: datetime) -> dict[int, Outcome]:
    """Match everybody who asks against one pool."""
    weights = figures().weights
    return {
        pk: match(seeker, pool.candidates.values(), at=at, weights=weights)
        for pk, seeker in asking.seekers.items()
    }
