"""The homeroom teacher's home: the own class, and that what was sent is handled."""

from dataclasses import dataclass

from teduh.care.states import Door
from teduh.community.policies import classes_of, students_of
from teduh.community.queries.sent import SentLine, sent_requests
from teduh.people.access import Actor
from teduh.people.models import Person


@dataclass(frozen=True)
class HomeroomHome:
    """What the home of a homeroom teacher shows; nothing about care but a word about the own requests."""

    classes: tuple[str, ...]
    students: tuple[str, ...]
    sent: tuple[SentLine, ...]


def homeroom_home(actor: Actor) -> HomeroomHome:
    """Return the home of a homeroom teacher with three queries."""
    groups = classes_of(actor)
    return HomeroomHome(
        classes=tuple(group.name for group in groups),
        students=tuple(students_of(actor, groups).values_list("full_name", flat=True)),
        sent=sent_requests(actor, Door.TEACHER),
    )


def student_choices(actor: Actor) -> dict[str, Person]:
    """Return the students of the own class by public id, for a form."""
    return {str(person.public_id): person for person in students_of(actor, classes_of(actor))}
