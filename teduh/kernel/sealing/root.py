"""The root key: outside the database, from the environment or a private file."""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from teduh.kernel.sealing.box import KEY_BYTES, new_key


class RootKeyMissing(RuntimeError):
    """There is no root key, or it is malformed: without it no sealed text opens, so nothing may start."""


def _decode(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError) as error:
        raise RootKeyMissing("the root key is not base64") from error
    if len(key) != KEY_BYTES:
        raise RootKeyMissing(f"the root key must be {KEY_BYTES} bytes")
    return key


def root_key() -> bytes:
    """Return the root key.

    Raises RootKeyMissing where neither the environment nor the key file has one.
    """
    return _load(settings.ROOT_KEY, str(settings.ROOT_KEY_FILE))


@lru_cache(maxsize=4)
def _load(given: str, file: str) -> bytes:
    if given:
        return _decode(given)
    try:
        with open(file, encoding="ascii") as handle:
            return _decode(handle.read())
    except FileNotFoundError as error:
        raise RootKeyMissing("no root key: set TEDUH_ROOT_KEY or run `manage.py make_root_key`") from error


def previous_root_key() -> bytes | None:
    """Return the root key that is being replaced, where a rotation is under way."""
    return _decode(settings.PREVIOUS_ROOT_KEY) if settings.PREVIOUS_ROOT_KEY else None


def make_root_key() -> bool:
    """Make the key file where neither it nor the environment has a key; True if one was made."""
    if settings.ROOT_KEY or settings.ROOT_KEY_FILE.exists():
        return False
    settings.ROOT_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.ROOT_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(base64.urlsafe_b64encode(new_key()).decode("ascii") + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    _load.cache_clear()
    return True


def fingerprint(key: bytes) -> str:
    """Return a short name of a root key that tells nothing about it."""
    return derive(key, b"fingerprint")[:8].hex()


def derive(key: bytes, purpose: bytes) -> bytes:
    """Return a 256-bit key for one purpose (HKDF-SHA256), so that no key serves two."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"teduh/" + purpose).derive(key)


@lru_cache(maxsize=32)
def _purpose_key(root: bytes, purpose: bytes) -> bytes:
    return derive(root, purpose)


def purpose_key(purpose: bytes) -> bytes:
    """Return the root's key for one purpose."""
    return _purpose_key(root_key(), purpose)
