"""Seed the demo school: the people, then the stories in the order in which they happened."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from teduh.care.models import Alert, Episode, HelpRequest, Referral
from teduh.care.states import Door, EpisodeState, Wish
from teduh.kernel import clock
from teduh.messaging.models import Message
from teduh.people.models import Organisation, Person
from teduh.site.demo import words
from teduh.site.demo.deeper import case, refer
from teduh.site.demo.history import DAYS, Teller
from teduh.site.demo.world import build

SEED = 20_260_717
Story = Callable[[], object]


@dataclass(frozen=True)
class Seeded:
    """How much there is."""

    persons: int
    requests: int
    episodes: int
    messages: int
    referrals: int
    alerts: int


def is_seeded() -> bool:
    """Tell whether the demo school is there."""
    return Organisation.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed() -> Seeded:
    """Make the demo school; all or nothing, so that a stopped seeding can be run again."""
    chance = random.Random(SEED)  # noqa: S311 - stories, no secrets
    today = timezone.localdate()
    start = timezone.make_aware(datetime.combine(today - timedelta(days=DAYS + 3), datetime.min.time()))
    with clock.at(start):
        world = build(chance, today, start)
    for _, story in sorted(_stories(Teller(world)), key=lambda told: -told[0]):
        with transaction.atomic():
            story()
    return Seeded(
        Person.objects.count(),
        HelpRequest.objects.count(),
        Episode.objects.count(),
        Message.objects.count(),
        Referral.objects.count(),
        Alert.objects.count(),
    )


def _stories(tell: Teller) -> list[tuple[int, Story]]:
    """Return the stories with how many days ago each begins."""
    world, chance = tell.world, tell.world.chance
    supporters = {supporter.person_id for supporter in world.supporters}
    seekers = [person for person in world.students[1:] if person.pk not in supporters]
    chance.shuffle(seekers)
    following = iter(seekers)
    counsellors = [world.named[key] for key in ("citra", "kirana", "bayu")]
    stories: list[tuple[int, Story]] = []

    def peer(days: int, topic: str, *, ends: bool) -> Story:
        who, talk = next(following), chance.choice(words.TALKS)
        hour, minute = chance.choice((12, 15, 16, 19, 20)), chance.randrange(60)
        return lambda: tell.peer_story(who, tell.ago(days, hour, minute), topic, talk, ends=ends)

    topics = ("friends", "study", "family", "feelings", "bullying", "love", "career")
    for number in range(34):
        days = DAYS - 3 * number - chance.randrange(3)
        stories.append((days, peer(days, topics[number % len(topics)], ends=True)))
    for days in (4, 3, 2, 1):
        stories.append((days, peer(days, chance.choice(topics), ends=False)))

    # Ayu's own first time, with Bima, long closed; her door is free again, and the same helper as before comes first.
    ayu, bima = world.named["ayu"], world.supporters[0]
    stories.append(
        (
            74,
            lambda: tell.peer_story(
                ayu, tell.ago(74, 16, 5), "friends", words.TALKS[0], ends=True, with_supporter=bima
            ),
        )
    )

    for number in range(15):
        days = DAYS - 7 * number - chance.randrange(4)
        who, topic, host = next(following), topics[(number + 2) % len(topics)], counsellors[number % 3]
        stories.append((days, _counselling(tell, who, host, days, topic, ends=days > 40)))
    for days in (96, 61, 33, 12):
        who = next(following)
        stories.append((days, lambda who=who, days=days: tell.danger_story(who, days)))  # type: ignore[misc]

    for days, story, ends in ((100, 0, True), (78, 1, True), (52, 2, True), (34, 0, False), (20, 1, False)):
        stories.append((days, _deeper(tell, next(following), counsellors[story % 2], days, story, ends=ends)))
    # A referral that waits for Dewi's answer.
    stories.append((6, _unanswered(tell, next(following), world.named["citra"])))

    stories.append((1, lambda: _today(tell, following)))
    return stories


def _counselling(tell: Teller, who: Person, host: Person, days: int, topic: str, *, ends: bool) -> Story:
    count = tell.world.chance.randrange(3, 6)
    return lambda: tell.counselling_story(who, host, days, topic, count, ends=ends)


def _deeper(tell: Teller, who: Person, host: Person, days: int, story: int, *, ends: bool) -> Story:
    def told() -> None:
        episode = tell.counselling_story(
            who, host, days, ("loss", "family", "feelings")[story], 2, ends=False
        )
        opened = refer(tell, episode, host, tell.ago(days - 9, 13), story)
        if opened is None:
            return
        case(tell, opened, story, ends=ends, sender=host)
        if ends:
            opened.refresh_from_db()
            assert opened.closed_at is not None
            back = tell.schoolday(opened.closed_at + timedelta(days=3))
            tell.sessions(episode, host, back, 1)
            tell.end_with_aftercare(episode, host, back + timedelta(hours=1))

    return told


def _unanswered(tell: Teller, who: Person, host: Person) -> Story:
    def told() -> None:
        episode = tell.counselling_story(who, host, 6, "loss", 1, ends=False)
        refer(tell, episode, host, tell.ago(1, 14), 0, answered=False)

    return told


def _today(tell: Teller, following: "object") -> None:
    """Let people wait at the door, and appointments stand in the book."""
    world, now = tell.world, timezone.now()
    seekers: list[Person] = [next(following) for _ in range(16)]  # type: ignore[call-overload]
    # An alert that waits for its human: worrying words half an hour ago.
    tell.peer_story(seekers[10], now - timedelta(minutes=34), "feelings", words.DANGER_TALK[:4], ends=False)
    tell.ask(seekers[0], now - timedelta(hours=5), Wish.UNSURE, "family")
    tell.ask(seekers[1], now - timedelta(hours=2), Wish.COUNSELLOR, "study")
    tell.ask(seekers[2], now - timedelta(minutes=50), Wish.DEEPER, "loss")
    tell.worry(
        world.students[5],
        Door.FRIEND,
        f"{seekers[3].full_name}, sekelas denganku",
        None,
        "Dia sudah seminggu diam terus dan bilang capek sekolah.",
        now - timedelta(hours=3),
        "feelings",
    )
    classmate = world.students[7]
    tell.worry(
        world.named["joko"],
        Door.TEACHER,
        "",
        classmate,
        "Nilainya turun tajam dan sering izin ke UKS.",
        now - timedelta(hours=20),
        "study",
    )
    active = Episode.objects.filter(
        state=EpisodeState.ACTIVE, lead__in=[world.named["citra"], world.named["kirana"]]
    )
    guests = list(Person.objects.filter(pk__in=active.values("person_id")).order_by("pk")[:4])
    tell.appointments(world.named["citra"], [*guests, *seekers[4:7]])
    tell.appointments(world.named["kirana"], seekers[7:10])
