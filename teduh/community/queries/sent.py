"""What became of the requests that somebody sent about a student: a word, never content, never a level."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from teduh.care.models import Episode, HelpRequest
from teduh.care.states import Door, EpisodeState, RequestState
from teduh.people.access import Actor

#: How many requests a home shows.
SHOWN = 10


class Handled(StrEnum):
    """All that a sender learns."""

    RECEIVED = "received"
    IN_HANDS = "in_hands"
    CLOSED = "closed"


HANDLED_WORDS: dict[Handled, str | Promise] = {
    Handled.RECEIVED: pgettext_lazy("handled", "Received"),
    Handled.IN_HANDS: pgettext_lazy("handled", "Being handled"),
    Handled.CLOSED: pgettext_lazy("handled", "Closed"),
}
HANDLED_TONES = {Handled.RECEIVED: "info", Handled.IN_HANDS: "ok", Handled.CLOSED: "muted"}


@dataclass(frozen=True)
class SentLine:
    """One request of the reader's own."""

    person: str
    sent_at: datetime
    handled: Handled
    words: str | Promise
    tone: str


def sent_requests(actor: Actor, door: Door, *, about: "list[int] | None" = None) -> tuple[SentLine, ...]:
    """Return the own requests through a door, newest first; with `about`, about these persons only."""
    under_way = Episode.objects.filter(help_request=OuterRef("pk"), state=EpisodeState.ACTIVE)
    rows = (
        HelpRequest.objects.visible_to(actor)
        .filter(sent_by_id=actor.person_id, door=door, person__isnull=False)
        .annotate(under_way=Exists(under_way))
        .select_related("person")
        .defer("text", "about", "answers", "reply")
        .order_by("-sent_at", "-pk")
    )
    if about is not None:
        rows = rows.filter(person_id__in=about)
    return tuple(_line(row, bool(cast(Any, row).under_way)) for row in rows[:SHOWN])


def _line(row: HelpRequest, under_way: bool) -> SentLine:
    state = RequestState(row.state)
    if state in (RequestState.RECEIVED, RequestState.ROUTED):
        handled = Handled.RECEIVED
    elif state == RequestState.TAKEN and under_way:
        handled = Handled.IN_HANDS
    else:
        handled = Handled.CLOSED
    return SentLine(
        person=row.person.full_name if row.person else "",
        sent_at=row.sent_at,
        handled=handled,
        words=HANDLED_WORDS[handled],
        tone=HANDLED_TONES[handled],
    )
