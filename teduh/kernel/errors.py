"""What an action raises when it may not or cannot be done; pages and API map these in one place."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A rule forbids the action; `message` is for the person, `field` names the input it belongs to."""

    def __init__(self, code: str, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field


class Stale(Exception):
    """Someone else moved the thing first; the page must show the present state, nothing was written."""


class NotVisible(Exception):
    """The actor may not see the thing; shown exactly as what does not exist (404)."""


def other_words() -> Refused:
    """Return the refusal for a form whose id wrote other words before: a text must not vanish behind a "saved".

    The form shows it with a new id, so that pressing again keeps both.
    """
    return Refused(
        "form_used", _("This form was saved before with other words. Send it again to keep these as well.")
    )
