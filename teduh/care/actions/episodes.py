"""Open an episode, change its team, close it with aftercare."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.actions.followups import plan_follow_up
from teduh.care.actions.once import insist_same
from teduh.care.closing import closing_reasons
from teduh.care.duty import wake_persons
from teduh.care.levels import level_of
from teduh.care.models import CareTeamMember, Episode, HelpRequest, Referral
from teduh.care.states import (
    EPISODE_RULES,
    EpisodeState,
    EpisodeStep,
    LevelKey,
    ReferralState,
    TeamPart,
    Topic,
)
from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.kernel.machine import move, rule_for
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Organisation, Person
from teduh.people.models.person import in_force
from teduh.people.told import told

#: How long after closing a peer supporter stays on the team.
PEER_LETS_GO = timedelta(days=1)


@transaction.atomic
def open_episode(
    *,
    organisation: Organisation,
    person: Person,
    level: LevelKey,
    lead: Person,
    topic: Topic | str,
    by: Actor,
    at: datetime,
    help_request: HelpRequest | None = None,
    previous: Episode | None = None,
) -> Episode:
    """Open a stay at a level with a lead; the pillar or the spine's own step has checked that it may."""
    _not_excluded(lead, person, at)
    episode = Episode.objects.create(
        organisation=organisation,
        sealing_key=person.data_key,
        person=person,
        level=level,
        lead=lead,
        topic=str(topic),
        help_request=help_request,
        previous=previous,
        opened_at=at,
    )
    CareTeamMember.objects.create(
        person=person,
        episode=episode,
        member=lead,
        part=TeamPart.LEAD,
        purpose="lead",
        starts_at=at,
        granted_by_id=by.person_id,
    )
    audit.record(
        told(by, "care.episode.open", episode, subject=person, scope=organisation, level=level.value), at=at
    )
    hooks.episode_opened.announce(episode, at)
    wake_persons([person, lead])
    return episode


def _not_excluded(member: Person, person: Person, at: datetime) -> None:
    if Exclusion.objects.filter(in_force(at), person=person, excluded=member).exists():
        raise Refused("excluded", _("This person cannot be on the care team."), field="member")


@transaction.atomic
def join_team(
    *,
    episode: Episode,
    member: Person,
    part: TeamPart,
    purpose: str,
    by: Actor,
    at: datetime,
    ends_at: datetime | None = None,
) -> CareTeamMember:
    """Let somebody into the care team, for a purpose and, where given, until a moment; twice changes nothing.

    Who was there to read only, and now gets a task, may write from now on.

    Raises Refused for somebody who is excluded from the person.
    """
    _not_excluded(member, episode.person, at)
    row, made = CareTeamMember.objects.get_or_create(
        episode=episode,
        member=member,
        ends_at=None,
        defaults={
            "person": episode.person,
            "part": part,
            "purpose": purpose,
            "starts_at": at,
            "granted_by_id": by.person_id,
        },
    )
    if not made and row.purpose in policies.READ_ONLY and purpose not in policies.READ_ONLY:
        row.part, row.purpose = part, purpose
        row.save(update_fields=["part", "purpose"])
        made = True
    if made:
        if ends_at is not None:
            row.ends_at = ends_at
            row.save(update_fields=["ends_at"])
        audit.record(
            told(by, "care.team.join", episode, subject=episode.person, part=part.value, purpose=purpose),
            at=at,
        )
        wake_persons([member])
    return row


@transaction.atomic
def leave_team(*, episode: Episode, member: Person, by: Actor, at: datetime) -> None:
    """End a membership now; what was open to the member closes at once.

    Raises Refused for the lead: an episode is never without one.
    """
    if episode.lead_id == member.pk:
        raise Refused("lead_stays", _("First name another lead."), field="member")
    if CareTeamMember.objects.filter(episode=episode, member=member, ends_at__isnull=True).update(ends_at=at):
        audit.record(told(by, "care.team.leave", episode, subject=episode.person), at=at)
        wake_persons([member])


@transaction.atomic
def close_episode(
    *,
    episode: Episode,
    reason: str,
    checks: list[str],
    note: str,
    by: Actor,
    at: datetime,
    aftercare_on: date | None,
    aftercare_owner: Person | None,
    client_id: uuid.UUID,
) -> None:
    """Close with a reason, what the level requires, and a day on which somebody looks again; closing twice is once.

    Raises Refused naming the field that is missing: nobody is dropped without aftercare where the level asks for it.
    """
    policies.insist(policies.may_lead(by, episode))
    if episode.state == EpisodeState.CLOSED:
        insist_same(episode.closing_reason == reason and episode.closing_note.open() == note)
        return
    level = level_of(episode.level)
    if reason not in closing_reasons():
        raise Refused("reason_unknown", _("Choose why the episode ends."), field="reason")
    missing = [code for code in level.closing_checks if code not in checks]
    if missing:
        raise Refused("checks_missing", _("Every point has to be done before closing."), field="checks")
    if level.needs_aftercare and (aftercare_on is None or aftercare_owner is None):
        raise Refused("aftercare_missing", _("Choose who looks again, and when."), field="aftercare_on")
    if aftercare_on is not None and aftercare_on < timezone.localtime(at).date():
        raise Refused("aftercare_past", _("Choose a day that is still to come."), field="aftercare_on")
    if Referral.objects.filter(
        from_episode=episode, state__in=(ReferralState.SENT, ReferralState.AWAITING_CONSENT)
    ).exists():
        raise Refused("referral_open", _("A referral still waits for its answer."), field="reason")
    rule = rule_for(EPISODE_RULES, EpisodeState(episode.state), EpisodeStep.CLOSE)
    move(episode, rule, closed_at=at, closing_reason=reason, closing_checks=list(level.closing_checks))
    episode.closing_note = note
    episode.save(update_fields=["closing_note"])
    if episode.level == LevelKey.PEER:
        # A peer listens and lets go: what was open to them closes, with a day for a form that is sent twice.
        CareTeamMember.objects.filter(episode=episode, part=TeamPart.LEAD, ends_at__isnull=True).update(
            ends_at=at + PEER_LETS_GO
        )
    if aftercare_on is not None and aftercare_owner is not None:
        if aftercare_owner.pk != episode.lead_id:
            join_team(
                episode=episode,
                member=aftercare_owner,
                part=TeamPart.MEMBER,
                purpose="aftercare",
                by=by,
                at=at,
            )
        plan_follow_up(
            episode=episode,
            due_on=aftercare_on,
            owner=aftercare_owner,
            by=by,
            at=at,
            client_id=client_id,
            is_aftercare=True,
        )
    audit.record(told(by, "care.episode.close", episode, subject=episode.person, reason=reason), at=at)
    hooks.episode_closed.announce(episode, at)
    wake_persons([episode.person, episode.lead])
