"""What the person who answers sees: what waits, who reads it, and what happens after sending."""

import uuid
from dataclasses import dataclass
from datetime import date

from teduh.kernel import clock
from teduh.measures import hooks
from teduh.measures.engine import Instrument
from teduh.measures.hooks import Someone
from teduh.measures.models import Score, Sheet
from teduh.measures.shipped import shipped
from teduh.people.access import Actor

ITEMS_A_MINUTE = 5


@dataclass(frozen=True, slots=True)
class SheetToFill:
    """A sheet on its person's home page."""

    public_id: uuid.UUID
    title: str
    questions: int
    minutes: int
    due_on: date | None
    overdue: bool
    from_name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person sees after sending: thanks, and a human where an answer asks for one; never a score."""

    thanks_to: str
    from_name: str
    in_danger: bool
    alerted: tuple[Someone, ...]


def sheet_of(actor: Actor, public_id: uuid.UUID) -> Sheet | None:
    """Return the actor's own sheet, or None; nobody else fills in or even learns of it (one query)."""
    return (
        Sheet.objects.visible_to(actor)
        .select_related("person", "assigned_by", "organisation")
        .filter(public_id=public_id)
        .first()
    )


def sheets_to_fill(actor: Actor) -> tuple[SheetToFill, ...]:
    """List the actor's sheets that wait and can be filled in, the soonest due first (one query)."""
    found = []
    for sheet in Sheet.objects.to_fill_in_by(actor).select_related("assigned_by").order_by("assigned_at"):
        wording = shipped(sheet)
        if wording is not None:
            found.append(
                SheetToFill(
                    public_id=sheet.public_id,
                    title=for_the_person(wording),
                    questions=len(wording.items),
                    minutes=minutes_for(wording),
                    due_on=sheet.due_on,
                    overdue=overdue(sheet),
                    from_name=sheet.assigned_by.full_name,
                )
            )
    return tuple(sorted(found, key=lambda each: each.due_on or date.max))


def for_the_person(wording: Instrument) -> str:
    """Return the short name without that of an illness: others may look at the phone."""
    return wording.title.partition(":")[0]


def minutes_for(wording: Instrument) -> int:
    """Return roughly how many minutes an instrument takes, at least 2."""
    return max(2, round(len(wording.items) / ITEMS_A_MINUTE + 0.5))


def readers(sheet: Sheet) -> tuple[Someone, ...]:
    """Name who will read the result: the one who asked, and whoever the care team adds."""
    asked = sheet.assigned_by.full_name
    return (Someone(asked), *(each for each in hooks.readers_of.ask(sheet) if each.name != asked))


def outcome_of(sheet: Sheet) -> Outcome:
    """Tell what to say after a submission (one query, and that of the answerer where there is danger)."""
    flags = [flag for each in Score.objects.filter(sheet=sheet) for flag in each.flags]
    in_danger = any(flag.startswith("safety") for flag in flags)
    return Outcome(
        thanks_to=sheet.person.called,
        from_name=sheet.assigned_by.full_name,
        in_danger=in_danger,
        alerted=tuple(hooks.alerted_about.ask(sheet)) if in_danger else (),
    )


def overdue(sheet: Sheet) -> bool:
    """Tell whether the day is past by which the sheet was asked for."""
    return sheet.due_on is not None and sheet.due_on < clock.today()
