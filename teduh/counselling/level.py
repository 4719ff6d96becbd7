"""Counselling as a level of care, and the words for its fields and activities."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care.levels import Level
from teduh.care.states import LevelKey
from teduh.counselling.states import Activity, ClosingCheck, Field
from teduh.people.states import Role

#: Who offers times, opens episodes and writes sessions here.
COUNSELLORS = (Role.COUNSELLOR, Role.LEAD_COUNSELLOR)

FIELDS: Mapping[Field, Promise] = {
    Field.PERSONAL: pgettext_lazy("field of guidance", "Personal"),
    Field.SOCIAL: pgettext_lazy("field of guidance", "Social"),
    Field.LEARNING: pgettext_lazy("field of guidance", "Learning"),
    Field.CAREER: pgettext_lazy("field of guidance", "Career"),
}
FIELD_ICONS: Mapping[Field, str] = {
    Field.PERSONAL: "sprout",
    Field.SOCIAL: "users-round",
    Field.LEARNING: "book-open",
    Field.CAREER: "compass",
}

ACTIVITIES: Mapping[Activity, Promise] = {
    Activity.INDIVIDUAL_COUNSELLING: _("Individual counselling"),
    Activity.GROUP_COUNSELLING: _("Group counselling"),
    Activity.GROUP_GUIDANCE: _("Group guidance"),
    Activity.CONSULTATION: _("Consultation"),
    Activity.HOME_VISIT: _("Home visit"),
    Activity.CASE_CONFERENCE: _("Case conference"),
    Activity.MEDIATION: _("Mediation"),
    Activity.COLLABORATION: _("Collaboration"),
    Activity.ADVOCACY: _("Advocacy"),
    Activity.PHONE_OR_CHAT: _("Phone or chat"),
}

CLOSING_CHECKS: Mapping[ClosingCheck, Promise] = {
    ClosingCheck.TOLD: _("The student knows that counselling ends, and agrees."),
    ClosingCheck.KNOWS_WHOM: _("The student knows whom to turn to."),
    ClosingCheck.GOALS_REVIEWED: _("The goals were looked at together."),
    ClosingCheck.AFTERCARE_AGREED: _("A day to look again is agreed."),
}

LEVEL = Level(
    key=LevelKey.COUNSELLING,
    label=pgettext_lazy("level of care", "Guidance counselling"),
    led_by=COUNSELLORS,
    activities={code.value: label for code, label in ACTIVITIES.items()},
    closing_checks={code.value: label for code, label in CLOSING_CHECKS.items()},
    needs_aftercare=True,
    quiet_days=21,
    pages=((_("Write a session"), "counselling:session", "notebook-pen"),),
)
