"""What a form may offer."""

from django.utils.translation import gettext_lazy

from teduh.care import labels
from teduh.care.duty import intake_roles, shut_out_from
from teduh.care.levels import receiving_roles
from teduh.care.models import CareTeamMember, Episode, Referral
from teduh.care.states import LEVEL_ORDER, LevelKey, ReferralState, TeamPart
from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.models import Organisation, Person, RoleGrant
from teduh.people.models.person import in_force
from teduh.people.states import OrganisationKind


def aftercare_owners(episode: Episode) -> list[Person]:
    """Return who may look again after closing: the team, who referred the person here, and the door's keepers."""
    members = CareTeamMember.objects.filter(in_force(clock.now()), episode=episode)
    if episode.level == LevelKey.PEER:
        # A student has no page on which to look again; the day would come and nobody would see it.
        members = members.exclude(part=TeamPart.LEAD)
    team = members.values("member_id")
    senders = Referral.objects.filter(
        to_episode=episode,
        state__in=(ReferralState.ACCEPTED, ReferralState.HANDED_OVER, ReferralState.RETURNED),
    ).values("made_by_id")
    keepers = Person.objects.none()
    for role in intake_roles(episode.organisation):
        keepers = keepers | Person.objects.with_role(role, episode.organisation_id)
    found = (
        Person.objects.filter(pk__in=team)
        | Person.objects.filter(pk__in=senders)
        | Person.objects.filter(pk__in=keepers.values("pk"))
    )
    return list(
        found.exclude(pk__in=shut_out_from(episode.person))
        .exclude(pk=episode.person_id)
        .distinct()
        .order_by("full_name")[:30]
    )


def other_leads(episode: Episode) -> list[Person]:
    """Return the colleagues of the same organisation to whom the lead of an episode may be handed."""
    found = Person.objects.none()
    for role in receiving_roles(episode.level):
        found = found | Person.objects.with_role(role, episode.organisation_id)
    return list(
        found.filter(account__is_active=True)
        .exclude(pk__in=shut_out_from(episode.person))
        .exclude(pk__in=(episode.lead_id, episode.person_id))
        .distinct()
        .order_by("full_name")[:50]
    )


def place_of(target: str) -> tuple[LevelKey, Organisation]:
    """Return level and organisation of one of `referral_targets`' values.

    Raises Refused for a place that is not there any more.
    """
    level, _, public_id = target.partition(":")
    organisation = Organisation.objects.filter(public_id=public_id).first()
    if organisation is None:
        raise Refused(
            "nobody_there", gettext_lazy("Nobody there can answer. Choose another place."), field="target"
        )
    return LevelKey(level), organisation


def referral_targets(episode: Episode) -> list[tuple[str, str]]:
    """Return where an episode may be referred: other levels of the same organisation, and the district's services.

    Values are "level:organisation's public id"; only places where somebody answers are offered.
    """
    school = episode.person.organisation
    nearby = Organisation.objects.filter(
        pk__in=[episode.organisation_id, school.pk]
    ) | Organisation.objects.filter(
        parent_id=school.parent_id,
        parent_id__isnull=False,
        kind__in=(OrganisationKind.PROVIDER, OrganisationKind.COMMUNITY_POST),
    )
    targets = []
    places = list(nearby.distinct().order_by("name"))
    answered = _answered(places)
    for organisation in places:
        for level in LEVEL_ORDER:
            if level == episode.level and organisation.pk == episode.organisation_id:
                continue
            if answered & {(organisation.pk, role) for role in receiving_roles(level)}:
                label = f"{labels.LEVELS[LevelKey(level)]} — {organisation.name}"
                targets.append((f"{level.value}:{organisation.public_id}", label))
    return targets


def _answered(places: list[Organisation]) -> set[tuple[int, str]]:
    """Return which receiving roles are held now in which of some organisations, in one query."""
    roles = {role for level in LEVEL_ORDER for role in receiving_roles(level)}
    held = RoleGrant.objects.filter(in_force(clock.now()), organisation__in=places, role__in=roles)
    return set(held.values_list("organisation_id", "role").distinct())
