"""Name another lead: the person is told by name who leads, and nothing that waited for the old lead is forgotten."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.actions.episodes import join_team
from teduh.care.clocks import clocks
from teduh.care.duty import may_be_told, wake_persons
from teduh.care.levels import receiving_roles
from teduh.care.models import Alert, AlertEvent, CareTeamMember, Episode, FollowUp
from teduh.care.states import AlertState, TeamPart
from teduh.kernel import audit
from teduh.kernel.errors import Refused, Stale
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told


@transaction.atomic
def change_lead(*, episode: Episode, lead: Person, stays: bool, by: Actor, at: datetime) -> None:
    """Hand the lead to a colleague of the same organisation; the old lead leaves the team unless they stay on it.

    Days of looking again and unresolved alerts go along, so that nothing waits for somebody who has left. Naming the
    present lead changes nothing. Raises Refused for somebody who cannot lead here, is excluded, or cannot sign in.
    """
    if episode.lead_id == lead.pk:
        policies.insist(policies.may_view_episode(by, episode))
        return
    policies.insist(policies.may_pass_on(by, episode))
    if not may_lead_here(episode, lead, at):
        raise Refused("cannot_lead", _("This person cannot lead here. Choose somebody else."), field="lead")
    former = episode.lead
    if Episode.objects.filter(pk=episode.pk, lead=former).update(lead=lead) != 1:
        raise Stale
    episode.lead = lead
    # Rows first, the audit chain last: the order in which every other action takes its locks.
    FollowUp.objects.filter(episode=episode, owner=former, done_at__isnull=True).update(owner=lead)
    _pass_alerts(episode, former, lead, by, at)
    team = CareTeamMember.objects.filter(episode=episode, ends_at__isnull=True)
    team.filter(member__in=(former, lead)).update(ends_at=at)
    join_team(episode=episode, member=lead, part=TeamPart.LEAD, purpose="lead", by=by, at=at)
    if stays:
        join_team(episode=episode, member=former, part=TeamPart.MEMBER, purpose="cover", by=by, at=at)
    audit.record(told(by, "care.episode.change_lead", episode, subject=episode.person), at=at)
    hooks.lead_changed.announce(episode, former, at)
    wake_persons([episode.person, former, lead])


def may_lead_here(episode: Episode, person: Person, at: datetime) -> bool:
    """Tell whether somebody answers at this level in this organisation, can sign in, and is not excluded."""
    holds = any(
        Person.objects.with_role(role, episode.organisation_id, at=at).filter(pk=person.pk).exists()
        for role in receiving_roles(episode.level)
    )
    return holds and may_be_told(person, episode.person)


def _pass_alerts(episode: Episode, former: Person, lead: Person, by: Actor, at: datetime) -> None:
    held = Alert.objects.open().filter(episode=episode, assigned_to=former).select_for_update().order_by("pk")
    for alert in held:
        alert.assigned_to = lead
        fields = ["assigned_to"]
        if alert.state == AlertState.RAISED:
            alert.due_at = at + clocks().climb[alert.severity]
            fields.append("due_at")
        alert.save(update_fields=fields)
        AlertEvent.objects.create(alert=alert, step="pass_on", by_id=by.person_id, told=lead, at=at)
