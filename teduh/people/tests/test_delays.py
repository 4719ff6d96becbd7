"""Failed log-ins wait; nothing and nobody is locked."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from teduh.kernel import clock
from teduh.people import delays
from teduh.people.models import LoginDelay


@pytest.fixture
def door(cast: Any) -> Any:
    """Ayu and Citra can log in with passwords."""
    for name in ("ayu", "bima"):
        account = cast.persons[name].account
        account.set_password(f"rahasia-{name}-1")
        account.save()
    return cast


def try_in(client: Client, name: str, password: str, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": name, "password": password}, **extra)


def errors(response: Any) -> str:
    return " ".join(response.context["form"].non_field_errors())


def must_wait(response: Any) -> bool:
    return bool(response.status_code == 200 and response.context["form"].has_error("__all__", "wait"))


def test_the_first_three_slips_cost_nothing(door: Any) -> None:
    client = Client()
    for _slip in range(3):
        assert not must_wait(try_in(client, "ayu", "salah"))
    assert try_in(client, "ayu", "rahasia-ayu-1").status_code == 302


def test_from_the_fourth_slip_on_one_waits_and_is_told_how_long(door: Any) -> None:
    client = Client()
    for _slip in range(4):
        try_in(client, "ayu", "salah")
    response = try_in(client, "ayu", "rahasia-ayu-1")
    assert must_wait(response)
    assert " 2 " in errors(response)


def test_after_the_wait_the_right_password_opens(door: Any) -> None:
    client, start = Client(), clock.now()
    with clock.at(start):
        for _slip in range(4):
            try_in(client, "ayu", "salah")
    with clock.at(start + timedelta(seconds=2)):
        assert try_in(client, "ayu", "rahasia-ayu-1").status_code == 302


def test_the_delay_grows_to_a_minute_and_no_further(door: Any) -> None:
    at, waits = clock.now(), []
    for _attempt in range(14):
        assert delays.take_attempt("k", at=at) == 0
        waited = delays.take_attempt("k", at=at) if _attempt >= 3 else 0
        waits.append(waited)
        at += timedelta(seconds=waited)
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]


def test_waiting_impatiently_does_not_lengthen_the_wait(door: Any) -> None:
    at = clock.now()
    for _attempt in range(5):
        delays.take_attempt("k", at=at)
        at += timedelta(seconds=3)
    before = LoginDelay.objects.get(pk="k").not_before
    for _press in range(20):
        delays.take_attempt("k", at=before - timedelta(seconds=1))
    assert LoginDelay.objects.get(pk="k").not_before == before


def test_an_unknown_name_hears_exactly_the_same(door: Any) -> None:
    known, unknown = Client(), Client()
    heard = []
    with clock.at(clock.now()):
        for client, name in ((known, "ayu"), (unknown, "tidakada")):
            heard.append([errors(try_in(client, name, "salah")) for _slip in range(6)])
    assert heard[0] == heard[1]
    assert heard[0][0] != heard[0][-1]


def test_a_stranger_on_another_network_does_not_delay_the_person(door: Any) -> None:
    stranger, ayu = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="198.51.100.7")
    for _slip in range(10):
        try_in(stranger, "ayu", "salah")
    assert try_in(ayu, "ayu", "rahasia-ayu-1").status_code == 302


def test_a_classmate_on_the_same_network_does_not_delay_the_known_device(door: Any) -> None:
    ayu = Client()
    assert try_in(ayu, "ayu", "rahasia-ayu-1").status_code == 302
    ayu.post(reverse("people:leave"), headers={"Origin": "http://testserver"})
    classmate = Client()
    for _slip in range(10):
        try_in(classmate, "ayu", "salah")
    assert must_wait(try_in(classmate, "ayu", "rahasia-ayu-1"))
    assert try_in(ayu, "ayu", "rahasia-ayu-1").status_code == 302


def test_one_name_never_delays_another_from_the_same_address(door: Any) -> None:
    client = Client()
    for _slip in range(10):
        try_in(client, "ayu", "salah")
    assert try_in(client, "bima", "rahasia-bima-1").status_code == 302


def test_a_forged_or_foreign_device_cookie_brings_no_fresh_allowance(door: Any) -> None:
    mine = Client()
    try_in(mine, "bima", "rahasia-bima-1")
    cookie = mine.cookies["device"].value
    for value in (cookie, "forged", ""):
        client = Client()
        client.cookies["device"] = value
        for _slip in range(4):
            try_in(client, "ayu", "salah")
    assert LoginDelay.objects.count() == 1


def test_success_gives_the_allowance_back(door: Any) -> None:
    client = Client()
    for _slip in range(3):
        try_in(client, "ayu", "salah")
    try_in(client, "ayu", "rahasia-ayu-1")
    assert not LoginDelay.objects.exists()


def test_the_table_holds_neither_name_nor_address(door: Any) -> None:
    try_in(Client(), "ayu", "salah")
    row = LoginDelay.objects.get()
    assert "ayu" not in row.pk
    assert len(row.pk) == 64


def test_old_rows_are_forgotten(door: Any) -> None:
    delays.take_attempt("k", at=clock.now() - timedelta(hours=3))
    delays.forget_old(clock.now())
    assert not LoginDelay.objects.exists()


def test_networks_are_taken_as_a_whole() -> None:
    assert delays.network_of("203.0.113.9") == delays.network_of("203.0.113.200")
    assert delays.network_of("2001:db8::1") == delays.network_of("2001:db8:0:ff::2")
    assert delays.network_of("nonsense") == "unknown"
