"""Whose word about the client's address the gateway passes on."""

from typing import Any

import pytest

from teduh.site import gateway


def scope(*headers: tuple[bytes, bytes]) -> Any:
    return {"client": ("10.0.0.7", 5000), "scheme": "http", "headers": list(headers)}


CLAIM = (b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")


def test_a_strangers_claim_about_their_address_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "BEHIND_PROXY", False)
    assert dict(gateway._stated(scope(*CLAIM))) == {
        b"x-forwarded-for": b"10.0.0.7",
        b"x-forwarded-proto": b"http",
    }


def test_the_own_proxys_word_stands_and_its_address_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "BEHIND_PROXY", True)
    assert dict(gateway._stated(scope(*CLAIM))) == {
        b"x-forwarded-for": b"203.0.113.9, 10.0.0.7",
        b"x-forwarded-proto": b"https",
    }
