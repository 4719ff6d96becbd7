"""What the matching needs to know, read from the database with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from teduh.care.models import Episode, HelpRequest
from teduh.care.states import EpisodeState, LevelKey
from teduh.peers.figures import figures
from teduh.peers.matching import Candidate, Outcome, Seeker, match
from teduh.peers.models import Offer, SeekerWish, Supporter
from teduh.peers.states import ASKED, OfferState
from teduh.people.models import ClassMembership, Exclusion, Person, RoleGrant
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


def load_seekers(requests: Sequence[HelpRequest], *, at: datetime) -> dict[int, Seeker]:
    """Read what counts about those who ask, by request (five queries); requests about nobody known are
    left out."""
    known = {request: request.person_id for request in requests if request.person_id is not None}
    person_ids = list(known.values())
    current_class = ClassMembership.objects.filter(person=OuterRef("pk"), ends_on__isnull=True)
    persons = {
        row["pk"]: row
        for row in Person.objects.filter(pk__in=person_ids)
        .annotate(class_group=Subquery(current_class.values("class_group_id")[:1]))
        .values("pk", "sex", "class_group", "account__language")
    }
    excluded: dict[int, set[int]] = defaultdict(set)
    for person, other in Exclusion.objects.filter(
        in_force(at), Q(person__in=person_ids) | Q(excluded__in=person_ids)
    ).values_list("person_id", "excluded_id"):
        excluded[person].add(other)
        excluded[other].add(person)
    asked: dict[int, set[int]] = defaultdict(set)
    for request_id, person in Offer.objects.filter(help_request__in=list(known), state__in=ASKED).values_list(
        "help_request_id", "supporter__person_id"
    ):
        asked[request_id].add(person)
    helped: dict[int, set[int]] = defaultdict(set)
    for person, lead in Episode.objects.filter(person__in=person_ids, level=LevelKey.PEER).values_list(
        "person_id", "lead_id"
    ):
        helped[person].add(lead)
    wishes = {wish.help_request_id: wish for wish in SeekerWish.objects.filter(help_request__in=list(known))}
    seekers = {}
    for request, person_id in known.items():
        about = persons[person_id]
        wish = wishes.get(request.pk)
        seekers[request.pk] = Seeker(
            person=person_id,
            organisation=request.organisation_id,
            topic=request.topic,
            languages=tuple(dict.fromkeys((about["account__language"] or "id", "id"))),
            class_group=about["class_group"],
            sex=about["sex"],
            same_class_wished=bool(wish and wish.same_class),
            same_sex_wished=bool(wish and wish.same_sex),
            excluded=frozenset(excluded[person_id]),
            asked_before=frozenset(asked[request.pk]),
            helped_before_by=frozenset(helped[person_id]),
        )
    return seekers


def outcomes(requests: Sequence[HelpRequest], pool: Pool, *, at: datetime) -> dict[int, Outcome]:
    """Match several requests against one pool."""
    weights = figures().weights
    return {
        pk: match(seeker, pool.candidates.values(), at=at, weights=weights)
        for pk, seeker in load_seekers(requests, at=at).items()
    }
