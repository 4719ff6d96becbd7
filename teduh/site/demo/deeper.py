"""Stories that go deeper: a referral to the partner service, the case there, and the way back to school."""

from datetime import datetime, timedelta

from django.utils import timezone

from teduh.care.actions import contacts, followups, referrals
from teduh.care.models import Episode, FollowUp
from teduh.care.states import LevelKey, Urgency
from teduh.kernel import clock
from teduh.people.models import Person
from teduh.psychosocial.actions.assessments import assess
from teduh.psychosocial.actions.plans import finish_step, make_plan
from teduh.psychosocial.models import PlanStep
from teduh.psychosocial.states import RiskLevel
from teduh.site.demo import words
from teduh.site.demo.history import Teller


def refer(
    tell: Teller, episode: Episode, sender: Person, at: datetime, story: int, *, answered: bool = True
) -> Episode | None:
    """Refer to the partner service with consent; return the new episode once it is accepted."""
    with clock.at(at):
        referral = referrals.make_referral(
            episode=episode,
            to_level=LevelKey.PSYCHOSOCIAL,
            to_organisation=tell.world.provider,
            urgency=Urgency.TODAY,
            reason=words.REFERRAL_REASONS[story],
            summary=words.REFERRAL_SUMMARIES[story],
            by=tell.world.actor(sender, at),
            at=at,
            client_id=tell.key(),
        )
    agreed = min(at + timedelta(hours=3), timezone.now() - timedelta(minutes=1))
    with clock.at(agreed):
        referrals.answer_consent(
            referral=referral,
            agrees=True,
            by=tell.world.actor(episode.person, agreed),
            at=agreed,
            client_id=tell.key(),
        )
    if not answered:
        return None
    worker = tell.world.named["dewi" if story != 1 else "tegar"]
    taken = agreed + timedelta(hours=tell.world.chance.randrange(3, 30))
    with clock.at(taken):
        opened = referrals.accept_referral(
            referral=referral,
            answer="Saya terima, kita bertemu minggu ini.",
            by=tell.world.actor(worker, taken),
            at=taken,
        )
    met = taken + timedelta(days=2)
    with clock.at(met):
        referrals.hand_over(referral=referral, by=tell.world.actor(sender, met), at=met)
    return opened


def case(tell: Teller, episode: Episode, story: int, *, ends: bool, sender: Person) -> None:
    """Assess, plan, meet, look again, and perhaps step down with aftercare at the school."""
    worker = episode.lead
    at = episode.opened_at + timedelta(days=2)
    risk = (RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.LOW)[story]
    with clock.at(at):
        assess(
            episode=episode,
            risk=risk,
            vulnerabilities=(["bereaved"], ["violence"], ["displaced"])[story],
            situation=words.SITUATIONS[story],
            strengths=words.STRENGTHS[story],
            needs=words.NEEDS[story],
            by=tell.world.actor(worker, at),
            at=at,
            client_id=tell.key(),
        )
    planned = at + timedelta(hours=1)
    with clock.at(planned):
        plan = make_plan(
            episode=episode,
            aim=words.NEEDS[story],
            agreed_with_person=True,
            follow_up_on=(planned + timedelta(days=7)).date(),
            steps=[
                (
                    text,
                    worker if number % 2 == 0 else None,
                    (planned + timedelta(days=7 * (number + 1))).date(),
                )
                for number, text in enumerate(words.PLAN_STEPS[:4])
            ],
            by=tell.world.actor(worker, planned),
            at=planned,
            client_id=tell.key(),
        )
    tell.questionnaire(episode, worker, planned + timedelta(minutes=5), "phq-9", 2)
    last = planned
    for number, text in enumerate(words.CASE_NOTES):
        met = tell.schoolday(planned + timedelta(days=6 * (number + 1)))
        if met > timezone.now():
            break
        last = met
        with clock.at(met):
            contacts.write_contact(
                episode=episode,
                activity=("psychological_support", "psychological_support", "home_visit", "follow_up")[
                    number
                ],
                happened_at=met,
                minutes=60,
                note=text,
                by=tell.world.actor(worker, met),
                at=met,
                client_id=tell.key(),
            )
            step = PlanStep.objects.filter(plan=plan).order_by("pk")[number]
            finish_step(step=step, by=tell.world.actor(worker, met), at=met)
    if ends:
        tell.questionnaire(episode, worker, last, "phq-9", 0)
        for row in FollowUp.objects.filter(episode=episode, done_at__isnull=True):
            followups.finish_follow_up(
                follow_up=row, result="Jauh lebih kuat.", by=tell.world.actor(worker, last), at=last
            )
        end = last + timedelta(hours=2)
        tell.close(episode, worker, end, "goals_met", ((end + timedelta(days=21)).date(), sender))
