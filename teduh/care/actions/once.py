"""One form, one write: what a form's client-made id may and may not do."""

from django.utils.translation import gettext_lazy as _

from teduh.kernel.errors import Refused


def insist_same(same: bool) -> None:
    """Let a repeated form pass silently, and no other.

    Raises Refused where somebody else wrote first: a text must never vanish behind a success message.
    """
    if not same:
        raise Refused(
            "step_impossible", _("Somebody else was faster. Your text was not saved; the page shows why.")
        )
