"""Make a student a supporter, change what a supporter carries, rest and debrief."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.models import Alert
from teduh.care.policies import insist
from teduh.care.states import Topic
from teduh.care.triage import NOT_FOR_PEERS_ALONE
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.live import person_channel, wake
from teduh.peers import policies
from teduh.peers.actions.offers import take_from
from teduh.peers.figures import figures
from teduh.peers.jobs import offer_soon
from teduh.peers.models import Offer, Supporter
from teduh.people.access import Actor, system_actor
from teduh.people.models import Person
from teduh.people.states import Role
from teduh.people.told import told

#: What supporters may listen to: topics that need an adult are never given to a peer alone.
PEER_TOPICS = tuple(topic for topic in Topic if topic not in NOT_FOR_PEERS_ALONE)


def _clean(
    topics: Iterable[str], languages: Iterable[str], capacity: int
) -> tuple[list[str], list[str], int]:
    known_topics = [str(topic.value) for topic in PEER_TOPICS if topic.value in set(topics)]
    known_languages = [code for code in figures().languages if code in set(languages)]
    if not known_languages:
        raise Refused("no_language", _("Choose at least one language."), field="languages")
    if not 1 <= capacity <= figures().highest_capacity:
        raise Refused(
            "capacity",
            _("Choose a number from 1 to %(most)d.") % {"most": figures().highest_capacity},
            field="capacity",
        )
    return known_topics, known_languages, capacity


def _check_supervisor(person: Person, supervisor: Person, at: datetime) -> None:
    holds = Person.objects.with_role(Role.PEER_SUPERVISOR, person.organisation_id, at=at)
    if supervisor.pk == person.pk or not holds.filter(pk=supervisor.pk).exists():
        raise Refused("supervisor", _("Choose a peer supervisor of your school."), field="supervisor")


@transaction.atomic
def enrol(
    *,
    person: Person,
    supervisor: Person,
    topics: Iterable[str],
    languages: Iterable[str],
    by: Actor,
    at: datetime,
    capacity: int | None = None,
) -> Supporter:
    """Make somebody who holds the role a supporter with a supervisor; doing it again changes nothing.

    Raises Refused for a supervisor without that role, no language, or a capacity beyond the dated limit.
    """
    insist(policies.may_enrol(by, person))
    holders = Person.objects.with_role(Role.PEER_SUPPORTER, person.organisation_id, at=at)
    if not holders.filter(pk=person.pk).exists():
        raise Refused("no_role", _("This student is not a peer supporter yet."))
    _check_supervisor(person, supervisor, at)
    chosen_topics, chosen_languages, places = _clean(topics, languages, capacity or figures().capacity)
    supporter, made = Supporter.objects.get_or_create(
        person=person,
        defaults={
            "organisation_id": person.organisation_id,
            "supervisor": supervisor,
            "topics": chosen_topics,
            "languages": chosen_languages,
            "capacity": places,
        },
    )
    if made:
        audit.record(
            told(by, "peers.supporter.enrol", supporter, subject=person, scope=person.organisation), at=at
        )
        offer_soon(person.organisation_id)
    return supporter


@transaction.atomic
def manage(
    *,
    supporter: Supporter,
    supervisor: Person,
    topics: Iterable[str],
    languages: Iterable[str],
    capacity: int,
    is_active: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Change a supporter's figures; who stops gets no more offers, and what waits is offered to others.

    Raises Refused as `enrol` does.
    """
    insist(policies.may_manage(by, supporter))
    _check_supervisor(supporter.person, supervisor, at)
    chosen_topics, chosen_languages, places = _clean(topics, languages, capacity)
    audit.hold(supporter.organisation.public_id)
    locked = Supporter.objects.get(pk=supporter.pk)
    locked.topics, locked.languages, locked.capacity = chosen_topics, chosen_languages, places
    locked.is_active, locked.supervisor = is_active, supervisor
    locked.save(update_fields=["topics", "languages", "capacity", "is_active", "supervisor"])
    audit.record(
        told(
            by,
            "peers.supporter.manage",
            supporter,
            subject=supporter.person,
            scope=supporter.organisation,
            capacity=places,
            active=int(is_active),
        ),
        at=at,
    )
    _after_change(locked, takes_offers=is_active, at=at)


@transaction.atomic
def set_own(
    *,
    supporter: Supporter,
    topics: Iterable[str],
    languages: Iterable[str],
    available: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Let a supporter say what they listen to, in which languages, and whether they take offers now.

    Raises Refused without a language, NotVisible for anybody else.
    """
    if by.person_id is None or supporter.person_id != by.person_id:
        raise NotVisible
    chosen_topics, chosen_languages, _places = _clean(topics, languages, supporter.capacity)
    audit.hold(supporter.organisation.public_id)
    locked = Supporter.objects.get(pk=supporter.pk)
    locked.topics, locked.languages, locked.available = chosen_topics, chosen_languages, available
    locked.save(update_fields=["topics", "languages", "available"])
    audit.record(
        told(
            by,
            "peers.supporter.set_own",
            supporter,
            subject=supporter.person,
            scope=supporter.organisation,
            available=int(available),
        ),
        at=at,
    )
    _after_change(locked, takes_offers=available, at=at)


def _after_change(supporter: Supporter, *, takes_offers: bool, at: datetime) -> None:
    if not takes_offers:
        take_from(supporter=supporter, by=system_actor(), at=at)
    offer_soon(supporter.organisation_id)
    _wake(supporter)


def _wake(supporter: Supporter) -> None:
    wake(person_channel(supporter.person.public_id), person_channel(supporter.supervisor.public_id))


@transaction.atomic
def rest_after(*, alert: Alert, at: datetime) -> None:
    """Give the supporter rest after an alert in their conversation: no new offers until the debrief or
    the time is up."""
    if alert.episode_id is None:
        return
    offer = (
        Offer.objects.filter(episode_id=alert.episode_id)
        .select_related("organisation", "supporter__person", "supporter__supervisor")
        .first()
    )
    if offer is None:
        return
    audit.hold(offer.organisation.public_id)
    supporter = Supporter.objects.get(pk=offer.supporter_id)
    until = at + figures().rest
    if supporter.rest_until is not None and supporter.rest_until >= until:
        return
    supporter.rest_until = until
    supporter.save(update_fields=["rest_until"])
    audit.record(
        told(
            system_actor(),
            "peers.supporter.rest",
            supporter,
            subject=offer.supporter.person,
            scope=offer.organisation,
        ),
        at=at,
    )
    take_from(supporter=offer.supporter, by=system_actor(), at=at)
    offer_soon(offer.organisation_id)
    _wake(offer.supporter)


@transaction.atomic
def end_rest(*, supporter: Supporter, by: Actor, at: datetime) -> None:
    """Note that the debrief was held, which ends the rest; the supporter cannot shorten it alone.

    Raises NotVisible for the supporter themself and for whoever does not look after supporters.
    """
    insist(policies.may_manage(by, supporter))
    if supporter.person_id == by.person_id:
        raise NotVisible
    ended = Supporter.objects.filter(pk=supporter.pk, rest_until__gt=at).update(rest_until=at)
    if not ended:
        return
    audit.record(
        told(
            by, "peers.supporter.debrief", supporter, subject=supporter.person, scope=supporter.organisation
        ),
        at=at,
    )
    _after_change(supporter, takes_offers=supporter.available and supporter.is_active, at=at)
