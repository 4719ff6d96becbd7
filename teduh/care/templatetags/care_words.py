"""Words for durations on the spine's pages."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

register = template.Library()


@register.filter
def waited(minutes: int) -> str:
    """Return how long somebody waits, in as few letters as fit into a ring."""
    if minutes < 60:
        return pgettext("minutes, short", "%(n)sm") % {"n": minutes}
    if minutes < 48 * 60:
        return pgettext("hours, short", "%(n)sh") % {"n": minutes // 60}
    return pgettext("days, short", "%(n)sd") % {"n": minutes // 1440}


@register.filter
def waited_words(minutes: int) -> str:
    """Return the same in a sentence for screen readers."""
    if minutes < 60:
        return ngettext("waits %(n)s minute", "waits %(n)s minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("waits %(n)s hour", "waits %(n)s hours", hours) % {"n": hours}
    return _("waits %(n)s days") % {"n": hours // 24}
