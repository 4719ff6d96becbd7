"""The anchor: the head of each chain, appended to a file outside the database, so that a cut tail shows."""

import os
import uuid

from django.conf import settings

#: Beyond this size the file is rewritten with the newest line of each chain only.
COMPACT_BYTES = 4 * 1024 * 1024


def anchor_head(scope: uuid.UUID, seq: int, mac: bytes) -> None:
    """Append a chain's head; one short write to a file opened for appending, so processes do not mix lines."""
    file = settings.AUDIT_ANCHOR_FILE
    line = f"{scope.hex} {seq} {mac.hex()}\n".encode("ascii")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def anchored_heads() -> dict[uuid.UUID, tuple[int, bytes]]:
    """Return the highest anchored sequence number and HMAC of each chain; a torn last line is passed over."""
    heads: dict[uuid.UUID, tuple[int, bytes]] = {}
    file = settings.AUDIT_ANCHOR_FILE
    if not file.exists():
        return heads
    with file.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            parts = line.split()
            if len(parts) != 3 or not line.endswith("\n"):
                continue
            scope, seq = uuid.UUID(parts[0]), int(parts[1])
            if seq >= heads.get(scope, (0, b""))[0]:
                heads[scope] = (seq, bytes.fromhex(parts[2]))
    return heads


def compact_anchor() -> None:
    """Rewrite the anchor file with the newest line of each chain, when it has grown large.

    Only while nothing is served: a line appended between reading and replacing would be lost.
    """
    file = settings.AUDIT_ANCHOR_FILE
    if not file.exists() or file.stat().st_size < COMPACT_BYTES:
        return
    heads = anchored_heads()
    fresh = file.with_suffix(".new")
    fresh.write_text("".join(f"{s.hex} {n} {m.hex()}\n" for s, (n, m) in heads.items()), encoding="ascii")
    fresh.replace(file)
