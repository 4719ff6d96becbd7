"""Who is told: the person on whom an alert or a request falls, and who comes next when they do not answer."""

import uuid
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from teduh.care.levels import receiving_roles
from teduh.care.models import Alert, AlertEvent, CareTeamMember, Episode
from teduh.care.states import AlertState, EpisodeState, LevelKey, TeamPart
from teduh.kernel import clock
from teduh.kernel.live import person_channel, wake
from teduh.people.models import Account, Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.states import OrganisationKind, Role


def intake_roles(organisation: Organisation) -> tuple[Role, ...]:
    """Return who keeps the door of an organisation: counsellors in a school, caseworkers in a service."""
    if organisation.kind in {OrganisationKind.PROVIDER, OrganisationKind.COMMUNITY_POST}:
        return (Role.CASEWORKER,)
    return (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)


def _eligible(organisation: Organisation, about: Person | None) -> "list[Person]":
    """Return who may be told: the door's keepers who can sign in or, where there are none, who supervises peers, or
    keepers who cannot sign in yet. Never the excluded."""
    keepers = _holders(organisation, intake_roles(organisation), about)
    able = _able(keepers)
    if not able:
        able = _able(_holders(organisation, (Role.PEER_SUPERVISOR,), about))
    return able or keepers


def _holders(organisation: Organisation, roles: tuple[Role, ...], about: Person | None) -> list[Person]:
    holders = Person.objects.none()
    for role in roles:
        holders = holders | Person.objects.with_role(role, organisation.pk)
    if about is not None:
        holders = holders.exclude(pk__in=shut_out_from(about))
    return list(holders.distinct().order_by("pk"))


def _able(persons: list[Person]) -> list[Person]:
    able = set(Account.objects.filter(person__in=persons, is_active=True).values_list("person_id", flat=True))
    return [person for person in persons if person.pk in able]


def shut_out_from(about: Person) -> "QuerySet[Exclusion, int]":
    """Return the ids of those who are excluded from a person's matters now."""
    return Exclusion.objects.filter(in_force(clock.now()), person=about).values_list("excluded_id", flat=True)


def may_be_told(person: Person, about: Person | None) -> bool:
    """Tell whether somebody can still be told about a person: an account that works, and no exclusion."""
    if not Person.objects.filter(pk=person.pk, account__is_active=True).exists():
        return False
    return about is None or not shut_out_from(about).filter(excluded=person).exists()


def on_duty(organisation: Organisation, about: Person | None) -> Person | None:
    """Return who is to be told: the counsellor who leads the person's care, else the one with the fewest open alerts."""
    eligible = _eligible(organisation, about)
    if about is not None:
        lead = (
            Episode.objects.filter(
                person=about, organisation=organisation, state=EpisodeState.ACTIVE, lead__in=eligible
            )
            .exclude(level=LevelKey.PEER)
            .order_by("-opened_at")
            .values_list("lead_id", flat=True)
            .first()
        )
        if lead is not None:
            return next(person for person in eligible if person.pk == lead)
    load = dict(
        Alert.objects.filter(assigned_to__in=eligible)
        .exclude(state=AlertState.RESOLVED)
        .values_list("assigned_to")
        .annotate(n=Count("pk"))
    )
    return min(eligible, key=lambda person: (load.get(person.pk, 0), person.pk), default=None)


def who_watches(episode: Episode | None, organisation: Organisation, person: Person | None) -> Person | None:
    """Return who is told about danger: the supervisor of a peer's episode, the lead of another, else who is on duty."""
    watchers: list[Person] = []
    if episode is not None and episode.level != LevelKey.PEER:
        watchers = [episode.lead]
    elif episode is not None:
        team = CareTeamMember.objects.filter(in_force(clock.now()), episode=episode, part=TeamPart.SUPERVISOR)
        watchers = [row.member for row in team.select_related("member").order_by("pk")]
    return next((one for one in watchers if may_be_told(one, person)), None) or on_duty(organisation, person)


def who_takes_again(episode: Episode, level: LevelKey) -> Person | None:
    """Return who leads when a person comes back to a place whose episode is closed: the lead of before where that is
    still possible, else who is on duty there."""
    lead = episode.lead
    holds = any(
        Person.objects.with_role(role, episode.organisation_id).filter(pk=lead.pk).exists()
        for role in receiving_roles(level)
    )
    if holds and may_be_told(lead, episode.person):
        return lead
    return on_duty(episode.organisation, episode.person)


def next_in_line(alert: Alert) -> Person | None:
    """Return who has not been told yet, lead counsellors first; None where everybody has been."""
    told = set(AlertEvent.objects.filter(alert=alert).values_list("told_id", flat=True))
    waiting = [p for p in _eligible(alert.organisation, alert.person) if p.pk not in told]
    leads = set(
        Person.objects.with_role(Role.LEAD_COUNSELLOR, alert.organisation_id).values_list("pk", flat=True)
    )
    return min(waiting, key=lambda person: (person.pk not in leads, person.pk), default=None)


def wake_persons(persons: Iterable[Person | uuid.UUID | None]) -> None:
    """Let the live pages of some persons look again."""
    wake(
        *(
            person_channel(person.public_id if isinstance(person, Person) else person)
            for person in persons
            if person is not None
        )
    )


def wake_intake(organisation: Organisation) -> None:
    """Let the pages of everybody who keeps the door look again."""
    keepers = (
        Person.objects.filter(
            Q(role_grants__role__in=intake_roles(organisation)),
            role_grants__organisation=organisation,
            role_grants__ends_at__isnull=True,
        )
        .values_list("public_id", flat=True)
        .distinct()
    )
    wake_persons(keepers)
