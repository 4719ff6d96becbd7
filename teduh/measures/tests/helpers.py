"""Short ways to a sheet for the tests of this room."""

import uuid
from datetime import date, datetime
from typing import Any

from teduh.kernel import clock
from teduh.measures import actions
from teduh.measures.models import Sheet

CALM = (1, 0, 2, 1, 0, 1, 0, 1, 0)
"""A PHQ-9 sheet without danger: total 6, mild."""
IN_DANGER = (2, 2, 2, 2, 1, 1, 2, 0, 1)
"""A PHQ-9 sheet with item 9 above 0: total 13, moderate."""


def assign(
    cast: Any,
    *,
    to: str = "ayu",
    by: str = "citra",
    instrument: str = "phq-9",
    matter: uuid.UUID | None = None,
    at: datetime | None = None,
    client_id: uuid.UUID | None = None,
    due_on: date | None = None,
    language: str = "id",
) -> Sheet:
    """Assign a sheet as a member of the cast."""
    return actions.assign_sheet(
        person=cast.persons[to],
        instrument=instrument,
        matter=matter,
        by=cast.actor(by),
        at=at or clock.now(),
        client_id=client_id or uuid.uuid4(),
        due_on=due_on,
        language=language,
    )


def submit(
    cast: Any, sheet: Sheet, answers: tuple[int | None, ...] = CALM, at: datetime | None = None
) -> Sheet:
    """Submit a sheet as its person."""
    name = next(key for key, person in cast.persons.items() if person.pk == sheet.person_id)
    return actions.submit_sheet(sheet=sheet, answers=answers, by=cast.actor(name), at=at or clock.now())


def posted(answers: tuple[int | None, ...], *, skip_safety: bool = False, **more: str) -> dict[str, str]:
    """Return what a browser posts for these answers of the PHQ-9."""
    data = {f"item_{n}": str(answer) for n, answer in enumerate(answers, start=1) if answer is not None}
    if skip_safety:
        data["item_9"] = "skip"
    return data | more
