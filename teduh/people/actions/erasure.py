"""Erase a person: what is sealed about them can never be opened again, and no table of people names them."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from teduh.kernel import audit
from teduh.kernel.models import DataKey
from teduh.kernel.sealing import keyring
from teduh.kernel.sealing.fields import SealedModel
from teduh.people import hooks
from teduh.people.access import Actor
from teduh.people.actions import persons
from teduh.people.models import (
    Account,
    ClassGroup,
    ClassMembership,
    PasswordReset,
    Person,
    RoleGrant,
)
from teduh.people.told import told

#: What stands where the name stood.
ERASED_NAME = "Data dihapus"
#: Sealed rows of every room name by one of these whom they are about.
ABOUT = ("person", "subject")


@transaction.atomic
def erase_person(*, person: Person, by: Actor, at: datetime) -> bool:
    """Erase a person and return whether anything was left to erase; doing it again changes nothing.

    Rows stay, without name and without content, so that figures and audit chains hold. It is complete again after
    a restore that brought the name back, too: the key is then destroyed by the ledger, the name by this.
    """
    held = Person.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person.pk)
    # Roles first: what they opened must close while its words can still be read.
    for grant in RoleGrant.objects.select_related("person", "organisation").filter(
        person=held, ends_at__isnull=True
    ):
        persons.end_role(grant=grant, by=by, at=at)
    hooks.person_erased.announce(held, by, at)
    on = timezone.localdate(at)
    ClassMembership.objects.filter(person=held, ends_on__isnull=True).update(ends_on=on)
    ClassGroup.objects.filter(homeroom_teacher=held).update(homeroom_teacher=None)
    PasswordReset.objects.filter(person=held, confirmed_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=at
    )
    changed = _close_account(held)
    keys = list(_keys_about(held))
    for key in keys:
        keyring.destroy(key, at=at)
    neutral = {
        "full_name": ERASED_NAME,
        "nickname": "",
        "nisn": "",
        "nipd": "",
        "sex": "",
        "birth_date": None,
    }
    named = any(getattr(held, field) != value for field, value in neutral.items())
    if not (changed or keys or named):
        return False
    Person.objects.filter(pk=held.pk).update(**neutral, left_on=held.left_on or on)
    audit.record(
        told(by, "people.person.erase", held, subject=held, scope=held.organisation, keys=len(keys)), at=at
    )
    return True


def _close_account(person: Person) -> bool:
    """Make the account nobody's: no name, no address, no password, so that no session holds either."""
    account = Account.objects.filter(person=person).first()
    username = f"erased-{person.public_id.hex}"
    if account is None or account.username == username:
        return False
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    account.username, account.email, account.is_active = username, "", False
    account.set_unusable_password()
    account.save(update_fields=["username", "email", "is_active", "password"])
    return True


def _keys_about(person: Person) -> list[DataKey]:
    """Return the living keys under which something about the person is sealed: their own, and those of conversations
    and requests that are about them. Never the own key of somebody else.
    """
    ids = {person.data_key_id}
    for model in apps.get_models():
        if not issubclass(model, SealedModel):
            continue
        for field in model._meta.get_fields():
            if field.name in ABOUT and field.related_model is Person:
                rows = model._default_manager.filter(**{field.name: person})
                ids.update(rows.values_list("sealing_key_id", flat=True))
    others = Person.objects.filter(data_key_id__in=ids).exclude(pk=person.pk)
    ids -= set(others.values_list("data_key_id", flat=True))
    return list(DataKey.objects.filter(pk__in=ids, wrapped__isnull=False).order_by("pk"))
