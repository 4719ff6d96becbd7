"""One of everything that the spine's pages show, so that a test can walk them all."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from teduh.care.actions import alerts, contacts, episodes, followups, goals, referrals, requests
from teduh.care.levels import level_of
from teduh.care.models import Alert, Episode, FollowUp, Goal, HelpRequest, Referral
from teduh.care.states import AlertSource, Door, LevelKey, Severity
from teduh.care.tests.helpers import ask, episode, referral
from teduh.kernel import clock
from teduh.people.access import system_actor

#: Nothing has this id.
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    """Ayu's care by Citra, a peer's before, a closed one, and what hangs on them."""

    waiting: HelpRequest
    sent: HelpRequest
    about_friend: HelpRequest
    care: Episode
    peer: Episode
    closed: Episode
    goal: Goal
    follow_up: FollowUp
    asked: Referral
    arriving: Referral
    alert: Alert
    taken_alert: Alert


def make_world(cast: Any) -> World:
    """Make it, through the actions that people use."""
    care = episode(cast)
    peer = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    closed = episode(cast)
    # An actor sees the teams as they were at the moment of the request: first the teams, then the actor.
    by, at = cast.actor("citra"), clock.now()
    episodes.close_episode(
        episode=closed,
        reason="goals_met",
        checks=list(level_of(closed.level).closing_checks),
        note="Sudah lebih kuat.",
        by=by,
        at=at,
        aftercare_on=clock.today() + timedelta(days=14),
        aftercare_owner=cast.citra,
        client_id=uuid.uuid4(),
    )
    goal = goals.set_goal(episode=care, text="Berani bicara.", by=by, at=at, client_id=uuid.uuid4())
    follow_up = followups.plan_follow_up(
        episode=care, due_on=clock.today(), owner=cast.citra, by=by, at=at, client_id=uuid.uuid4()
    )
    arriving = referral(cast, episode(cast))
    referrals.answer_consent(
        referral=arriving, agrees=True, by=cast.actor("ayu"), at=at, client_id=uuid.uuid4()
    )
    return World(
        waiting=ask(cast),
        sent=_answered(cast),
        about_friend=ask(cast, "bima", door=Door.FRIEND, about="Ayu kelas X-1", text="dia sering nangis"),
        care=care,
        peer=peer,
        closed=closed,
        goal=goal,
        follow_up=follow_up,
        asked=referral(cast, care),
        arriving=arriving,
        alert=_alert(cast, care),
        taken_alert=_taken(cast, care),
    )


def _answered(cast: Any) -> HelpRequest:
    request = ask(cast)
    requests.answer_request(
        request=request, reply="Kita bicara besok.", by=cast.actor("citra"), at=clock.now()
    )
    return request


def _alert(cast: Any, of: Episode) -> Alert:
    return alerts.raise_alert(
        organisation=cast.school,
        person=cast.ayu,
        source=AlertSource.MEASURE,
        severity=Severity.URGENT,
        category="safety_item",
        evidence="phq-9 9",
        assigned_to=cast.citra,
        by=system_actor(),
        at=clock.now(),
        episode=of,
        matter=uuid.uuid4(),
    )


def _taken(cast: Any, of: Episode) -> Alert:
    alert = _alert(cast, of)
    alerts.acknowledge_alert(alert=alert, by=cast.actor("citra"), at=clock.now())
    return alert


def fill(cast: Any, world: World, times: int) -> None:
    """Put so many notes, goals with ratings, referrals, team members and past follow-ups into the open episode."""
    by, at = cast.actor("citra"), clock.now()
    for number in range(times):
        contacts.write_contact(
            episode=world.care,
            activity="individual_counselling",
            happened_at=at - timedelta(hours=number),
            minutes=30,
            note=f"Catatan {number}.",
            by=by,
            at=at,
            client_id=uuid.uuid4(),
        )
        goal = goals.set_goal(
            episode=world.care, text=f"Tujuan {number}", by=by, at=at, client_id=uuid.uuid4()
        )
        goals.rate_goal(goal=goal, value=number % 11, by=by, at=at, client_id=uuid.uuid4())
        row = followups.plan_follow_up(
            episode=world.care, due_on=clock.today(), owner=cast.citra, by=by, at=at, client_id=uuid.uuid4()
        )
        followups.finish_follow_up(follow_up=row, result="Baik.", by=by, at=at)
        made = referral(cast, episode(cast))
        referrals.withdraw_referral(referral=made, by=cast.actor("citra"), at=at)
        Referral.objects.filter(pk=made.pk).update(from_episode=world.care)
        ask(cast)
        _alert(cast, world.care)
