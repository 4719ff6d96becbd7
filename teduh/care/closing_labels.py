"""The labels of closing reasons, named here once so that they reach the message catalogues."""

from django.utils.translation import gettext_noop as _

LABELS = (
    _("Goals met"),
    _("Handed over to another service"),
    _("Moved within the country"),
    _("Moved abroad"),
    _("The person did not want to go on"),
    _("Not the right service"),
    _("No longer needed"),
    _("Cannot be found"),
    _("Died"),
    _("No resources"),
    _("Another reason"),
)
