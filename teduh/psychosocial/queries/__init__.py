"""What the pages of case work need, as dataclasses."""

from teduh.psychosocial.queries.case import CasePage, case_page, find_case, find_follow_up, find_step
from teduh.psychosocial.queries.forms import (
    latest_assessment,
    look_by,
    owner_choices,
    plan_draft,
    plan_in_force,
)
from teduh.psychosocial.queries.home import CaseworkerHome, case_work, caseworker_home

__all__ = [
    "CasePage",
    "CaseworkerHome",
    "case_page",
    "case_work",
    "caseworker_home",
    "find_case",
    "find_follow_up",
    "find_step",
    "latest_assessment",
    "look_by",
    "owner_choices",
    "plan_draft",
    "plan_in_force",
]
