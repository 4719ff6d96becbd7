"""The clocks of the spine, from dated data."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from teduh.kernel.data import DataInvalid, read_data_file


@dataclass(frozen=True)
class Clocks:
    """How long each thing may wait for a human."""

    request: dict[str, timedelta]
    alert: dict[str, timedelta]
    climb: dict[str, timedelta]
    referral: dict[str, timedelta]
    unconfirmed: bool


@lru_cache(maxsize=1)
def clocks() -> Clocks:
    """Return the clocks.

    Raises DataInvalid where a table is missing.
    """
    file = read_data_file(Path(__file__).parent / "data" / "clocks.toml")

    def table(name: str) -> dict[str, timedelta]:
        values = file.values.get(name)
        if not isinstance(values, dict):
            raise DataInvalid(f"clocks.toml: [{name}] is missing")
        return {key: timedelta(minutes=minutes) for key, minutes in values.items()}

    return Clocks(
        table("request_minutes"),
        table("alert_minutes"),
        table("climb_minutes"),
        table("referral_minutes"),
        file.unconfirmed,
    )
