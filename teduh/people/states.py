"""Words of the people room that are fixed: kinds, roles, states. No Django here."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is in the tree."""

    DISTRICT = "district"
    SCHOOL = "school"
    CAMPUS = "campus"
    COMMUNITY_POST = "community_post"
    PROVIDER = "provider"


class Role(StrEnum):
    """What a person does in an organisation, from a day until a day."""

    STUDENT = "student"
    PEER_SUPPORTER = "peer_supporter"
    PEER_SUPERVISOR = "peer_supervisor"
    COUNSELLOR = "counsellor"
    LEAD_COUNSELLOR = "lead_counsellor"
    CASEWORKER = "caseworker"
    GUARDIAN = "guardian"
    HOMEROOM_TEACHER = "homeroom_teacher"
    TEACHER = "teacher"
    PRINCIPAL = "principal"
    DISTRICT_OFFICER = "district_officer"
    TECHNICAL_ADMIN = "technical_admin"


#: Roles whose log-in needs a second factor: they open or steer what belongs to others.
STAFF_ROLES = frozenset(
    {
        Role.PEER_SUPERVISOR,
        Role.COUNSELLOR,
        Role.LEAD_COUNSELLOR,
        Role.CASEWORKER,
        Role.HOMEROOM_TEACHER,
        Role.TEACHER,
        Role.PRINCIPAL,
        Role.DISTRICT_OFFICER,
        Role.TECHNICAL_ADMIN,
    }
)


#: Roles that bring others' words within reach. Technical administrators neither hold nor give them.
CARE_ROLES = frozenset(
    {
        Role.PEER_SUPPORTER,
        Role.PEER_SUPERVISOR,
        Role.COUNSELLOR,
        Role.LEAD_COUNSELLOR,
        Role.CASEWORKER,
    }
)
#: Given and ended by the lead counsellor only. The principal is among them, for who confirms the reset of a
#: counsellor's password must not be somebody whom the administrator has made up.
GIVEN_BY_LEAD = CARE_ROLES | {Role.PRINCIPAL}
#: Of the two who reset a password one holds one of these, and does not run the technology as well: otherwise
#: an administrator could register two teachers who do not exist and walk into anybody's account.
RESET_ANCHORS = frozenset({Role.LEAD_COUNSELLOR, Role.COUNSELLOR, Role.PRINCIPAL})
#: Who may bring in the student list of a school.
IMPORT_ROLES = (Role.TECHNICAL_ADMIN, Role.LEAD_COUNSELLOR, Role.COUNSELLOR)
#: Who sees every class of a school; a homeroom teacher sees their own.
CLASS_ROLES = (Role.TECHNICAL_ADMIN, Role.LEAD_COUNSELLOR, Role.COUNSELLOR)
#: Who may begin a password reset after seeing the person, and who may be the second to confirm it.
RESET_START_ROLES = (Role.LEAD_COUNSELLOR, Role.COUNSELLOR, Role.HOMEROOM_TEACHER, Role.TECHNICAL_ADMIN)
RESET_CONFIRM_ROLES = (
    Role.LEAD_COUNSELLOR,
    Role.COUNSELLOR,
    Role.HOMEROOM_TEACHER,
    Role.TEACHER,
    Role.PRINCIPAL,
    Role.TECHNICAL_ADMIN,
)
#: Who says which guardian is safe and who is shut out.
SAFETY_ROLES = (Role.LEAD_COUNSELLOR, Role.COUNSELLOR)
#: Who opens the page of roles.
ROLES_ROLES = (Role.TECHNICAL_ADMIN, Role.LEAD_COUNSELLOR)


class Safety(StrEnum):
    """Whether contact with a guardian is safe for the child; unknown counts as not cleared."""

    UNKNOWN = "unknown"
    SAFE = "safe"
    UNSAFE = "unsafe"


class CapacityBasis(StrEnum):
    """On what ground a consent counts."""

    SELF_ADULT = "self_adult"
    SELF_MATURE_MINOR = "self_mature_minor"
    GUARDIAN = "guardian"


class ConsentPurpose(StrEnum):
    """What a consent is for; one row a purpose, never a bundle."""

    REFERRAL = "referral"
    PEER_TRAINING = "peer_training"
    SCREENING = "screening"
    SHARE_WITH_GUARDIAN = "share_with_guardian"


class ConsentAnswer(StrEnum):
    """What the giver said; a later row about the same thing withdraws or renews an earlier one."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
