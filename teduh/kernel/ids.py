"""Public identifiers."""

import os
import uuid


def new_public_id() -> uuid.UUID:
    """Return 128 random bits as a UUID: what stands in a URL must not be guessable or countable."""
    return uuid.UUID(bytes=os.urandom(16))
