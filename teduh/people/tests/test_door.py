"""Coming in, being led, resting too long, leaving."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import NoReverseMatch, reverse

from teduh.kernel import clock
from teduh.kernel.models import AuditEntry
from teduh.people.adapter import MFAAdapter


@pytest.fixture
def door(cast: Any) -> Any:
    """Everybody has a password."""
    for name, person in cast.persons.items():
        person.account.set_password(f"rahasia-{name}-1")
        person.account.save()
    return cast


def sign_in(client: Client, name: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": name, "password": password})


def test_a_student_signs_in_by_user_name_whatever_its_case(door: Any) -> None:
    client = Client()
    assert sign_in(client, " AYU ", "rahasia-ayu-1").status_code == 302
    assert client.session["_auth_user_id"] == str(door.ayu.account.pk)


def test_staff_sign_in_by_e_mail_and_then_need_the_code(door: Any) -> None:
    account = door.citra.account
    Authenticator.objects.filter(user=account).delete()
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    client = Client()
    response = sign_in(client, "Citra@contoh.test", "rahasia-citra-1")
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    code = totp.format_hotp_value(hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post(response.url, {"code": code})
    assert client.session["_auth_user_id"] == str(account.pk)


def test_guessing_the_code_waits_too(door: Any) -> None:
    account = door.citra.account
    Authenticator.objects.filter(user=account).delete()
    TOTP.activate(account, generate_totp_secret())
    client = Client()
    sign_in(client, "citra", "rahasia-citra-1")
    for _guess in range(4):
        response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert response.context["form"].has_error("code", "wait")


def test_the_secret_of_the_second_factor_is_sealed(door: Any) -> None:
    secret = generate_totp_secret()
    row = TOTP.activate(door.ayu.account, secret).instance
    stored = row.data["secret"]
    assert secret not in stored
    assert secret not in base64.urlsafe_b64decode(stored.partition(":")[2]).decode("latin-1")
    assert MFAAdapter().decrypt(stored) == secret


def test_a_known_and_an_unknown_name_cost_the_same_number_of_hashes(door: Any, monkeypatch: Any) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted: list[int] = []
    encode = MD5PasswordHasher.encode

    def count(self: Any, password: str, salt: str) -> Any:
        counted.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    costs = []
    for name in ("ayu", "citra@contoh.test", "tidakada", "tidak@ada.test"):
        counted.clear()
        sign_in(Client(), name, "salah")
        costs.append(len(counted))
    assert len(set(costs)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_request_login_code",
        "socialaccount_connections",
    ],
)
def test_what_is_not_needed_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "password/set/", "3rdparty/", "login/code/"]
)
def test_sign_up_and_mailed_resets_are_not_there(cast: Any, path: str) -> None:
    assert Client().get(f"/account/{path}").status_code == 404


def test_the_class_card_brings_the_name_along(db: Any) -> None:
    response = Client().get(reverse("account_login"), {"u": "ayu.lestari12"})
    assert 'value="ayu.lestari12"' in response.content.decode()


def test_the_first_log_in_leads_to_an_own_password_and_nowhere_else(door: Any) -> None:
    account = door.ayu.account
    account.must_set_password = True
    account.save()
    client = door.client("ayu")
    assert client.get(reverse("people:account")).url == reverse("people:own_password")
    page = client.get(reverse("people:own_password"))
    assert page.status_code == 200
    for bad in (
        {"password": "rahasia-ayu-1", "again": "rahasia-ayu-1"},
        {"password": "pendek", "again": "pendek"},
        {"password": "langit-biru-besok", "again": "langit-biru-lusa"},
        {"password": "12345678", "again": "12345678"},
    ):
        response = client.post(reverse("people:own_password"), bad)
        assert response.status_code == 400, bad
        assert response.context["form"].errors
    client.post(
        reverse("people:own_password"), {"password": "langit-biru-besok", "again": "langit-biru-besok"}
    )
    account.refresh_from_db()
    assert not account.must_set_password
    assert account.check_password("langit-biru-besok")
    assert client.get(reverse("people:account")).status_code == 200
    assert AuditEntry.objects.filter(verb="people.password.own", subject=door.ayu.public_id).count() == 1


def test_staff_without_a_second_factor_are_led_to_one(door: Any) -> None:
    Authenticator.objects.filter(user=door.citra.account).delete()
    client = door.client("citra")
    assert client.get(reverse("people:account")).url == reverse("people:second_factor")
    assert client.get(reverse("people:second_factor")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_change_password")).url == reverse("people:second_factor")


def test_students_are_not_asked_for_one(door: Any) -> None:
    assert door.client("ayu").get(reverse("people:account")).status_code == 200


def test_only_demo_accounts_in_demo_mode_are_excused(door: Any, settings: Any) -> None:
    Authenticator.objects.filter(user=door.citra.account).delete()
    account = door.citra.account
    settings.MODE = "demo"
    assert door.client("citra").get(reverse("people:account")).status_code == 302
    account.is_demo = True
    account.save()
    assert door.client("citra").get(reverse("people:account")).status_code == 200
    settings.MODE = "production"
    assert door.client("citra").get(reverse("people:account")).status_code == 302


@pytest.mark.parametrize(("name", "minutes"), [("ayu", 10), ("citra", 20)])
def test_a_resting_session_ends(door: Any, name: str, minutes: int) -> None:
    start = clock.now()
    with clock.at(start):
        client = door.client(name)
        assert client.get(reverse("people:account")).status_code == 200
    with clock.at(start + timedelta(minutes=minutes, seconds=-70)):
        assert client.get(reverse("people:account")).status_code == 200
    with clock.at(start + timedelta(minutes=2 * minutes)):
        response = client.get(reverse("people:account"))
        assert response.url == reverse("people:idle")
        assert "_auth_user_id" not in client.session
        assert client.get(reverse("people:idle")).status_code == 200


def test_words_that_came_too_late_are_handed_back(door: Any) -> None:
    start = clock.now()
    with clock.at(start):
        client = door.client("ayu")
        client.get(reverse("people:account"))
    with clock.at(start + timedelta(minutes=30)):
        response = client.post(
            reverse("people:account"), {"text": "Aku takut pulang", "password": "kata rahasia sekali"}
        )
    assert "Aku takut pulang" in response.content.decode()
    assert "kata rahasia sekali" not in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_what_a_page_fetches_by_itself_does_not_keep_a_session_alive(door: Any) -> None:
    start = clock.now()
    with clock.at(start):
        client = door.client("ayu")
    for minute in range(1, 10):
        with clock.at(start + timedelta(minutes=minute)):
            assert client.get(reverse("people:account"), headers={"X-Fragment": "1"}).status_code == 200
    with clock.at(start + timedelta(minutes=10, seconds=1)):
        assert client.get(reverse("people:account"), headers={"X-Fragment": "1"}).status_code == 401
    assert "alert--info" in client.get(reverse("account_login")).content.decode()


def test_activity_is_written_at_most_once_a_minute(door: Any, query_count: Any) -> None:
    start = clock.now()
    with clock.at(start):
        client = door.client("ayu")
    with clock.at(start + timedelta(seconds=30)), query_count() as n:
        client.get(reverse("people:account"))
    assert not [s for s in n.statements if s.startswith(("UPDATE", "INSERT"))]


@pytest.mark.parametrize("name", ["ayu", "citra"])
def test_a_signed_in_request_costs_at_most_three_queries_before_its_page(
    door: Any, query_count: Any, name: str
) -> None:
    client = door.client(name)
    with query_count() as n:
        client.get(reverse("people:own_password"))
    assert len(n) <= 3, n.statements


def test_the_beacon_ends_the_session(door: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(door.ayu.account)
    assert client.post(reverse("people:leave"), headers={"Origin": "http://testserver"}).status_code == 204
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.test"}, {"Origin": "null"}])
def test_another_site_cannot_end_it(door: Any, headers: dict[str, str]) -> None:
    client = door.client("ayu")
    assert client.post(reverse("people:leave"), headers=headers).status_code == 403
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["account_login", "people:account", "mfa_index"])
def test_pages_behind_the_door_are_not_kept(door: Any, name: str) -> None:
    client = Client() if name == "account_login" else door.client("ayu")
    assert "no-store" in client.get(reverse(name))["Cache-Control"]


def test_a_visitor_is_led_to_log_in(cast: Any) -> None:
    for name in ("people:account", "people:own_password"):
        assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_the_account_speaks_the_chosen_language(door: Any) -> None:
    client = door.client("ayu")
    response = client.post(reverse("people:account"), {"language": "en"})
    assert response.cookies["django_language"].value == "en"
    assert "My account" in client.get(reverse("people:account")).content.decode()
    assert client.post(reverse("people:account"), {"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "account_inactive",
        "mfa_index",
        "mfa_list_webauthn",
    ],
)
def test_the_library_pages_draw(door: Any, name: str) -> None:
    assert door.client("citra").get(reverse(name)).status_code == 200


def code_for(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code: str = totp.format_hotp_value(hotp_value(secret, counter))
    return code


def test_staff_set_up_a_second_factor_right_after_the_first_log_in(door: Any) -> None:
    account = door.citra.account
    Authenticator.objects.filter(user=account).delete()
    client = Client()
    sign_in(client, "citra", "rahasia-citra-1")
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, "the password typed a moment ago is enough"
    done = client.post(reverse("mfa_activate_totp"), {"code": code_for(page.context["form"].secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(done["Location"]).status_code == 200
    assert client.get(reverse("people:account")).status_code == 200
    assert Authenticator.objects.filter(user=account).count() == 2
    with clock.at(clock.now() + timedelta(minutes=6)):
        url = reverse("mfa_view_recovery_codes")
        assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))


def test_later_the_password_is_asked_for_again(door: Any) -> None:
    client = Client()
    sign_in(client, "ayu", "rahasia-ayu-1")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    response = client.post(reverse("account_reauthenticate"), {"password": "salah"})
    assert response.context["form"].errors
