"""Referral: made, agreed to, sent, answered, handed over, returned. Nobody is handed over into nothing."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.actions.episodes import join_team, leave_team, open_episode
from teduh.care.actions.once import insist_same
from teduh.care.clocks import clocks
from teduh.care.duty import wake_intake, wake_persons, who_takes_again
from teduh.care.levels import direction, receiving_roles
from teduh.care.models import Episode, Referral, ReferralEvent
from teduh.care.states import (
    REFERRAL_RULES,
    EpisodeState,
    LevelKey,
    ReferralState,
    ReferralStep,
    TeamPart,
    Urgency,
)
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.kernel.machine import move, rule_for
from teduh.people.access import Actor
from teduh.people.age import is_minor
from teduh.people.models import Consent, Organisation, Person
from teduh.people.states import CapacityBasis, ConsentAnswer, ConsentPurpose
from teduh.people.told import told


def make_referral(
    *,
    episode: Episode,
    to_level: LevelKey,
    to_organisation: Organisation,
    urgency: Urgency,
    reason: str,
    summary: str,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Referral:
    """Ask the person whether they agree to a referral; it reaches nobody before they do.

    Raises Refused without a reason or a summary, for an organisation where nobody answers at that level, for the
    same level in the same organisation, or while another referral to the same place is open.
    """
    policies.insist(policies.may_lead(by, episode))
    known = Referral.objects.filter(client_id=client_id, from_episode=episode).first()
    if known is not None:
        return known
    if episode.state != EpisodeState.ACTIVE:
        raise Refused("closed", _("This episode is closed."))
    if not reason.strip():
        raise Refused("reason_empty", _("Write why."), field="reason")
    if not summary.strip():
        raise Refused("summary_empty", _("Write what the other side may know."), field="summary")
    if to_level == episode.level and to_organisation.pk == episode.organisation_id:
        raise Refused("same_place", _("The person is there already."), field="to_level")
    if not any(
        Person.objects.with_role(role, to_organisation.pk, at=at).exists()
        for role in receiving_roles(to_level)
    ):
        raise Refused(
            "nobody_there", _("Nobody there can answer. Choose another place."), field="to_organisation"
        )
    if Referral.objects.filter(
        from_episode=episode,
        to_level=to_level,
        to_organisation=to_organisation,
        state__in=(ReferralState.AWAITING_CONSENT, ReferralState.SENT),
    ).exists():
        raise Refused("already_open", _("Such a referral is open already."), field="to_organisation")
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                organisation=episode.organisation,
                sealing_key_id=episode.sealing_key_id,
                person=episode.person,
                from_episode=episode,
                to_level=to_level,
                to_organisation=to_organisation,
                direction=direction(episode.level, to_level),
                urgency=urgency,
                reason=reason,
                summary=summary,
                made_by_id=by.own_id,
                made_at=at,
                client_id=client_id,
            )
            _event(referral, "make", by, at)
            audit.record(
                told(by, "care.referral.make", referral, subject=episode.person, level=to_level.value), at=at
            )
            wake_persons([episode.person])
            return referral
    except IntegrityError:
        same = Referral.objects.filter(client_id=client_id, from_episode=episode).first()
        if same is None:
            raise other_words() from None
        return same


def _event(referral: Referral, step: str, by: Actor, at: datetime) -> None:
    ReferralEvent.objects.create(
        referral=referral, step=step, state=referral.state, by_id=by.person_id, at=at
    )


def _step(
    referral: Referral, step: ReferralStep, party: str, by: Actor, at: datetime, **changes: Any
) -> None:
    rule = rule_for(REFERRAL_RULES, ReferralState(referral.state), step)
    if party not in rule.by:
        raise NotVisible
    move(referral, rule, **changes)
    _event(referral, step.value, by, at)
    audit.record(told(by, f"care.referral.{step.value}", referral, subject=referral.person), at=at)


@transaction.atomic
def answer_consent(
    *, referral: Referral, agrees: bool, by: Actor, at: datetime, client_id: uuid.UUID
) -> None:
    """Let the person say yes or no; yes sends the referral and starts the receiver's clock.

    Answering twice the same is once. Raises NotVisible for anybody but the person.
    """
    if by.person_id != referral.person_id:
        raise NotVisible
    earlier = Consent.objects.filter(client_id=client_id).first()
    if earlier is not None:
        if earlier.matter != referral.public_id:
            raise other_words()
        return
    if (
        referral.state == (ReferralState.SENT if agrees else ReferralState.CONSENT_REFUSED)
        and referral.consent_id
    ):
        return
    consent = Consent.objects.create(
        sealing_key_id=referral.sealing_key_id,
        organisation=referral.organisation,
        person=referral.person,
        giver_id=referral.person_id,
        basis=CapacityBasis.SELF_MATURE_MINOR if is_minor(referral.person, at) else CapacityBasis.SELF_ADULT,
        purpose=ConsentPurpose.REFERRAL,
        answer=ConsentAnswer.GIVEN if agrees else ConsentAnswer.REFUSED,
        matter=referral.public_id,
        recipient=referral.to_organisation,
        given_at=at,
        client_id=client_id,
    )
    if agrees:
        due = at + clocks().referral[referral.urgency]
        _step(referral, ReferralStep.CONSENT, "person", by, at, consent=consent, sent_at=at, due_at=due)
        _wake_receivers(referral)
    else:
        _step(referral, ReferralStep.REFUSE, "person", by, at, consent=consent)
    wake_persons([referral.made_by, referral.person])


@transaction.atomic
def override_consent(*, referral: Referral, reason: str, by: Actor, at: datetime) -> None:
    """Send without consent where life or safety is at stake, with a recorded reason that the person can read.

    Raises Refused unless the referral is urgent (now) and a reason is given.
    """
    policies.insist(policies.may_lead(by, referral.from_episode))
    if referral.urgency != Urgency.NOW:
        raise Refused(
            "not_urgent", _("Without consent only where there is danger now."), field="override_reason"
        )
    if not reason.strip():
        raise Refused(
            "reason_empty", _("Write why it cannot wait; the person can read this."), field="override_reason"
        )
    if referral.state == ReferralState.SENT and referral.consent_id is None:
        insist_same(referral.override_reason.open() == reason)
        return
    due = at + clocks().referral[referral.urgency]
    _step(referral, ReferralStep.OVERRIDE, "sender", by, at, sent_at=at, due_at=due)
    referral.override_reason = reason
    referral.save(update_fields=["override_reason"])
    _wake_receivers(referral)
    wake_persons([referral.person])


def _wake_receivers(referral: Referral) -> None:
    wake_intake(referral.to_organisation)


@transaction.atomic
def accept_referral(*, referral: Referral, answer: str, by: Actor, at: datetime) -> Episode:
    """Take the person on: opens the episode at the other level; the sender stays until the hand-over."""
    policies.insist(policies.may_receive(by, referral))
    if (
        referral.state == ReferralState.ACCEPTED
        and referral.answered_by_id == by.person_id
        and referral.to_episode
    ):
        return referral.to_episode
    receiver = Person.objects.get(pk=by.own_id)
    _step(referral, ReferralStep.ACCEPT, "receiver", by, at, answered_by=receiver, answered_at=at)
    episode = open_episode(
        organisation=referral.to_organisation,
        person=referral.person,
        level=LevelKey(referral.to_level),
        lead=receiver,
        topic=referral.from_episode.topic,
        by=by,
        at=at,
        help_request=referral.from_episode.help_request,
        previous=referral.from_episode,
    )
    referral.to_episode = episode
    referral.answer = answer
    referral.save(update_fields=["to_episode", "answer"])
    # The receiver reads what led here; the sender sees that the person has arrived.
    join_team(
        episode=referral.from_episode,
        member=receiver,
        part=TeamPart.MEMBER,
        purpose="referral",
        by=by,
        at=at,
    )
    hooks.referral_accepted.announce(referral, episode, at)
    wake_persons([referral.made_by, referral.person, receiver])
    wake_intake(referral.to_organisation)
    return episode


@transaction.atomic
def decline_referral(*, referral: Referral, answer: str, by: Actor, at: datetime) -> None:
    """Say no with a reason; the sender is told at once and remains responsible.

    Raises Refused without a reason.
    """
    policies.insist(policies.may_receive(by, referral))
    if referral.state == ReferralState.DECLINED:
        insist_same(referral.answered_by_id == by.person_id)
        return
    if not answer.strip():
        raise Refused(
            "answer_empty", _("Write why, so that the sender can find another way."), field="answer"
        )
    _step(referral, ReferralStep.DECLINE, "receiver", by, at, answered_by_id=by.person_id, answered_at=at)
    referral.answer = answer
    referral.save(update_fields=["answer"])
    wake_persons([referral.made_by, referral.person])


@transaction.atomic
def hand_over(*, referral: Referral, by: Actor, at: datetime) -> None:
    """Confirm the hand-over: the person has met the new lead; both sides stay in sight of each other."""
    policies.insist(policies.may_lead(by, referral.from_episode))
    if referral.state == ReferralState.HANDED_OVER:
        return
    _step(referral, ReferralStep.HAND_OVER, "sender", by, at)
    wake_persons([referral.answered_by, referral.person])


@transaction.atomic
def return_referral(*, referral: Referral, answer: str, by: Actor, at: datetime) -> None:
    """Give the person back to the sender with a word about what was done; the receiver's access to before ends.

    Where the sender's episode was closed meanwhile, a new one is opened: nobody is given back into nothing.
    Raises Refused without that word, or where nobody on the sender's side can take the person.
    """
    if referral.answered_by_id != by.person_id or policies.excluded(by, referral.person_id):
        raise NotVisible
    if referral.state == ReferralState.RETURNED:
        return
    if not answer.strip():
        raise Refused("answer_empty", _("Write what was done and what is needed next."), field="answer")
    _step(referral, ReferralStep.RETURN, "receiver", by, at)
    # What was answered at the beginning stays readable above what is said at the end.
    referral.answer = "\n\n".join(text for text in (referral.answer.open(), answer) if text)
    referral.save(update_fields=["answer"])
    if referral.answered_by is not None and referral.from_episode.lead_id != referral.answered_by_id:
        leave_team(episode=referral.from_episode, member=referral.answered_by, by=by, at=at)
    keeper = _receive_again(referral, by, at)
    wake_persons([referral.made_by, referral.person, keeper])


def _receive_again(referral: Referral, by: Actor, at: datetime) -> Person | None:
    """Open a new stay on the sender's side where the old one is over; return who leads it."""
    before = referral.from_episode
    if before.state == EpisodeState.ACTIVE:
        return None
    level = LevelKey.COUNSELLING if before.level == LevelKey.PEER else LevelKey(before.level)
    keeper = who_takes_again(before, level)
    if keeper is None:
        raise Refused(
            "nobody_there", _("Nobody on the other side can take the person. Please call them first.")
        )
    open_episode(
        organisation=before.organisation,
        person=referral.person,
        level=level,
        lead=keeper,
        topic=before.topic,
        by=by,
        at=at,
        help_request=before.help_request,
        previous=referral.to_episode,
    )
    return keeper


@transaction.atomic
def withdraw_referral(*, referral: Referral, by: Actor, at: datetime) -> None:
    """Take back a referral that nobody has answered: the sender, or the person who withdraws their consent."""
    own = by.person_id is not None and by.person_id == referral.person_id
    if not own:
        policies.insist(policies.may_lead(by, referral.from_episode))
    if referral.state == ReferralState.WITHDRAWN:
        return
    _step(referral, ReferralStep.WITHDRAW, "person" if own else "sender", by, at)
    if own and referral.consent is not None:
        Consent.objects.create(
            sealing_key_id=referral.sealing_key_id,
            organisation=referral.organisation,
            person=referral.person,
            giver_id=referral.person_id,
            basis=referral.consent.basis,
            purpose=ConsentPurpose.REFERRAL,
            answer=ConsentAnswer.WITHDRAWN,
            matter=referral.public_id,
            recipient=referral.to_organisation,
            given_at=at,
            client_id=uuid.uuid5(referral.public_id, "withdrawn"),
        )
    _wake_receivers(referral)
    wake_persons([referral.made_by, referral.person])
