"""The signing secret: given by the environment, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

#: Values that stand in examples; a production start refuses them.
KNOWN_DEFAULTS = frozenset({"change-me", "changeme", "secret", "django-insecure"})
#: Stands in when nothing is set, so that commands such as `init_school` can run; the start check refuses it.
MISSING = "missing-secret-set-TEDUH_SECRET_KEY"


def load_secret_key(given: str, file: Path, *, create: bool) -> str:
    """Return the secret from the environment, else from the file, else make one where `create` allows it."""
    if given:
        return given
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    if not create:
        return MISSING
    value = secrets.token_urlsafe(48)
    write_private(file, value)
    return value


def write_private(file: Path, value: str) -> None:
    """Write a secret so that only the owner can read it, and never over an existing one.

    Raises FileExistsError where the file is there already.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(value + "\n")
