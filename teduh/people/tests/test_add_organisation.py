"""A school is not alone: partner services, posts and districts come with their first member of staff."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from teduh.kernel.models import AuditEntry
from teduh.people.access import actor_of
from teduh.people.models import Account, Organisation, Person
from teduh.people.states import Role

SERVICE = {
    "kind": "provider",
    "name": "Layanan Baru",
    "code": "LKS2",
    "parent": "KAB",
    "phone": "(0274)  555-123",
    "staff_name": "Ratna Baru",
    "staff_email": "Ratna@baru.test",
}


def run(**changes: Any) -> str:
    out = io.StringIO()
    call_command("add_organisation", **(SERVICE | changes), stdout=out)
    return out.getvalue()


def test_a_service_is_added_with_a_caseworker_who_gets_a_one_time_password(cast: Any) -> None:
    said = run()
    service = Organisation.objects.get(code="LKS2")
    assert (service.kind, service.parent, service.phone) == ("provider", cast.district, "(0274) 555-123")
    assert service.path == f"{cast.district.path}{service.pk}/"
    account = Account.objects.get(email="ratna@baru.test")
    assert actor_of(account.person).has(Role.CASEWORKER, organisation_id=service.pk)
    assert account.must_set_password
    assert account.check_password(said.split()[-1])
    verbs = set(AuditEntry.objects.filter(scope=service.public_id).values_list("verb", flat=True))
    assert {"people.organisation.found", "people.person.register", "people.account.open"} <= verbs


@pytest.mark.parametrize(
    ("changes", "roles"),
    [
        ({"kind": "school", "level": "SMP"}, {Role.LEAD_COUNSELLOR, Role.COUNSELLOR}),
        ({"kind": "campus", "staff_role": "technical_admin"}, {Role.TECHNICAL_ADMIN}),
        ({"kind": "community_post"}, {Role.CASEWORKER}),
        ({"kind": "district", "parent": None}, {Role.DISTRICT_OFFICER}),
    ],
)
def test_each_kind_has_its_first_role(cast: Any, changes: dict[str, Any], roles: set[Role]) -> None:
    run(**changes)
    person = Account.objects.get(email="ratna@baru.test").person
    assert {grant.role for grant in actor_of(person).grants} == roles


def test_it_works_without_a_person(cast: Any) -> None:
    assert "password" not in run(staff_name=None, staff_email=None)
    assert not Person.objects.filter(organisation__code="LKS2").exists()


def test_a_further_person_joins_an_organisation_that_is_there(cast: Any) -> None:
    run(staff_only=True, code="KAB", staff_role=None)
    officer = Account.objects.get(email="ratna@baru.test").person
    assert actor_of(officer).has(Role.DISTRICT_OFFICER, organisation_id=cast.district.pk)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "LKS"}, "there already"),
        ({"name": "layanan contoh"}, "there already"),
        ({"staff_email": "dewi@contoh.test"}, "account already"),
        ({"staff_email": "DEWI@contoh.test"}, "account already"),
        ({"staff_email": "nope"}, "no e-mail"),
        ({"staff_email": None}, "belong together"),
        ({"parent": "NONE"}, "NONE"),
        ({"parent": None}, "--parent"),
        ({"kind": "school"}, "--level"),
        ({"name": " "}, "--name"),
        ({"code": "a b"}, "code"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"staff_only": True, "code": "NONE"}, "NONE"),
    ],
)
def test_it_says_what_is_wrong_and_makes_nothing(cast: Any, changes: dict[str, Any], said: str) -> None:
    before = (Organisation.objects.count(), Person.objects.count())
    with pytest.raises(CommandError, match=said):
        run(**changes)
    assert (Organisation.objects.count(), Person.objects.count()) == before


def test_the_demo_refuses(cast: Any, settings: Any) -> None:
    settings.MODE = "demo"
    with pytest.raises(CommandError):
        run()
