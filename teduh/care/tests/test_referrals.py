"""Nobody is handed over into nothing: consent first, an answer in time, hand-over, return."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from teduh.care.actions import referrals
from teduh.care.jobs import referrals_overdue
from teduh.care.models import Alert, Episode, Referral
from teduh.care.states import Direction, ReferralState, Urgency
from teduh.care.tests.helpers import episode, referral
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.models import Consent


def agree(cast: Any, row: Referral, agrees: bool = True) -> None:
    referrals.answer_consent(
        referral=row, agrees=agrees, by=cast.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )


def test_the_receiver_sees_nothing_before_the_person_agrees(cast: Any) -> None:
    row = referral(cast, episode(cast))
    assert row.state == ReferralState.AWAITING_CONSENT
    assert not Referral.objects.visible_to(cast.actor("dewi")).exists()
    agree(cast, row)
    assert Referral.objects.visible_to(cast.actor("dewi")).exists()


def test_a_no_sends_nothing_and_is_kept(cast: Any) -> None:
    row = referral(cast, episode(cast))
    agree(cast, row, agrees=False)
    assert row.state == ReferralState.CONSENT_REFUSED
    assert not Referral.objects.visible_to(cast.actor("dewi")).exists()
    assert Consent.objects.get().answer == "refused"


@pytest.mark.parametrize("who", ["citra", "bima", "gita", "hari", "indra", "fajar"])
def test_nobody_consents_in_the_persons_place(cast: Any, who: str) -> None:
    row = referral(cast, episode(cast))
    with pytest.raises(NotVisible):
        referrals.answer_consent(
            referral=row, agrees=True, by=cast.actor(who), at=clock.now(), client_id=uuid.uuid4()
        )


def test_without_consent_only_in_danger_and_with_a_reason(cast: Any) -> None:
    of = episode(cast)
    row = referral(cast, of)
    with pytest.raises(Refused, match="not_urgent"):
        referrals.override_consent(referral=row, reason="x", by=cast.actor("citra"), at=clock.now())
    referrals.withdraw_referral(referral=row, by=cast.actor("citra"), at=clock.now())
    urgent = referral(cast, of, urgency=Urgency.NOW)
    with pytest.raises(Refused, match="reason_empty"):
        referrals.override_consent(referral=urgent, reason=" ", by=cast.actor("citra"), at=clock.now())
    referrals.override_consent(
        referral=urgent, reason="Bahaya nyata.", by=cast.actor("citra"), at=clock.now()
    )
    assert urgent.state == ReferralState.SENT


def test_accepting_opens_the_next_episode_and_keeps_both_sides_in_sight(cast: Any) -> None:
    first = episode(cast)
    row = referral(cast, first)
    agree(cast, row)
    opened = referrals.accept_referral(
        referral=row, answer="Saya temui besok.", by=cast.actor("dewi"), at=clock.now()
    )
    assert opened.previous_id == first.pk
    assert row.direction == Direction.UP
    assert Episode.objects.visible_to(cast.actor("dewi")).filter(pk=first.pk).exists()
    assert not Episode.objects.visible_to(cast.actor("citra")).filter(pk=opened.pk).exists()
    again = referrals.accept_referral(referral=row, answer="x", by=cast.actor("dewi"), at=clock.now())
    assert again.pk == opened.pk


def test_a_return_ends_the_receivers_access_to_what_was_before(cast: Any) -> None:
    first = episode(cast)
    row = referral(cast, first)
    agree(cast, row)
    referrals.accept_referral(referral=row, answer="Ya.", by=cast.actor("dewi"), at=clock.now())
    referrals.hand_over(referral=row, by=cast.actor("citra"), at=clock.now())
    referrals.return_referral(referral=row, answer="Sudah lebih kuat.", by=cast.actor("dewi"), at=clock.now())
    assert row.state == ReferralState.RETURNED
    later = cast.actor("dewi", at=clock.now() + timedelta(seconds=1))
    assert not Episode.objects.visible_to(later).filter(pk=first.pk).exists()


def test_a_no_needs_a_reason(cast: Any) -> None:
    row = referral(cast, episode(cast))
    agree(cast, row)
    with pytest.raises(Refused, match="answer_empty"):
        referrals.decline_referral(referral=row, answer="", by=cast.actor("dewi"), at=clock.now())


def test_the_person_withdraws_and_the_receiver_sees_it_no_more(cast: Any) -> None:
    row = referral(cast, episode(cast))
    agree(cast, row)
    referrals.withdraw_referral(referral=row, by=cast.actor("ayu"), at=clock.now())
    assert not Referral.objects.visible_to(cast.actor("dewi")).exists()
    assert Consent.objects.filter(answer="withdrawn").count() == 1


def test_an_unanswered_referral_comes_back_to_the_sender_once(cast: Any) -> None:
    row = referral(cast, episode(cast))
    agree(cast, row)
    late = clock.now() + timedelta(days=4)
    referrals_overdue(late)
    referrals_overdue(late + timedelta(hours=1))
    alert = Alert.objects.get(category="referral_overdue")
    assert alert.assigned_to_id == cast.citra.pk


def test_a_place_where_nobody_answers_is_refused(cast: Any) -> None:
    from teduh.care.states import LevelKey

    of = episode(cast)
    with pytest.raises(Refused, match="nobody_there"):
        referrals.make_referral(
            episode=of,
            to_level=LevelKey.PSYCHOSOCIAL,
            to_organisation=cast.other_school,
            urgency=Urgency.TODAY,
            reason="x",
            summary="y",
            by=cast.actor("citra"),
            at=clock.now(),
            client_id=uuid.uuid4(),
        )


def closed(cast: Any, of: Episode) -> None:
    from teduh.care.tests.test_episodes import close

    close(cast, of)


def handed_over(cast: Any, first: Episode) -> Referral:
    row = referral(cast, first)
    agree(cast, row)
    referrals.accept_referral(referral=row, answer="Saya temui besok.", by=cast.actor("dewi"), at=clock.now())
    referrals.hand_over(referral=row, by=cast.actor("citra"), at=clock.now())
    return row


def test_a_return_to_a_closed_episode_opens_a_new_one_with_the_lead_of_before(cast: Any) -> None:
    first = episode(cast)
    row = handed_over(cast, first)
    closed(cast, first)
    row = Referral.objects.get(pk=row.pk)
    referrals.return_referral(referral=row, answer="Sudah lebih kuat.", by=cast.actor("dewi"), at=clock.now())
    opened = Episode.objects.active().get(person=cast.ayu, level="counselling")
    assert (opened.lead_id, opened.previous_id) == (cast.citra.pk, row.to_episode_id)


def test_a_return_goes_to_who_is_on_duty_where_the_lead_of_before_is_shut_out(cast: Any) -> None:
    from teduh.people.access import system_actor
    from teduh.people.actions.persons import exclude

    first = episode(cast)
    row = handed_over(cast, first)
    closed(cast, first)
    exclude(person=cast.ayu, excluded=cast.citra, reason="relative", by=system_actor(), at=clock.now())
    row = Referral.objects.get(pk=row.pk)
    referrals.return_referral(referral=row, answer="Sudah lebih kuat.", by=cast.actor("dewi"), at=clock.now())
    assert Episode.objects.active().get(person=cast.ayu, level="counselling").lead_id == cast.kirana.pk


def test_what_was_answered_first_stays_readable_after_the_return(cast: Any) -> None:
    row = handed_over(cast, episode(cast))
    referrals.return_referral(referral=row, answer="Sudah lebih kuat.", by=cast.actor("dewi"), at=clock.now())
    assert row.answer.open() == "Saya temui besok.\n\nSudah lebih kuat."


def test_a_step_is_refused_to_the_wrong_side(cast: Any) -> None:
    row = referral(cast, episode(cast))
    agree(cast, row)
    with pytest.raises(NotVisible):
        referrals.accept_referral(referral=row, answer="", by=cast.actor("citra"), at=clock.now())
    with pytest.raises(NotVisible):
        referrals.hand_over(referral=row, by=cast.actor("dewi"), at=clock.now())


def test_the_person_cannot_withdraw_what_they_were_only_asked(cast: Any) -> None:
    row = referral(cast, episode(cast))
    with pytest.raises(NotVisible):
        referrals.withdraw_referral(referral=row, by=cast.actor("ayu"), at=clock.now())
    assert Referral.objects.get(pk=row.pk).state == ReferralState.AWAITING_CONSENT
