"""Ages, and from which one somebody consents for themself (dated data, since the law decides it)."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from teduh.kernel.data import DataInvalid, read_data_file
from teduh.people.models import Person


@lru_cache(maxsize=1)
def adult_age() -> int:
    """Return the age from which somebody is an adult.

    Raises DataInvalid where the data file does not say it.
    """
    age = read_data_file(Path(__file__).parent / "data" / "consent.toml").values.get("adult_age")
    if not isinstance(age, int):
        raise DataInvalid("consent.toml: adult_age must be a whole number")
    return age


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(person: Person, at: datetime) -> bool:
    """Tell whether somebody is under age on the local day; who has no known birthday counts as under age."""
    if person.birth_date is None:
        return True
    return age_on(person.birth_date, timezone.localtime(at).date()) < adult_age()
