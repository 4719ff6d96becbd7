"""What the detector reports: one finding a danger, with the words that show it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon a person must look: ``urgent`` the same day, ``concern`` in the ordinary round."""

    URGENT = "urgent"
    CONCERN = "concern"

    @property
    def rank(self) -> int:
        """Sort key with the gravest first."""
        return 0 if self is Severity.URGENT else 1


class Category(StrEnum):
    """What kind of danger the words speak of."""

    SUICIDE_SELF_HARM = "suicide_self_harm"
    VIOLENCE_ABUSE = "violence_abuse"
    DANGER_TO_OTHERS = "danger_to_others"
    ACUTE_CRISIS = "acute_crisis"


class Person(StrEnum):
    """Whom the danger concerns: the writer, somebody else, or nobody the words name."""

    FIRST = "first"
    THIRD = "third"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One danger in a text; ``span`` counts characters of the text exactly as it was written."""

    severity: Severity
    category: Category
    span: tuple[int, int]
    evidence: str
    person: Person
    rule: str
