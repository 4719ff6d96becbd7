"""The fixed cast of every test, and the fixtures that every test may use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from teduh.people.access import Actor, actor_of


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Each test has its own anchor and ledger, and no key of another test's database in the cache."""
    settings.AUDIT_ANCHOR_FILE = tmp_path / "audit.anchor"
    settings.ERASURE_LEDGER_FILE = tmp_path / "erasure.ledger"
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    from teduh.kernel.sealing.keyring import forget_all, forget_audit_key

    for forget in (forget_all, forget_audit_key):
        forget()
    yield
    for forget in (forget_all, forget_audit_key):
        forget()


@dataclass
class Cast:
    """The people of every test; `actor("citra")` gives one as actor, `client("citra")` signed in."""

    school: Any
    other_school: Any
    provider: Any
    district: Any
    class_group: Any
    persons: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.persons[name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str, at: datetime | None = None) -> Actor:
        """Return a member of the cast as actor."""
        return actor_of(self.persons[name], at=at)

    def client(self, name: str | None = None) -> Client:
        """Return a test browser, signed in as a member of the cast or anonymous."""
        client = Client()
        if name is not None:
            client.force_login(self.persons[name].account)
        return client


#: Everybody whose reach the access matrix walks; "" is the anonymous visitor.
ACTORS = ("ayu", "bima", "citra", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "")


@pytest.fixture
def cast(db: Any) -> Cast:
    """Ayu (student), Bima (peer supporter), Citra (counsellor and peer supervisor), Dewi (caseworker of the partner
    service), Eko (principal), Fajar (student of another school), Ibu Gita (Ayu's guardian, safe), Pak Hari (guardian
    marked unsafe), Indra (technical admin), Joko (Ayu's homeroom teacher), Kirana (second counsellor)."""
    return make_cast()


def make_cast() -> Cast:
    """Register the cast."""
    from teduh.people.access import system_actor
    from teduh.people.actions import persons as act
    from teduh.people.models import ClassGroup
    from teduh.people.states import STAFF_ROLES, OrganisationKind, Role, Safety

    by, at = system_actor(), timezone.now()
    common: dict[str, Any] = {"by": by, "at": at}
    district = act.found_organisation(
        kind=OrganisationKind.DISTRICT, code="KAB", name="Kabupaten Contoh", **common
    )
    school = act.found_organisation(
        kind=OrganisationKind.SCHOOL,
        code="SMA1",
        name="SMA Contoh 1",
        parent=district,
        school_level="SMA",
        **common,
    )
    other = act.found_organisation(
        kind=OrganisationKind.SCHOOL,
        code="SMA2",
        name="SMA Contoh 2",
        parent=district,
        school_level="SMA",
        **common,
    )
    provider = act.found_organisation(
        kind=OrganisationKind.PROVIDER, code="LKS", name="Layanan Contoh", parent=district, **common
    )
    who: list[tuple[str, str, Any, tuple[Role, ...], dict[str, Any]]] = [
        (
            "ayu",
            "Ayu Lestari",
            school,
            (Role.STUDENT,),
            {"nisn": "0012345678", "birth_date": date(2010, 5, 2)},
        ),
        ("bima", "Bima Saputra", school, (Role.STUDENT, Role.PEER_SUPPORTER), {"nisn": "0012345679"}),
        ("citra", "Citra Maharani", school, (Role.COUNSELLOR, Role.PEER_SUPERVISOR), {}),
        ("dewi", "Dewi Anggraini", provider, (Role.CASEWORKER,), {}),
        ("eko", "Eko Prasetyo", school, (Role.PRINCIPAL,), {}),
        ("fajar", "Fajar Nugroho", other, (Role.STUDENT,), {"nisn": "0012345680"}),
        ("gita", "Gita Lestari", school, (Role.GUARDIAN,), {}),
        ("hari", "Hari Wibowo", school, (Role.GUARDIAN,), {}),
        ("indra", "Indra Kusuma", school, (Role.TECHNICAL_ADMIN,), {}),
        ("joko", "Joko Susilo", school, (Role.HOMEROOM_TEACHER,), {}),
        ("kirana", "Kirana Putri", school, (Role.COUNSELLOR, Role.LEAD_COUNSELLOR), {}),
    ]
    persons = {}
    for key, name, organisation, roles, fields in who:
        person = act.register_person(
            organisation=organisation, full_name=name, roles=roles, **fields, **common
        )
        act.open_account(person=person, username=key, email=f"{key}@contoh.test", **common)
        persons[key] = person
    give_second_factors(
        [person for person, row in zip(persons.values(), who, strict=True) if set(row[3]) & STAFF_ROLES]
    )
    group = ClassGroup.objects.create(
        organisation=school, name="X-1", grade="10", school_year="2026/2027", homeroom_teacher=persons["joko"]
    )
    act.place_in_class(person=persons["ayu"], class_group=group, on=at.date())
    act.set_guardian(
        guardian=persons["gita"], child=persons["ayu"], relationship="mother", safety=Safety.SAFE, **common
    )
    act.set_guardian(
        guardian=persons["hari"],
        child=persons["ayu"],
        relationship="stepfather",
        safety=Safety.UNSAFE,
        **common,
    )
    return Cast(school, other, provider, district, group, persons)


def give_second_factors(persons: list[Any]) -> None:
    """Give staff the second factor without which they reach no page."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.bulk_create(
        [
            Authenticator(user=person.account, type=Authenticator.Type.TOTP, data={"secret": ""})
            for person in persons
        ]
    )


class QueryCount:
    """Counts the queries of a block, leaving out transaction control, which costs no round trip of its own kind."""

    CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")

    def __init__(self) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._capture = CaptureQueriesContext(connection)

    def __enter__(self) -> "QueryCount":
        self._capture.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._capture.__exit__(*error)

    @property
    def statements(self) -> list[str]:
        """The counted statements."""
        return [q["sql"] for q in self._capture.captured_queries if not q["sql"].startswith(self.CONTROL)]

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def query_count() -> type[QueryCount]:
    """Give tests the counter: `with query_count() as n: ...; assert len(n) <= 12`."""
    return QueryCount
