"""Why an episode ends: a dated list."""

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext

from teduh.kernel.data import DataInvalid, read_data_file


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    file = read_data_file(Path(__file__).parent / "data" / "closure_reasons.toml")
    reasons = file.values.get("reasons")
    if not isinstance(reasons, dict) or not reasons:
        raise DataInvalid("closure_reasons.toml: [reasons] is missing")
    return {str(code): str(label) for code, label in reasons.items()}


def closing_reasons() -> dict[str, str]:
    """Return codes and labels in the reader's language."""
    return {code: gettext(label) for code, label in _codes().items()}
