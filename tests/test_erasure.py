"""After an erasure nothing sealed about the person opens, no table of people names them, and pages do not break."""

import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.urls import reverse

from conftest import make_cast
from teduh.care.models import Episode
from teduh.kernel import clock
from teduh.kernel.audit.verify import verify
from teduh.kernel.models import AuditEntry, DataKey
from teduh.kernel.sealing import keyring
from teduh.kernel.sealing.fields import SealedModel, SealedTextField
from teduh.people.access import actor_of, system_actor
from teduh.people.actions.erasure import ERASED_NAME, erase_person
from teduh.people.models import Account, ClassMembership, Person
from tests.universe import Universe, build

NAMES = ("Ayu", "Lestari", "0012345678", "ayu@contoh.test")


def erase(person: Person) -> bool:
    return erase_person(person=person, by=system_actor(), at=clock.now())


@pytest.fixture
def universe(db: Any) -> Universe:
    return build(make_cast())


def sealed_rows() -> list[tuple[SealedModel, str]]:
    """Return every sealed field with content of every room."""
    return [
        (row, field.name)
        for model in apps.get_models()
        if issubclass(model, SealedModel)
        for row in model._default_manager.all()
        for field in model._meta.get_fields()
        if isinstance(field, SealedTextField) and getattr(row, field.name)
    ]


def opens(row: SealedModel, field: str) -> bool:
    try:
        getattr(row, field).open()
    except keyring.KeyDestroyed:
        return False
    return True


def test_nothing_sealed_about_the_person_opens_and_others_words_stay(universe: Universe) -> None:
    ayu = universe.cast.ayu
    before = sealed_rows()
    assert len(before) > 20
    assert all(opens(*one) for one in before)
    assert erase(ayu)
    keyring.forget_all()
    alive = {row.sealing_key_id for row, field in sealed_rows() if opens(row, field)}
    others = set(Person.objects.exclude(pk=ayu.pk).values_list("data_key_id", flat=True))
    # What Ayu wrote about a friend whom nobody has recognised is about the friend, not about Ayu.
    about_nobody = {universe.friend_request.sealing_key_id}
    dead = {row.sealing_key_id for row, field in sealed_rows()} - alive
    assert ayu.data_key_id in dead
    assert universe.room.sealing_key_id in dead
    assert alive
    assert alive & (others | about_nobody)
    for row, field in sealed_rows():
        about = getattr(row, "person_id", None) or getattr(row, "subject_id", None)
        assert about != ayu.pk or not opens(row, field), (type(row).__name__, field)


def test_no_table_names_the_person_any_more(universe: Universe) -> None:
    erase(universe.cast.ayu)
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith(("teduh.", "allauth.")):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField):
                for name in NAMES:
                    rows = model._default_manager.filter(**{f"{field.attname}__icontains": name})
                    found += [(model.__name__, field.name, getattr(row, field.attname)) for row in rows]
    # Her mother is a person of her own.
    assert [one for one in found if "Gita" not in one[2]] == []
    ayu = Person.objects.get(pk=universe.cast.ayu.pk)
    assert (ayu.full_name, ayu.nisn, ayu.nipd, ayu.nickname, ayu.birth_date) == (
        ERASED_NAME,
        "",
        "",
        "",
        None,
    )
    assert ayu.left_on is not None
    assert actor_of(ayu).grants == ()
    assert not ClassMembership.objects.filter(person=ayu, ends_on__isnull=True).exists()


def test_the_log_in_and_its_sessions_end(universe: Universe) -> None:
    client = universe.cast.client("ayu")
    assert client.get(reverse("people:account")).status_code == 200
    erase(universe.cast.ayu)
    assert client.get(reverse("people:account")).status_code == 302
    account = Account.objects.get(person=universe.cast.ayu)
    assert not account.is_active
    assert not account.has_usable_password()


def test_pages_of_others_say_not_there_instead_of_breaking(universe: Universe) -> None:
    citra, bima = universe.cast.client("citra"), universe.cast.client("bima")
    episode = reverse("care:episode", args=[universe.counselling.public_id])
    assert citra.get(episode).status_code == 200
    erase(universe.cast.ayu)
    keyring.forget_all()
    assert citra.get(episode).status_code == 404
    assert citra.get(reverse("people:safety", args=[universe.cast.ayu.public_id])).status_code == 404
    assert bima.get(reverse("messaging:room", args=[universe.room.public_id])).status_code == 404
    for client in (citra, bima):
        assert client.get(reverse("home")).status_code == 200


def test_doing_it_again_changes_nothing_and_the_chain_holds(universe: Universe) -> None:
    assert erase(universe.cast.ayu)
    count = AuditEntry.objects.count()
    assert not erase(universe.cast.ayu)
    assert AuditEntry.objects.count() == count
    assert (
        AuditEntry.objects.filter(verb="people.person.erase", subject=universe.cast.ayu.public_id).count()
        == 1
    )
    assert not verify().faults


def test_a_name_that_a_restore_brought_back_goes_again(cast: Any) -> None:
    erase(cast.bima)
    Person.objects.filter(pk=cast.bima.pk).update(full_name="Bima Saputra")
    assert erase(cast.bima)
    assert Person.objects.get(pk=cast.bima.pk).full_name == ERASED_NAME


def test_a_key_of_somebody_else_is_never_destroyed(universe: Universe) -> None:
    erase(universe.cast.bima)
    for who in ("ayu", "citra", "gita"):
        key = DataKey.objects.get(pk=universe.cast.persons[who].data_key_id)
        assert key.wrapped is not None


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("erase_person", *args, stdout=out)
    return out.getvalue()


def test_the_command_wants_a_yes_and_a_person(cast: Any) -> None:
    for args in ([str(cast.bima.public_id)], [str(cast.school.public_id), "--yes"]):
        with pytest.raises(CommandError):
            run(*args)
    assert Person.objects.get(pk=cast.bima.pk).full_name == "Bima Saputra"
    assert "Erased" in run(str(cast.bima.public_id), "--yes")
    assert "before" in run(str(cast.bima.public_id), "--yes")


def test_the_command_refuses_while_care_is_open(universe: Universe) -> None:
    assert Episode.objects.filter(person=universe.cast.ayu).exists()
    with pytest.raises(CommandError, match="episodes"):
        run(str(universe.cast.ayu.public_id), "--yes")
    assert Person.objects.get(pk=universe.cast.ayu.pk).full_name == "Ayu Lestari"
