"""What the pages of guardians and homeroom teachers need, as dataclasses."""

from teduh.community.queries.guardian import GuardianHome, find_ward, guardian_home, ward_choices
from teduh.community.queries.homeroom import HomeroomHome, homeroom_home, student_choices
from teduh.community.queries.sharing import Sharing, sharing_of

__all__ = [
    "GuardianHome",
    "HomeroomHome",
    "Sharing",
    "find_ward",
    "guardian_home",
    "homeroom_home",
    "sharing_of",
    "student_choices",
    "ward_choices",
]
