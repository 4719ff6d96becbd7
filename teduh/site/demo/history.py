"""Four months of lived history, told by the real actions with the clock set to each moment."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from teduh.care.actions import alerts, contacts, episodes, followups, goals, requests, takeover
from teduh.care.levels import level_of
from teduh.care.models import Alert, Episode, FollowUp, HelpRequest
from teduh.care.states import Door, RequestState, Topic, Wish
from teduh.counselling.actions.sessions import hold_session
from teduh.counselling.states import Activity, Field
from teduh.kernel import clock
from teduh.measures.actions import assign_sheet, submit_sheet
from teduh.messaging.actions import post_message
from teduh.messaging.models import Room
from teduh.peers.actions import conversations, offers
from teduh.peers.models import Offer, Supporter
from teduh.peers.states import OfferState
from teduh.people.models import Person
from teduh.scheduling.actions.appointments import book
from teduh.scheduling.queries import free_slots
from teduh.site.demo import words
from teduh.site.demo.world import World

DAYS = 120


@dataclass
class Teller:
    """Tells the history of one school."""

    world: World

    def key(self) -> uuid.UUID:
        """Return a client id, the same at every seeding."""
        return uuid.UUID(int=self.world.chance.getrandbits(128))

    def moment(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return a local moment, never in the future."""
        made = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        return min(made, timezone.now() - timedelta(minutes=2))

    def ago(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment so many days ago."""
        return self.moment(self.world.today - timedelta(days=days), hour, minute)

    def schoolday(self, at: datetime) -> datetime:
        """Move a moment off Sunday."""
        local = timezone.localtime(at)
        return at + timedelta(days=1) if local.weekday() == 6 else at

    # --- the door ----------------------------------------------------------------------------------------------------

    def ask(self, who: Person, at: datetime, wish: Wish, topic: str, text: str = "") -> HelpRequest:
        """Let a student ask for help."""
        chance = self.world.chance
        with clock.at(at):
            return requests.send_request(
                by=self.world.actor(who, at),
                at=at,
                client_id=self.key(),
                door=Door.SELF,
                topic=Topic(topic),
                wish=wish,
                text=text or chance.choice(words.ASKS[topic]),
                answers={"safe": "yes"} if chance.random() < 0.5 else {},
            )

    # --- peers ---------------------------------------------------------------------------------------------------------

    def peer_story(
        self,
        who: Person,
        at: datetime,
        topic: str,
        talk: tuple[tuple[str, str], ...],
        *,
        ends: bool,
        with_supporter: Supporter | None = None,
    ) -> Episode | None:
        """Let a student talk with a supporter; return the episode, or None where nobody was free."""
        request = self.ask(who, at, Wish.PEER, topic)
        if request.state == RequestState.RECEIVED:
            # The words needed an adult: a counsellor answers, as in a real school.
            self.answer_with_counsellor(request, at)
            return None
        if with_supporter is not None:
            with clock.at(at):
                supervisor = self.world.actor(with_supporter.supervisor, at)
                offers.assign(help_request=request, supporter=with_supporter, by=supervisor, at=at)
        offer = (
            Offer.objects.filter(help_request=request, state=OfferState.OFFERED)
            .select_related("supporter__person")
            .first()
        )
        if offer is None:
            return None
        taken_at = at + timedelta(minutes=self.world.chance.randrange(4, 22))
        helper = offer.supporter.person
        with clock.at(taken_at):
            offer = conversations.accept(offer=offer, by=self.world.actor(helper, taken_at), at=taken_at)
        episode, room = offer.episode, offer.room
        assert episode is not None
        assert room is not None
        said_at = self.talk(room, who, helper, taken_at, talk)
        with clock.at(said_at):
            contacts.write_contact(
                episode=episode,
                activity="peer_chat",
                happened_at=taken_at,
                minutes=max(5, int((said_at - taken_at).total_seconds() // 60)),
                note=self.world.chance.choice(words.PEER_NOTES),
                by=self.world.actor(helper, said_at),
                at=said_at,
                client_id=self.key(),
            )
        if ends:
            closed_at = said_at + timedelta(days=self.world.chance.randrange(2, 7))
            self.close(episode, helper, closed_at, "goals_met", aftercare=None)
        return episode

    def answer_with_counsellor(self, request: HelpRequest, at: datetime) -> None:
        """Let the counsellor on duty take a request that a peer must not carry, and see it through."""
        alert = Alert.objects.filter(help_request=request).select_related("assigned_to").first()
        counsellor = alert.assigned_to if alert else self.world.named["citra"]
        soon = at + timedelta(minutes=self.world.chance.randrange(3, 12))
        if alert is not None:
            with clock.at(soon):
                alerts.acknowledge_alert(alert=alert, by=self.world.actor(counsellor, soon), at=soon)
        episode = self.take(request, counsellor, soon + timedelta(minutes=2))
        if alert is not None:
            solved = soon + timedelta(hours=1)
            with clock.at(solved):
                alerts.resolve_alert(
                    alert=alert,
                    resolution=words.RESOLUTIONS[1],
                    by=self.world.actor(counsellor, solved),
                    at=solved,
                )
        last = self.sessions(episode, counsellor, self.schoolday(at + timedelta(days=1)), 3)
        if last < timezone.now() - timedelta(days=10):
            self.end_with_aftercare(episode, counsellor, last + timedelta(hours=1))

    def talk(
        self, room: Room, seeker: Person, helper: Person, at: datetime, lines: tuple[tuple[str, str], ...]
    ) -> datetime:
        """Let two people write to each other; return the time of the last message."""
        actors = {"s": self.world.actor(seeker, at), "h": self.world.actor(helper, at)}
        for who, text in lines:
            at += timedelta(seconds=self.world.chance.randrange(25, 160))
            with clock.at(at):
                post_message(room=room, by=actors[who], text=text, client_id=self.key(), at=at)
        return at

    def close(
        self, episode: Episode, lead: Person, at: datetime, reason: str, aftercare: tuple[date, Person] | None
    ) -> None:
        """Close an episode with everything that its level asks for."""
        episode.refresh_from_db()
        with clock.at(at):
            episodes.close_episode(
                episode=episode,
                reason=reason,
                checks=list(level_of(episode.level).closing_checks),
                note="",
                by=self.world.actor(lead, at),
                at=at,
                aftercare_on=aftercare[0] if aftercare else None,
                aftercare_owner=aftercare[1] if aftercare else None,
                client_id=self.key(),
            )

    # --- counselling -----------------------------------------------------------------------------------------------------

    def take(self, request: HelpRequest, counsellor: Person, at: datetime) -> Episode:
        """Let a counsellor take a request."""
        request.refresh_from_db()
        with clock.at(at):
            return requests.take_request(request=request, by=self.world.actor(counsellor, at), at=at)

    def sessions(self, episode: Episode, counsellor: Person, first: datetime, count: int) -> datetime:
        """Hold weekly sessions with a goal that gets nearer; return the time of the last."""
        chance, at = self.world.chance, first
        with clock.at(at):
            goal = goals.set_goal(
                episode=episode,
                text=chance.choice(words.GOALS),
                by=self.world.actor(counsellor, at),
                at=at,
                client_id=self.key(),
            )
        near = chance.randrange(1, 4)
        for number in range(count):
            at = self.schoolday(first + timedelta(days=7 * number))
            if at > timezone.now():
                break
            with clock.at(at):
                hold_session(
                    episode=episode,
                    activity=Activity.INDIVIDUAL_COUNSELLING,
                    field=chance.choice(list(Field)),
                    happened_at=at,
                    minutes=chance.choice((30, 40, 45)),
                    note=words.SESSION_NOTES[min(number, len(words.SESSION_NOTES) - 1)],
                    next_step=chance.choice(words.NEXT_STEPS),
                    ratings={goal.public_id: near},
                    by=self.world.actor(counsellor, at),
                    at=at,
                    client_id=self.key(),
                )
            near = min(10, near + chance.randrange(0, 3))
        return at

    def questionnaire(
        self, episode: Episode, lead: Person, at: datetime, instrument: str, level: int
    ) -> None:
        """Let the person fill in a questionnaire; `level` 0 to 3 says how heavy the answers are."""
        chance = self.world.chance
        count = {"phq-9": 9, "gad-7": 7}[instrument]
        answers = [max(0, min(3, level + chance.choice((-1, 0, 0, 1)))) for _ in range(count)]
        if instrument == "phq-9":
            answers[8] = 0
        with clock.at(at):
            sheet = assign_sheet(
                person=episode.person,
                instrument=instrument,
                matter=episode.public_id,
                by=self.world.actor(lead, at),
                at=at,
                client_id=self.key(),
            )
        done = at + timedelta(minutes=6)
        with clock.at(done):
            submit_sheet(sheet=sheet, answers=answers, by=self.world.actor(episode.person, done), at=done)

    def counselling_story(
        self, who: Person, counsellor: Person, days: int, topic: str, count: int, *, ends: bool
    ) -> Episode:
        """Let a student ask for a counsellor, meet weekly, and perhaps end with aftercare."""
        at = self.ago(days, 10, self.world.chance.randrange(60))
        request = self.ask(who, at, Wish.COUNSELLOR, topic)
        episode = self.take(request, counsellor, at + timedelta(hours=2))
        for alert in Alert.objects.filter(help_request=request):
            alerts.acknowledge_alert(alert=alert, by=self.world.actor(alert.assigned_to, at), at=at)
            alerts.resolve_alert(
                alert=alert,
                resolution=words.RESOLUTIONS[0],
                by=self.world.actor(alert.assigned_to, at),
                at=at + timedelta(hours=1),
            )
        first = self.schoolday(at + timedelta(days=1))
        self.questionnaire(episode, counsellor, first, self.world.chance.choice(("phq-9", "gad-7")), 2)
        last = self.sessions(episode, counsellor, first, count)
        if ends:
            self.questionnaire(episode, counsellor, last, "phq-9", 1)
            self.end_with_aftercare(episode, counsellor, last + timedelta(hours=1))
        return episode

    def end_with_aftercare(self, episode: Episode, lead: Person, at: datetime) -> None:
        """Close, and look again two weeks later; done where that day has passed."""
        day = (at + timedelta(days=14)).date()
        self.close(episode, lead, at, "goals_met", (day, lead))
        planned = FollowUp.objects.filter(episode=episode, is_aftercare=True).first()
        if planned is not None and day < self.world.today and self.world.chance.random() < 0.85:
            then = self.moment(day, 11)
            with clock.at(then):
                followups.finish_follow_up(
                    follow_up=planned,
                    result="Kabar baik, masih menjalankan rencananya.",
                    by=self.world.actor(lead, then),
                    at=then,
                )

    # --- danger ----------------------------------------------------------------------------------------------------------

    def danger_story(self, who: Person, days: int) -> Episode | None:
        """Let danger show in a conversation: alert, answer within minutes, take-over, sessions."""
        at = self.ago(days, 19, 10)
        peer = self.peer_story(who, at, "feelings", words.DANGER_TALK, ends=False)
        if peer is None:
            return None
        alert = Alert.objects.filter(person=who).order_by("-pk").first()
        if alert is None:
            return None
        counsellor = alert.assigned_to
        answered = alert.raised_at + timedelta(minutes=self.world.chance.randrange(2, 9))
        with clock.at(answered):
            alerts.acknowledge_alert(alert=alert, by=self.world.actor(counsellor, answered), at=answered)
        taken = answered + timedelta(minutes=3)
        with clock.at(taken):
            episode = takeover.take_over(episode=peer, by=self.world.actor(counsellor, taken), at=taken)
        solved = taken + timedelta(hours=1)
        with clock.at(solved):
            alerts.resolve_alert(
                alert=alert,
                resolution=self.world.chance.choice(words.RESOLUTIONS[:2]),
                by=self.world.actor(counsellor, solved),
                at=solved,
            )
        first = self.schoolday(taken + timedelta(days=1))
        self.questionnaire(episode, counsellor, first, "phq-9", 2)
        self.sessions(episode, counsellor, first, 4)
        later = min(taken + timedelta(days=10), timezone.now() - timedelta(minutes=1))
        self.close(peer, counsellor, later, "transferred", aftercare=None)
        return episode

    # --- today -----------------------------------------------------------------------------------------------------------

    def worry(
        self, who: Person, door: Door, about: str, person: Person | None, text: str, at: datetime, topic: str
    ) -> None:
        """Let somebody worry about another."""
        with clock.at(at):
            requests.send_request(
                by=self.world.actor(who, at),
                at=at,
                client_id=self.key(),
                door=door,
                topic=Topic(topic),
                wish=Wish.UNSURE,
                text=text,
                about=about,
                person=person,
                answers={},
            )

    def appointments(self, host: Person, guests: list[Person]) -> None:
        """Book the host's next free times."""
        now = timezone.now()
        slots = [
            slot
            for day in free_slots(host, self.world.today, 5, at=now)
            for slot in getattr(day, "slots", [day])
        ]
        for guest, slot in zip(guests, slots[:: max(1, len(slots) // (len(guests) + 1))], strict=False):
            with transaction.atomic():
                book(
                    host=host,
                    guest=guest,
                    starts_at=slot.starts_at,
                    by=self.world.actor(guest, now),
                    at=now,
                    client_id=self.key(),
                    wish="",
                )
