"""Who is told: the person on whom an alert or a request falls, and who comes next when they do not answer."""

import uuid
from collections.abc import Iterable

from django.db.models import Count, Q

from teduh.care.models import Alert, AlertEvent, Episode
from teduh.care.states import AlertState, EpisodeState, LevelKey
from teduh.kernel.live import person_channel, wake
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.states import OrganisationKind, Role


def intake_roles(organisation: Organisation) -> tuple[Role, ...]:
    """Return who keeps the door of an organisation: counsellors in a school, caseworkers in a service."""
    if organisation.kind in {OrganisationKind.PROVIDER, OrganisationKind.COMMUNITY_POST}:
        return (Role.CASEWORKER,)
    return (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)


def _eligible(organisation: Organisation, about: Person | None) -> "list[Person]":
    holders = Person.objects.none()
    for role in intake_roles(organisation):
        holders = holders | Person.objects.with_role(role, organisation.pk)
    if about is not None:
        shut_out = Exclusion.objects.filter(person=about, ends_at__isnull=True).values("excluded_id")
        holders = holders.exclude(pk__in=shut_out)
    return list(holders.distinct().order_by("pk"))


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
