"""What a form may offer."""

from teduh.care import labels
from teduh.care.duty import intake_roles
from teduh.care.levels import receiving_roles
from teduh.care.models import CareTeamMember, Episode, Referral
from teduh.care.states import LEVEL_ORDER, LevelKey, ReferralState
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.states import OrganisationKind, Role


def aftercare_owners(episode: Episode) -> list[Person]:
    """Return who may look again after closing: the team, who referred the person here, and the door's keepers."""
    team = CareTeamMember.objects.filter(episode=episode, ends_at__isnull=True).values("member_id")
    senders = Referral.objects.filter(
        to_episode=episode, state__in=(ReferralState.ACCEPTED, ReferralState.HANDED_OVER, ReferralState.RETURNED)
    ).values("made_by_id")
    keepers = Person.objects.none()
    for role in intake_roles(episode.organisation):
        keepers = keepers | Person.objects.with_role(role, episode.organisation_id)
    shut_out = Exclusion.objects.filter(person=episode.person, ends_at__isnull=True).values("excluded_id")
    found = (
        Person.objects.filter(pk__in=team)
        | Person.objects.filter(pk__in=senders)
        | Person.objects.filter(pk__in=keepers.values("pk"))
    )
    return list(found.exclude(pk__in=shut_out).exclude(pk=episode.person_id).distinct().order_by("full_name")[:30])


def referral_targets(episode: Episode) -> list[tuple[str, str]]:
    """Return where an episode may be referred: other levels of the same organisation, and the district's services.

    Values are "level:organisation's public id"; only places where somebody answers are offered.
    """
    school = episode.person.organisation
    nearby = Organisation.objects.filter(pk__in=[episode.organisation_id, school.pk]) | Organisation.objects.filter(
        parent_id=school.parent_id,
        parent_id__isnull=False,
        kind__in=(OrganisationKind.PROVIDER, OrganisationKind.COMMUNITY_POST),
    )
    targets = []
    for organisation in nearby.distinct().order_by("name"):
        for level in LEVEL_ORDER:
            if level == episode.level and organisation.pk == episode.organisation_id:
                continue
            if answers_at(organisation, level):
                label = f"{labels.LEVELS[LevelKey(level)]} — {organisation.name}"
                targets.append((f"{level.value}:{organisation.public_id}", label))
    return targets


def answers_at(organisation: Organisation, level: LevelKey) -> bool:
    """Tell whether anybody answers referrals at a level in an organisation now."""
    roles: tuple[Role, ...] = receiving_roles(level)
    return any(Person.objects.with_role(role, organisation.pk).exists() for role in roles)
