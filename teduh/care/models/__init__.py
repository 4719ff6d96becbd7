"""Tables of the spine."""

from teduh.care.models.alert import Alert, AlertEvent
from teduh.care.models.episode import CareTeamMember, Contact, Episode, FollowUp, Goal, GoalRating
from teduh.care.models.referral import Referral, ReferralEvent
from teduh.care.models.request import HelpRequest

__all__ = [
    "Alert",
    "AlertEvent",
    "CareTeamMember",
    "Contact",
    "Episode",
    "FollowUp",
    "Goal",
    "GoalRating",
    "HelpRequest",
    "Referral",
    "ReferralEvent",
]
