"""Every write of case work: keyword-only, `by`, `at`, atomic, with its audit row in the same transaction."""

from teduh.psychosocial.actions.assessments import assess
from teduh.psychosocial.actions.plans import add_step, drop_step, finish_step, make_plan
from teduh.psychosocial.actions.reviews import look_again

__all__ = ["add_step", "assess", "drop_step", "finish_step", "look_again", "make_plan"]
