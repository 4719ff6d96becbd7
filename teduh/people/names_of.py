"""Codes as words of the user's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.people.states import Role, Safety

ROLE_NAMES = {
    Role.STUDENT: _("Student"),
    Role.PEER_SUPPORTER: _("Peer supporter"),
    Role.PEER_SUPERVISOR: _("Peer supervisor"),
    Role.COUNSELLOR: _("Counsellor"),
    Role.LEAD_COUNSELLOR: _("Lead counsellor"),
    Role.CASEWORKER: _("Psychosocial caseworker"),
    Role.GUARDIAN: _("Guardian"),
    Role.HOMEROOM_TEACHER: _("Homeroom teacher"),
    Role.TEACHER: _("Teacher"),
    Role.PRINCIPAL: _("Principal"),
    Role.DISTRICT_OFFICER: _("District officer"),
    Role.TECHNICAL_ADMIN: _("Technical administrator"),
}
SAFETY_NAMES = {
    Safety.UNKNOWN: pgettext_lazy("guardian", "Not judged yet"),
    Safety.SAFE: pgettext_lazy("guardian", "Safe to contact"),
    Safety.UNSAFE: pgettext_lazy("guardian", "Not safe"),
}
RELATIONSHIPS = {
    "father": _("Father"),
    "mother": _("Mother"),
    "stepfather": _("Stepfather"),
    "stepmother": _("Stepmother"),
    "guardian": pgettext_lazy("relationship", "Guardian (wali)"),
}
#: What an import may change, as words.
CHANGES = {
    "name": pgettext_lazy("student list", "Name"),
    "nisn": "NISN",
    "nipd": "NIPD",
    "sex": pgettext_lazy("student list", "Sex"),
    "birth_date": pgettext_lazy("student list", "Date of birth"),
    "class_name": pgettext_lazy("student list", "Class"),
    "returned": pgettext_lazy("student list", "Is back"),
    "father": _("Father"),
    "mother": _("Mother"),
    "guardian": pgettext_lazy("relationship", "Guardian (wali)"),
}
