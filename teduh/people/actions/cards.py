"""Class cards: the first password on paper, and the reset in person by two members of staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor, actor_of
from teduh.people.actions.passwords import initial_password
from teduh.people.models import Account, ClassGroup, PasswordReset, Person
from teduh.people.models.account import NEVER_OWN
from teduh.people.names import new_usernames
from teduh.people.policies import may_confirm_reset, may_print_cards, may_start_reset
from teduh.people.states import STAFF_ROLES, Role
from teduh.people.told import told

#: How long the second person has to confirm a reset: the one it is about stands before them.
RESET_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Card:
    """One card as it is printed; without a password where the person has one of their own."""

    name: str
    username: str
    password: str | None


def issue_cards(*, class_group: ClassGroup, by: Actor, at: datetime) -> list[Card]:
    """Give every student of a class a card: open missing accounts, renew first passwords that were never
    replaced.

    Own passwords are not touched, nor those that a reset by two has just set: there one alone must not print
    another. Passwords leave this function on the cards and nowhere else; only hashes
    are kept.
    Raises NotVisible where the actor may not print the cards of this class.
    """
    if not may_print_cards(by, class_group.organisation_id, class_group.homeroom_teacher_id):
        raise NotVisible
    persons = list(
        Person.objects.filter(
            class_memberships__class_group=class_group,
            class_memberships__ends_on__isnull=True,
            left_on__isnull=True,
        )
        .not_excluding(by.person_id, at=at)
        .select_related("account")
        .order_by("full_name", "pk")
    )
    fresh = [person for person in persons if getattr(person, "account", None) is None]
    # Hashing takes a moment on purpose: it happens before the transaction, so that nobody waits for it.
    by_two = set(
        PasswordReset.objects.filter(person__in=persons, confirmed_at__isnull=False).values_list(
            "person_id", flat=True
        )
    )
    passwords = {
        person.pk: initial_password()
        for person in persons
        if person in fresh or (_never_own(person) and person.pk not in by_two)
    }
    hashes = {pk: make_password(password) for pk, password in passwords.items()}
    with transaction.atomic():
        usernames = new_usernames([person.full_name for person in fresh])
        accounts = Account.objects.bulk_create(
            [
                Account(person=person, username=username, password=hashes[person.pk], must_set_password=True)
                for person, username in zip(fresh, usernames, strict=True)
            ]
        )
        named = {account.person_id: account.username for account in accounts}
        for person in persons:
            if person.pk in named:
                continue
            named[person.pk] = person.account.username
            if person.pk in passwords and not _renew(person.account, hashes[person.pk]):
                # Set their own just now: theirs stays.
                del passwords[person.pk]
        audit.record(
            *(
                told(by, "people.card.issue", subject=person, scope=class_group.organisation)
                for person in persons
                if person.pk in passwords
            ),
            at=at,
        )
    return [Card(person.full_name, named[person.pk], passwords.get(person.pk)) for person in persons]


def _never_own(person: Person) -> bool:
    account = person.account
    return account.must_set_password or not account.has_usable_password()


def _renew(account: Account, password_hash: str) -> bool:
    return bool(
        Account.objects.filter(NEVER_OWN, pk=account.pk).update(
            password=password_hash, must_set_password=True
        )
    )


@transaction.atomic
def start_reset(*, person: Person, by: Actor, at: datetime) -> PasswordReset:
    """Begin a reset after seeing the person; another member of staff must confirm it within two hours.

    Asking again while one waits gives the same one. Raises NotVisible where the actor may not, Refused
    without account.
    """
    roles = _roles_of(person, at)
    if not may_start_reset(by, person.organisation_id, roles) or by.person_id in {None, person.pk}:
        raise NotVisible
    if not Account.objects.filter(person=person).exists():
        raise Refused("no_account", _("There is no account yet. Print the class cards first."))
    PasswordReset.objects.filter(
        person=person, confirmed_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=at
    ).update(withdrawn_at=at)
    waiting = PasswordReset.objects.open(at).filter(person=person).first()
    if waiting is not None:
        return waiting
    try:
        with transaction.atomic():
            reset = PasswordReset.objects.create(
                organisation_id=person.organisation_id,
                person=person,
                started_by_id=by.person_id,
                started_at=at,
                expires_at=at + RESET_LASTS,
            )
    except IntegrityError:
        return PasswordReset.objects.open(at).get(person=person)
    audit.record(
        told(by, "people.reset.start", reset, subject=person, scope=person.organisation.public_id), at=at
    )
    return reset


def confirm_reset(*, reset: PasswordReset, by: Actor, at: datetime) -> Card:
    """Be the second person: set a new first password, end every session, return the card to print.

    A lost second factor of staff is removed with it and set up anew at the next log-in.
    Raises Refused where the time is over or the first person tries, NotVisible where the actor may not.
    """
    person = Person.objects.select_related("organisation", "account").get(pk=reset.person_id)
    roles, starter = _roles_of(person, at), actor_of(reset.started_by, at=at)
    decision = may_confirm_reset(by, reset.organisation_id, roles, started_by=starter, person=person.pk)
    if decision.reason == "same_person":
        raise Refused(
            "same_person", _("A second member of staff must confirm. You began this reset yourself.")
        )
    if decision.reason == "no_anchor":
        raise Refused("no_anchor", _("One of the two must be a school counsellor or the principal."))
    if not decision or Person.objects.filter(pk=person.pk).not_excluding(by.person_id, at=at).first() is None:
        raise NotVisible
    password = initial_password()
    password_hash = make_password(password)
    with transaction.atomic():
        done = (
            PasswordReset.objects.open(at)
            .filter(pk=reset.pk)
            .update(confirmed_by_id=by.person_id, confirmed_at=at)
        )
        if not done:
            raise Refused("over", _("This reset is over. If it is still needed, begin a new one."))
        Account.objects.filter(person=person).update(password=password_hash, must_set_password=True)
        if roles & STAFF_ROLES:
            from allauth.mfa.models import Authenticator

            Authenticator.objects.filter(user=person.account).delete()
        audit.record(
            told(by, "people.reset.confirm", reset, subject=person, scope=person.organisation), at=at
        )
    return Card(person.full_name, person.account.username, password)


@transaction.atomic
def withdraw_reset(*, reset: PasswordReset, by: Actor, at: datetime) -> None:
    """Take back a reset that was begun by mistake; what is over already stays so."""
    if PasswordReset.objects.open(at).filter(pk=reset.pk).update(withdrawn_at=at):
        audit.record(
            told(by, "people.reset.withdraw", reset, subject=reset.person, scope=reset.organisation), at=at
        )


def _roles_of(person: Person, at: datetime) -> frozenset[Role]:
    return frozenset(grant.role for grant in actor_of(person, at=at).grants)
