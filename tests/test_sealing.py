"""Sealed text: bound to its place, broken by any change, gone with its key."""

import random
from typing import Any

import pytest
from django.db import connection

from teduh.kernel import clock
from teduh.kernel.sealing import keyring, rotation
from teduh.kernel.sealing.box import SealBroken, seal, unseal
from teduh.people.models import Exclusion, Person


def exclusion(cast: Any, text: str = "rahasia") -> Exclusion:
    return Exclusion.objects.create(
        sealing_key=cast.ayu.data_key,
        person=cast.ayu,
        excluded=cast.fajar,
        reason=text,
        starts_at=clock.now(),
    )


def test_what_was_sealed_opens_again(cast: Any) -> None:
    row = exclusion(cast)
    assert Exclusion.objects.get(pk=row.pk).reason.open() == "rahasia"


def test_printing_sealed_text_never_shows_it(cast: Any) -> None:
    row = Exclusion.objects.get(pk=exclusion(cast).pk)
    assert "rahasia" not in f"{row.reason} {row.reason!r}"


def test_the_database_holds_no_plain_text(cast: Any) -> None:
    row = exclusion(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM people_exclusion WHERE id = %s", [row.pk])
        assert b"rahasia" not in bytes(cursor.fetchone()[0])


def test_a_thousand_bit_flips_all_raise() -> None:
    key, place, chance = bytes(32), b"table|row|field|1", random.Random(7)
    box = seal(key, b"Aku takut pulang ke rumah.", place)
    for _ in range(1000):
        flipped = bytearray(box)
        position = chance.randrange(len(box) * 8)
        flipped[position // 8] ^= 1 << (position % 8)
        with pytest.raises(SealBroken):
            unseal(key, bytes(flipped), place)


def test_sealed_text_moved_to_another_row_does_not_open(cast: Any) -> None:
    one, two = exclusion(cast), exclusion(cast, "lain")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_exclusion SET reason = (SELECT reason FROM people_exclusion WHERE id = %s) WHERE id = %s",
            [one.pk, two.pk],
        )
    with pytest.raises(SealBroken):
        Exclusion.objects.get(pk=two.pk).reason.open()


def test_after_erasure_nothing_of_the_person_opens(cast: Any) -> None:
    row = exclusion(cast)
    keyring.destroy(cast.ayu.data_key, at=clock.now())
    with pytest.raises(keyring.KeyDestroyed):
        Exclusion.objects.get(pk=row.pk).reason.open()


@pytest.mark.django_db(transaction=True)
def test_a_restore_does_not_bring_an_erased_person_back(settings: Any) -> None:
    from conftest import make_cast

    cast = make_cast()
    key = cast.ayu.data_key
    wrapped = bytes(key.wrapped)
    keyring.destroy(key, at=clock.now())
    type(key).objects.filter(pk=key.pk).update(wrapped=wrapped, destroyed_at=None)
    assert keyring.replay_erasures(at=clock.now()) == 1
    with pytest.raises(keyring.KeyDestroyed):
        keyring.material(key.pk)


def test_rotation_of_the_organisation_key_keeps_everything_readable(cast: Any) -> None:
    row = exclusion(cast)
    moved = rotation.rotate_scope(cast.school.public_id)
    assert moved >= 9
    assert Exclusion.objects.get(pk=row.pk).reason.open() == "rahasia"


def test_resealing_under_a_fresh_key_keeps_the_text_and_destroys_the_old_key(cast: Any) -> None:
    row, old = exclusion(cast), cast.ayu.data_key
    assert rotation.reseal(old, at=clock.now()) == 2  # this row and the exclusion of the unsafe guardian
    assert Exclusion.objects.get(pk=row.pk).reason.open() == "rahasia"
    assert Person.objects.get(pk=cast.ayu.pk).data_key_id != old.pk
    with pytest.raises(keyring.KeyDestroyed):
        keyring.material(old.pk)


def test_rotation_of_the_root_key_rewraps_every_organisation_key(cast: Any, settings: Any) -> None:
    import base64
    import os

    row = exclusion(cast)
    settings.PREVIOUS_ROOT_KEY, settings.ROOT_KEY = (
        settings.ROOT_KEY,
        base64.urlsafe_b64encode(os.urandom(32)).decode(),
    )
    keyring.forget_all()
    assert keyring.rewrap_root() >= 2
    settings.PREVIOUS_ROOT_KEY = ""
    assert Exclusion.objects.get(pk=row.pk).reason.open() == "rahasia"


def test_plain_text_cannot_slip_past_the_seal_by_an_update(cast: Any) -> None:
    exclusion(cast)
    with pytest.raises(TypeError):
        Exclusion.objects.update(reason="plain")
