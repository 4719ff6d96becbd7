"""Guardians get a log-in only where a counsellor has said that contact is safe. Pak Hari never does."""

import re
from typing import Any

import pytest
from django.urls import reverse

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.people.access import actor_of, system_actor
from teduh.people.actions import persons, roles
from teduh.people.models import Account, Guardianship, Person
from teduh.people.states import Role, Safety


@pytest.fixture
def without_accounts(cast: Any) -> Any:
    """The cast as after an import: guardians are known by name and have neither role nor account."""
    for who in ("gita", "hari"):
        Account.objects.filter(person=cast.persons[who]).delete()
        cast.persons[who].role_grants.all().delete()
    return cast


def row(cast: Any, guardian: str) -> Guardianship:
    return Guardianship.objects.get(child=cast.ayu, guardian=cast.persons[guardian])


def press(cast: Any, who: str | None, guardian: str) -> Any:
    return cast.client(who).post(
        reverse("people:guardian_login", args=[cast.ayu.public_id]), {"guardian": row(cast, guardian).pk}
    )


def shown(cast: Any) -> list[int]:
    """Return for which guardians the page offers a log-in."""
    page = cast.client("citra").get(reverse("people:safety", args=[cast.ayu.public_id]))
    return [one.pk for one in page.context["page"].guardians if one.may_have_login]


def test_a_safe_guardian_gets_a_card_once_and_must_set_a_password(without_accounts: Any) -> None:
    cast = without_accounts
    assert shown(cast) == [row(cast, "gita").pk]
    sheet = press(cast, "citra", "gita")
    account = Account.objects.get(person=cast.gita)
    assert (sheet.status_code, sheet.headers["Cache-Control"]) == (200, "no-store")
    assert account.must_set_password
    words = re.findall(r"[2-9a-z]{8}", sheet.content.decode())
    assert any(account.check_password(word) for word in set(words))
    assert actor_of(Person.objects.get(pk=cast.gita.pk)).has(Role.GUARDIAN, organisation_id=cast.school.pk)
    assert AuditEntry.objects.filter(
        verb="people.account.open", subject=cast.gita.public_id, actor=cast.citra.public_id
    ).exists()
    password = account.password
    again = press(cast, "citra", "gita")
    assert again.status_code == 302
    assert Account.objects.get(person=cast.gita).password == password
    assert shown(cast) == []


def test_pak_hari_never_gets_a_log_in(without_accounts: Any) -> None:
    cast = without_accounts
    assert press(cast, "citra", "hari").status_code == 302
    assert not Account.objects.filter(person=cast.hari).exists()
    assert not cast.hari.role_grants.exists()
    # Nor while he is still shut out, although somebody has called him safe since.
    Guardianship.objects.filter(guardian=cast.hari).update(safety=Safety.SAFE)
    assert press(cast, "citra", "hari").status_code == 302
    assert row(cast, "hari").pk not in shown(cast)
    assert not Account.objects.filter(person=cast.hari).exists()


def test_a_guardian_who_was_not_judged_gets_none(without_accounts: Any) -> None:
    cast = without_accounts
    Guardianship.objects.filter(guardian=cast.gita).update(safety=Safety.UNKNOWN)
    assert shown(cast) == []
    with pytest.raises(Refused):
        roles.open_guardian_login(guardianship=row(cast, "gita"), by=cast.actor("citra"), at=clock.now())
    assert not Account.objects.filter(person=cast.gita).exists()


def test_a_guardian_who_is_unsafe_for_another_child_gets_none(without_accounts: Any) -> None:
    cast = without_accounts
    persons.set_guardian(
        guardian=cast.gita,
        child=cast.bima,
        relationship="mother",
        safety=Safety.UNSAFE,
        by=system_actor(),
        at=clock.now(),
    )
    assert shown(cast) == []
    assert press(cast, "citra", "gita").status_code == 302
    assert not Account.objects.filter(person=cast.gita).exists()


def test_what_was_judged_in_between_counts(without_accounts: Any) -> None:
    cast = without_accounts
    held = row(cast, "gita")
    Guardianship.objects.filter(pk=held.pk).update(safety=Safety.UNSAFE)
    with pytest.raises(Refused):
        roles.open_guardian_login(guardianship=held, by=cast.actor("citra"), at=clock.now())


@pytest.mark.parametrize("who", ["ayu", "bima", "dewi", "eko", "fajar", "indra", "joko", None])
def test_only_counsellors_of_the_school_open_one(without_accounts: Any, who: str | None) -> None:
    assert press(without_accounts, who, "gita").status_code == 404
    assert not Account.objects.filter(person=without_accounts.gita).exists()


def test_the_action_itself_refuses_others(without_accounts: Any) -> None:
    with pytest.raises(NotVisible):
        roles.open_guardian_login(
            guardianship=row(without_accounts, "gita"), by=without_accounts.actor("indra"), at=clock.now()
        )


def test_a_form_without_a_guardian_leads_back(cast: Any) -> None:
    url = reverse("people:guardian_login", args=[cast.ayu.public_id])
    assert cast.client("citra").post(url, {"guardian": "x"}).status_code == 302
    assert cast.client("citra").post(url, {"guardian": "99999"}).status_code == 404
