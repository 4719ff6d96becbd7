"""Words for the codes of peer support, in the reader's language."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from teduh.peers.matching import Bar, Reason
from teduh.peers.states import OfferState

#: For supervisors: why a supporter was not asked.
BARS: dict[Bar, str | Promise] = {
    Bar.SELF: gettext_lazy("is the one who asks"),
    Bar.EXCLUSION: gettext_lazy("must be kept apart from them"),
    Bar.OTHER_ORGANISATION: gettext_lazy("belongs to another school"),
    Bar.INACTIVE: gettext_lazy("is not active now"),
    Bar.NO_SUPERVISOR: gettext_lazy("the supervisor must be kept apart"),
    Bar.ASKED_BEFORE: gettext_lazy("was asked already"),
    Bar.SAME_CLASS: gettext_lazy("is in the same class"),
    Bar.OTHER_SEX: gettext_lazy("someone of the same sex is wished for"),
    Bar.LANGUAGE: gettext_lazy("shares no language"),
    Bar.UNAVAILABLE: gettext_lazy("takes no offers now"),
    Bar.RESTING: gettext_lazy("is resting"),
    Bar.FULL: gettext_lazy("has no free place"),
}

OFFER_STATES: dict[OfferState, str | Promise] = {
    OfferState.OFFERED: pgettext_lazy("offer", "Waits for an answer"),
    OfferState.ACCEPTED: pgettext_lazy("offer", "Accepted"),
    OfferState.DECLINED: pgettext_lazy("offer", "Declined"),
    OfferState.EXPIRED: pgettext_lazy("offer", "Ran out"),
    OfferState.WITHDRAWN: pgettext_lazy("offer", "No longer needed"),
}


def reason_for_supporter(code: str, value: int) -> str:
    """Say to the supporter why they were asked."""
    return {
        Reason.TOPIC: lambda: _("You chose this topic."),
        Reason.BEFORE: lambda: _("You two have talked before."),
        Reason.LANGUAGE: lambda: _("You share a language."),
        Reason.ROOM: lambda: (
            ngettext("You have %(n)d free place.", "You have %(n)d free places.", value) % {"n": value}
        ),
        Reason.WAITED: lambda: _("It has been a while since your last conversation."),
    }[Reason(code)]()


def reason_for_supervisor(code: str, value: int) -> str:
    """Say to the supervisor what speaks for a supporter."""
    return {
        Reason.TOPIC: lambda: _("knows the topic"),
        Reason.BEFORE: lambda: _("helped before"),
        Reason.LANGUAGE: lambda: _("same language"),
        Reason.ROOM: lambda: ngettext("%(n)d free place", "%(n)d free places", value) % {"n": value},
        Reason.WAITED: lambda: (
            ngettext("%(n)d day without a conversation", "%(n)d days without a conversation", value)
            % {"n": value}
        ),
    }[Reason(code)]()


def waited_words(since: datetime, at: datetime) -> str:
    """Say how long somebody has waited, in the largest unit that fits."""
    minutes = max(0, int((at - since) / timedelta(minutes=1)))
    if minutes == 0:
        return pgettext("waiting for", "a moment")
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}


def waited_short(since: datetime, at: datetime) -> str:
    """Say the same in two or three signs, for the ring."""
    minutes = max(0, int((at - since) / timedelta(minutes=1)))
    if minutes < 60:
        return _("%(n)dm") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)dh") % {"n": minutes // 60}
    return _("%(n)dd") % {"n": minutes // 1440}
