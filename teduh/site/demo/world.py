"""The people of the demo school."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from teduh.peers.actions.supporters import enrol
from teduh.peers.models import Supporter
from teduh.people.access import Actor, actor_of, system_actor
from teduh.people.actions import persons as act
from teduh.people.models import Account, ClassGroup, ClassMembership, Organisation, Person
from teduh.people.states import OrganisationKind, Role, Safety
from teduh.scheduling.actions.availability import WindowInput, set_availability
from teduh.site.demo.words import BOYS, FAMILIES, GIRLS
from teduh.site.tour import DEMO_PASSWORD

CLASSES = ("X-1", "X-2", "X-3", "X-4", "XI-1", "XI-2", "XI-3", "XII-1", "XII-2", "XII-3")
A_CLASS = 36
SUPPORTERS = 24
TOPICS_OF_SUPPORTERS = (
    "friends",
    "study",
    "family",
    "feelings",
    "bullying",
    "love",
    "career",
    "loss",
    "other",
)


@dataclass
class World:
    """Everybody, by the names that the history uses."""

    chance: random.Random
    today: date
    school: Organisation
    provider: Organisation
    named: dict[str, Person] = field(default_factory=dict)
    students: list[Person] = field(default_factory=list)
    supporters: list[Supporter] = field(default_factory=list)

    def actor(self, person: Person, at: datetime) -> Actor:
        """Return somebody as actor at a moment."""
        return actor_of(person, at=at)


def _names(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Return distinct full names with a sex."""
    made: dict[str, str] = {}
    while len(made) < count:
        girl = chance.random() < 0.52
        name = f"{chance.choice(GIRLS if girl else BOYS)} {chance.choice(FAMILIES)}"
        if chance.random() < 0.3:
            name += f" {chance.choice(FAMILIES)}"
        made.setdefault(name, "P" if girl else "L")
    return list(made.items())


def build(chance: random.Random, today: date, start: datetime) -> World:
    """Found the organisations and register everybody, as of `start`."""
    by = system_actor()
    district = act.found_organisation(
        kind=OrganisationKind.DISTRICT,
        code="DEMO-KAB",
        name="Kabupaten Damai (fiktif)",
        by=by,
        at=start,
        is_demo=True,
    )
    school = act.found_organisation(
        kind=OrganisationKind.SCHOOL,
        code="DEMO-SMA",
        name="SMA Teduh Nusantara (fiktif)",
        parent=district,
        school_level="SMA",
        phone="0800-0000-001",
        by=by,
        at=start,
        is_demo=True,
    )
    provider = act.found_organisation(
        kind=OrganisationKind.PROVIDER,
        code="DEMO-LPS",
        name="Rumah Pulih, layanan psikososial (fiktif)",
        parent=district,
        phone="0800-0000-002",
        by=by,
        at=start,
        is_demo=True,
    )
    world = World(chance, today, school, provider)
    _staff(world, by, start)
    _students(world, by, start)
    _guardians(world, by, start)
    _supporters(world, by, start)
    _accounts(world)
    _hours(world, start)
    return world


def _staff(world: World, by: Actor, at: datetime) -> None:
    rows: list[tuple[str, str, str, Organisation, tuple[Role, ...]]] = [
        ("citra", "Citra Maharani", "P", world.school, (Role.COUNSELLOR, Role.PEER_SUPERVISOR)),
        ("kirana", "Kirana Widyastuti", "P", world.school, (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)),
        ("bayu", "Bayu Adhitama", "L", world.school, (Role.COUNSELLOR, Role.PEER_SUPERVISOR)),
        ("dewi", "Dewi Anggraini", "P", world.provider, (Role.CASEWORKER,)),
        ("tegar", "Tegar Simanjuntak", "L", world.provider, (Role.CASEWORKER,)),
        ("eko", "Eko Prasetyo", "L", world.school, (Role.PRINCIPAL,)),
        ("indra", "Indra Kusuma", "L", world.school, (Role.TECHNICAL_ADMIN,)),
        ("joko", "Joko Susilo", "L", world.school, (Role.HOMEROOM_TEACHER, Role.TEACHER)),
    ]
    for key, name, sex, organisation, roles in rows:
        world.named[key] = act.register_person(
            organisation=organisation, full_name=name, sex=sex, roles=roles, by=by, at=at
        )
    teachers = act.register_persons(
        organisation=world.school,
        rows=[{"full_name": name, "sex": sex} for name, sex in _names(world.chance, len(CLASSES) - 1)],
        by=by,
        at=at,
        roles=(Role.HOMEROOM_TEACHER, Role.TEACHER),
    )
    year = world.today.year if world.today.month >= 7 else world.today.year - 1
    homerooms = [world.named["joko"], *teachers]
    ClassGroup.objects.bulk_create(
        [
            ClassGroup(
                organisation=world.school,
                name=name,
                grade={"X": "10", "XI": "11", "XII": "12"}[name.split("-")[0]],
                school_year=f"{year}/{year + 1}",
                homeroom_teacher=teacher,
            )
            for name, teacher in zip(CLASSES, homerooms, strict=True)
        ]
    )


def _students(world: World, by: Actor, at: datetime) -> None:
    groups = list(ClassGroup.objects.filter(organisation=world.school).order_by("pk"))
    count = len(groups) * A_CLASS
    names = _names(world.chance, count)
    names[0] = ("Ayu Lestari Wulandari", "P")
    names[4 * A_CLASS] = ("Bima Saputra", "L")
    rows = []
    for number, (name, sex) in enumerate(names):
        grade = {"X": 15, "XI": 16, "XII": 17}[groups[number // A_CLASS].name.split("-")[0]]
        born = date(world.today.year - grade, 1, 1) + timedelta(days=world.chance.randrange(364))
        rows.append(
            {
                "full_name": name,
                "nickname": name.split()[0],
                "sex": sex,
                "nisn": f"00{90_000_000 + number:08d}",
                "nipd": f"{2600 + number}",
                "birth_date": born,
            }
        )
    world.students = act.register_persons(
        organisation=world.school, rows=rows, by=by, at=at, roles=(Role.STUDENT,)
    )
    ClassMembership.objects.bulk_create(
        [
            ClassMembership(class_group=groups[number // A_CLASS], person=person, starts_on=at.date())
            for number, person in enumerate(world.students)
        ]
    )
    world.named["ayu"], world.named["bima"] = world.students[0], world.students[4 * A_CLASS]


def _guardians(world: World, by: Actor, at: datetime) -> None:
    ayu = world.named["ayu"]
    gita = act.register_person(
        organisation=world.school, full_name="Gita Wulandari", sex="P", roles=(Role.GUARDIAN,), by=by, at=at
    )
    hari = act.register_person(
        organisation=world.school, full_name="Hari Wibowo", sex="L", roles=(Role.GUARDIAN,), by=by, at=at
    )
    world.named["gita"], world.named["hari"] = gita, hari
    act.set_guardian(guardian=gita, child=ayu, relationship="mother", safety=Safety.SAFE, by=by, at=at)
    act.set_guardian(guardian=hari, child=ayu, relationship="stepfather", safety=Safety.UNSAFE, by=by, at=at)
    others = act.register_persons(
        organisation=world.school,
        rows=[{"full_name": name, "sex": sex} for name, sex in _names(world.chance, 40)],
        by=by,
        at=at,
        roles=(Role.GUARDIAN,),
    )
    for guardian, child in zip(others, world.chance.sample(world.students[1:], len(others)), strict=True):
        act.set_guardian(
            guardian=guardian,
            child=child,
            relationship="mother" if guardian.sex == "P" else "father",
            safety=world.chance.choice((Safety.SAFE, Safety.UNKNOWN)),
            by=by,
            at=at,
        )


def _supporters(world: World, by: Actor, at: datetime) -> None:
    older = [person for person in world.students[4 * A_CLASS :] if person.pk != world.named["bima"].pk]
    chosen = [world.named["bima"], *world.chance.sample(older, SUPPORTERS - 1)]
    supervisors = (world.named["citra"], world.named["bayu"])
    for number, person in enumerate(chosen):
        act.grant_role(person=person, organisation=world.school, role=Role.PEER_SUPPORTER, by=by, at=at)
        supervisor = supervisors[0] if number == 0 else supervisors[number % 2]
        topics = TOPICS_OF_SUPPORTERS if number == 0 else world.chance.sample(TOPICS_OF_SUPPORTERS, 4)
        world.supporters.append(
            enrol(
                person=person,
                supervisor=supervisor,
                topics=topics,
                languages=("id", "jv") if number % 3 == 0 else ("id",),
                by=actor_of(supervisor, at=at),
                at=at,
            )
        )


def _accounts(world: World) -> None:
    """Give everybody of the tour a log-in, and the others accounts without a password, as before a class card."""
    for key in (
        "ayu",
        "bima",
        "citra",
        "kirana",
        "bayu",
        "dewi",
        "tegar",
        "gita",
        "hari",
        "joko",
        "eko",
        "indra",
    ):
        Account.objects.create_user(
            key,
            DEMO_PASSWORD,
            person=world.named[key],
            is_demo=True,
            email="" if key in {"ayu", "bima"} else f"{key}@teduh.invalid",
        )
    taken = {account.person_id for account in Account.objects.all()}
    Account.objects.bulk_create(
        [
            Account(
                username=f"{person.full_name.split()[0].lower()}{person.nipd}",
                password="!",  # noqa: S106 - no password: nobody can log in before a class card is printed
                person=person,
                is_demo=True,
                must_set_password=True,
            )
            for person in world.students
            if person.pk not in taken
        ]
    )


def _hours(world: World, at: datetime) -> None:
    for key in ("citra", "kirana", "bayu"):
        person = world.named[key]
        windows = [WindowInput(weekday=day, starts=time(8, 0), ends=time(11, 30)) for day in range(6)]
        windows += [WindowInput(weekday=day, starts=time(12, 30), ends=time(15, 0)) for day in range(5)]
        set_availability(person=person, windows=windows, by=actor_of(person, at=at), at=at)
