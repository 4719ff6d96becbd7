"""One of everything around Ayu: what the access matrix, the canary and the weight tests walk through."""

import uuid
from dataclasses import dataclass
from datetime import time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from teduh.care.actions import alerts, contacts, followups, goals, referrals, requests, takeover
from teduh.care.models import Alert, Episode, FollowUp, HelpRequest, Referral
from teduh.care.states import AlertSource, Door, LevelKey, Topic, Urgency, Wish
from teduh.counselling.actions.sessions import hold_session
from teduh.counselling.states import Activity, Field
from teduh.kernel import clock
from teduh.measures.actions import assign_sheet, submit_sheet
from teduh.measures.models import Sheet
from teduh.messaging.actions import post_message
from teduh.messaging.models import Room
from teduh.peers.actions import conversations, offers
from teduh.peers.actions.supporters import enrol
from teduh.peers.models import Offer, Supporter
from teduh.people.access import actor_of, system_actor
from teduh.people.actions.imports import upload_list
from teduh.people.actions.persons import register_person
from teduh.people.models import Exclusion, PasswordReset, RoleGrant
from teduh.people.states import Role
from teduh.psychosocial.actions.assessments import assess
from teduh.psychosocial.actions.plans import make_plan
from teduh.psychosocial.models import Assessment, CasePlan, PlanStep
from teduh.psychosocial.states import RiskLevel
from teduh.scheduling.actions.appointments import book
from teduh.scheduling.actions.availability import WindowInput, add_leave, set_availability
from teduh.scheduling.models import Appointment
from teduh.scheduling.queries import free_slots


@dataclass
class Universe:
    """Everything that exists around Ayu; texts are canaries, each a word that stands nowhere else."""

    cast: Any
    supporter: Supporter
    offer: Offer
    open_offer: Offer
    room: Room
    request: HelpRequest
    waiting: HelpRequest
    friend_request: HelpRequest
    peer: Episode
    counselling: Episode
    psychosocial: Episode
    referral: Referral
    asked: Referral
    alert: Alert
    goal: Any
    follow_up: FollowUp
    sheet: Sheet
    done_sheet: Sheet
    appointment: Appointment
    assessment: Assessment
    plan: CasePlan
    step: PlanStep
    case_follow_up: FollowUp
    reset: uuid.UUID
    upload: uuid.UUID
    leave: uuid.UUID
    exclusion: uuid.UUID
    role_pk: int
    canaries: tuple[str, ...]


class _Canaries:
    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, where: str) -> str:
        word = f"kenari{where}{uuid.uuid4().hex[:8]}"
        self.made.append(word)
        return word


def build(cast: Any) -> Universe:
    """Let the whole journey happen once, with a canary in every free text."""
    bird = _Canaries()
    now = clock.now()
    ayu, bima, citra, dewi = (cast.actor(name) for name in ("ayu", "bima", "citra", "dewi"))
    supporter = enrol(
        person=cast.bima, supervisor=cast.citra, topics=["friends"], languages=["id"], by=citra, at=now
    )
    request = _ask(cast, bird("door"), Wish.PEER)
    offer = conversations.accept(offer=Offer.objects.get(help_request=request), by=bima, at=now)
    peer, room = offer.episode, offer.room
    assert peer is not None
    assert room is not None
    for who, where in ((ayu, "seeker"), (bima, "helper")):
        post_message(room=room, by=who, text=f"Halo {bird(where)}", client_id=uuid.uuid4(), at=now)
    post_message(
        room=room,
        by=ayu,
        text=f"aku mau bunuh diri malam ini {bird('danger')}",
        client_id=uuid.uuid4(),
        at=now,
    )
    alert = Alert.objects.get(source=AlertSource.MESSAGE)
    alerts.acknowledge_alert(alert=alert, by=citra, at=now)
    counselling = takeover.take_over(episode=peer, by=citra, at=now)
    contacts.write_contact(
        episode=peer,
        activity="peer_chat",
        happened_at=now,
        minutes=20,
        note=bird("peernote"),
        by=bima,
        at=now,
        client_id=uuid.uuid4(),
    )
    goal = goals.set_goal(episode=counselling, text=bird("goal"), by=citra, at=now, client_id=uuid.uuid4())
    hold_session(
        episode=counselling,
        activity=Activity.INDIVIDUAL_COUNSELLING,
        field=Field.PERSONAL,
        happened_at=now,
        minutes=40,
        note=bird("session"),
        next_step=bird("nextstep"),
        ratings={goal.public_id: 3},
        by=citra,
        at=now,
        client_id=uuid.uuid4(),
    )
    referral = _refer(cast, counselling, bird("reason"), bird("summary"), cast.provider)
    referrals.answer_consent(referral=referral, agrees=True, by=ayu, at=now, client_id=uuid.uuid4())
    psychosocial = referrals.accept_referral(referral=referral, answer=bird("answer"), by=dewi, at=now)
    asked = _refer(cast, counselling, bird("reason2"), bird("summary2"), cast.school, LevelKey.PEER)
    assessment = assess(
        episode=psychosocial,
        risk=RiskLevel.MEDIUM,
        vulnerabilities=["bereaved"],
        situation=bird("situation"),
        strengths=bird("strengths"),
        needs=bird("needs"),
        by=dewi,
        at=now,
        client_id=uuid.uuid4(),
    )
    plan = make_plan(
        episode=psychosocial,
        aim=bird("aim"),
        agreed_with_person=True,
        follow_up_on=clock.today() + timedelta(days=7),
        steps=[(bird("step"), cast.dewi, clock.today() + timedelta(days=3))],
        by=dewi,
        at=now,
        client_id=uuid.uuid4(),
    )
    follow_up = followups.plan_follow_up(
        episode=counselling,
        due_on=clock.today() + timedelta(days=5),
        owner=cast.citra,
        by=citra,
        at=now,
        client_id=uuid.uuid4(),
    )
    done = assign_sheet(
        person=cast.ayu,
        instrument="phq-9",
        matter=counselling.public_id,
        by=citra,
        at=now,
        client_id=uuid.uuid4(),
    )
    done = submit_sheet(sheet=done, answers=[1, 1, 2, 1, 0, 1, 1, 0, 0], by=ayu, at=now)
    sheet = assign_sheet(
        person=cast.ayu,
        instrument="gad-7",
        matter=counselling.public_id,
        by=citra,
        at=now,
        client_id=uuid.uuid4(),
    )
    waiting = _ask(cast, bird("waiting"), Wish.UNSURE)
    friend = requests.send_request(
        by=bima,
        at=now,
        client_id=uuid.uuid4(),
        door=Door.FRIEND,
        topic=Topic.FEELINGS,
        wish=Wish.UNSURE,
        text=bird("friendtext"),
        about=bird("friendabout"),
        answers={"safe": "unsure"},
    )
    return Universe(
        cast=cast,
        supporter=supporter,
        offer=offer,
        open_offer=_open_offer(cast, supporter),
        room=room,
        request=request,
        waiting=waiting,
        friend_request=friend,
        peer=peer,
        counselling=counselling,
        psychosocial=psychosocial,
        referral=referral,
        asked=asked,
        alert=alert,
        goal=goal,
        follow_up=follow_up,
        sheet=sheet,
        done_sheet=done,
        appointment=_appointment(cast, bird("wish")),
        assessment=assessment,
        plan=plan,
        step=plan.steps.get(),
        case_follow_up=FollowUp.objects.get(episode=psychosocial),
        reset=_reset(cast),
        upload=_upload(cast, bird("upload")),
        leave=add_leave(
            person=cast.citra,
            first_day=clock.today() + timedelta(days=90),
            last_day=clock.today() + timedelta(days=91),
            by=citra,
            at=now,
        ).public_id,
        exclusion=Exclusion.objects.get(person=cast.ayu, excluded=cast.hari).public_id,
        role_pk=RoleGrant.objects.get(person=cast.bima, role=Role.PEER_SUPPORTER).pk,
        canaries=tuple(bird.made),
    )


def _reset(cast: Any) -> uuid.UUID:
    return PasswordReset.objects.create(
        organisation=cast.school,
        person=cast.ayu,
        started_by=cast.joko,
        started_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
    ).public_id


def _upload(cast: Any, text: str) -> uuid.UUID:
    """Leave an uploaded list waiting for confirmation; a name in it is the canary."""
    header = ["No", "Nama", "NIPD", "JK", "NISN", "Tanggal Lahir", "Rombel Saat Ini"]
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Daftar Peserta Didik"])
        sheet.write_row(3, 0, header)
        sheet.write_row(5, 0, ["1", text, "3001", "P", "0099887766", "2010-01-02", "X-1"])
    return upload_list(
        organisation=cast.school,
        data=file.getvalue(),
        client_id=uuid.uuid4(),
        by=cast.actor("indra"),
        at=clock.now(),
    ).public_id


def _ask(cast: Any, text: str, wish: Wish) -> HelpRequest:
    return requests.send_request(
        by=cast.actor("ayu"),
        at=clock.now(),
        client_id=uuid.uuid4(),
        door=Door.SELF,
        topic=Topic.FRIENDS,
        wish=wish,
        text=text,
        answers={"safe": "yes"},
    )


def _refer(
    cast: Any, episode: Episode, reason: str, summary: str, to: Any, level: LevelKey = LevelKey.PSYCHOSOCIAL
) -> Referral:
    return referrals.make_referral(
        episode=episode,
        to_level=level,
        to_organisation=to,
        urgency=Urgency.TODAY,
        reason=reason,
        summary=summary,
        by=cast.actor("citra"),
        at=clock.now(),
        client_id=uuid.uuid4(),
    )


def _open_offer(cast: Any, supporter: Supporter) -> Offer:
    """Let another student of the school wait for Bima's answer."""
    other = register_person(
        organisation=cast.school,
        full_name="Lala Sari",
        roles=(Role.STUDENT,),
        by=system_actor(),
        at=clock.now(),
    )
    Supporter.objects.filter(pk=supporter.pk).update(rest_until=None)
    request = requests.send_request(
        by=actor_of(other),
        at=clock.now(),
        client_id=uuid.uuid4(),
        door=Door.SELF,
        topic=Topic.FRIENDS,
        wish=Wish.PEER,
        text="",
        answers={},
    )
    offer = Offer.objects.filter(help_request=request).first() or offers.offer_next(
        help_request=request, by=system_actor(), at=clock.now()
    )
    assert offer is not None
    return offer


def _appointment(cast: Any, wish: str) -> Appointment:
    now = clock.now()
    windows = [WindowInput(weekday=day, starts=time(8), ends=time(15)) for day in range(7)]
    set_availability(person=cast.citra, windows=windows, by=cast.actor("citra"), at=now)
    days = free_slots(cast.citra, clock.today() + timedelta(days=1), 3, at=now)
    slot = next(slot for day in days for slot in day.slots)
    return book(
        host=cast.citra,
        guest=cast.ayu,
        starts_at=slot.starts_at,
        by=cast.actor("ayu"),
        at=now,
        client_id=uuid.uuid4(),
        wish=wish,
    )
