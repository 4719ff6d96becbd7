"""Tables of the people room."""

from teduh.people.models.account import Account, LoginDelay
from teduh.people.models.consent import Consent
from teduh.people.models.imports import StudentImport
from teduh.people.models.organisation import ClassGroup, ClassMembership, Organisation
from teduh.people.models.person import Exclusion, Guardianship, Person, RoleGrant
from teduh.people.models.reset import PasswordReset

__all__ = [
    "Account",
    "ClassGroup",
    "ClassMembership",
    "Consent",
    "Exclusion",
    "Guardianship",
    "LoginDelay",
    "Organisation",
    "PasswordReset",
    "Person",
    "RoleGrant",
    "StudentImport",
]
