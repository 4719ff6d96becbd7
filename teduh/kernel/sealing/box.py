"""The cipher: AES-256-GCM with associated data, nothing else."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: First byte of every box; a later format gets another number.
FORMAT = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32


class SealBroken(Exception):
    """The box was made with another key, for another place, or was changed; never carries content."""


def new_key() -> bytes:
    """Return 256 random bits."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt `plain` so that it opens only with this key and at this place (associated data)."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, FORMAT + place)


def unseal(key: bytes, box: bytes, place: bytes) -> bytes:
    """Decrypt a box.

    Raises SealBroken for a wrong key, a wrong place, or any changed bit; cipher text is never returned as text.
    """
    if len(box) < 1 + NONCE_BYTES + TAG_BYTES or box[:1] != FORMAT:
        raise SealBroken("malformed box")
    try:
        return AESGCM(key).decrypt(box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :], FORMAT + place)
    except InvalidTag:
        raise SealBroken("box does not open") from None
