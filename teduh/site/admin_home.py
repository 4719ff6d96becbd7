"""What a technical administrator sees: how far accounts and safety are, never content."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from teduh.people.access import Actor
from teduh.people.models import Account, Person, RoleGrant
from teduh.people.states import STAFF_ROLES, Role


@dataclass(frozen=True)
class AdminHome:
    """Counts of one organisation."""

    people: int
    students: int
    waiting_for_first_login: int
    staff_without_second_factor: int


def admin_home(actor: Actor) -> AdminHome:
    """Count people, students, unopened accounts and staff without a second factor (four queries)."""
    here = actor.organisation_id or 0
    accounts = Account.objects.filter(person__organisation_id=here, is_active=True)
    staff = RoleGrant.objects.filter(organisation_id=here, role__in=STAFF_ROLES, ends_at__isnull=True)
    secured = Authenticator.objects.values("user_id")
    return AdminHome(
        Person.objects.filter(organisation_id=here, left_on__isnull=True).count(),
        RoleGrant.objects.filter(organisation_id=here, role=Role.STUDENT, ends_at__isnull=True).count(),
        accounts.filter(must_set_password=True).count(),
        accounts.filter(person_id__in=staff.values("person_id")).exclude(pk__in=secured).count(),
    )
