"""Append to the chain, in the transaction of what it tells."""

import hashlib
import hmac
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection, transaction

from teduh.kernel.audit.anchor import anchor_head
from teduh.kernel.models import AuditEntry, AuditHead
from teduh.kernel.prepared import Prepared
from teduh.kernel.rows import insert_rows
from teduh.kernel.sealing.keyring import audit_key


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is told: ids and codes only; `subject` is the person it is about, `scope` the organisation's chain."""

    scope: uuid.UUID
    verb: str
    actor: uuid.UUID | None
    actor_role: str
    subject: uuid.UUID | None = None
    object_type: str = ""
    object_id: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


def mac_of(row: AuditEntry, previous: bytes) -> bytes:
    """Return the HMAC-SHA256 of an entry chained to its predecessor's."""
    told = json.dumps(
        [
            row.scope.hex,
            row.seq,
            row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.actor.hex if row.actor else None,
            row.actor_role,
            row.verb,
            row.subject.hex if row.subject else None,
            row.object_type,
            row.object_id,
            row.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(audit_key(), previous + told.encode(), hashlib.sha256).digest()


def record(*entries: Entry, at: datetime) -> None:
    """Append entries; must be called inside the transaction of the read or write that they tell.

    Raises RuntimeError outside a transaction: an audit row that could be left without its deed is worthless.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must run inside the transaction of what it records")
    by_scope: dict[uuid.UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_scope[entry.scope].append(entry)
    # Sorted, so that two transactions that touch the same chains lock them in the same order.
    for scope in sorted(by_scope):
        _append(scope, by_scope[scope], at)


_HEAD = Prepared(lambda scope: AuditHead.objects.select_for_update().filter(pk=scope), scope=uuid.UUID)


def hold(scope: uuid.UUID) -> AuditHead:
    """Take a chain's lock now and return its head; an action that needs further locks takes this one first.

    Every write ends at this lock, so whoever took another one before it could wait for somebody who waits for them.
    """
    found: list[AuditHead] = _HEAD.instances(scope=scope)
    if not found:
        AuditHead.objects.get_or_create(pk=scope)
        found = _HEAD.instances(scope=scope)
    return found[0]


def _append(scope: uuid.UUID, entries: list[Entry], at: datetime) -> None:
    head = hold(scope)
    seq, mac = head.seq, bytes(head.mac)
    rows = []
    for entry in entries:
        seq += 1
        row = AuditEntry(
            scope=scope,
            seq=seq,
            at=at,
            actor=entry.actor,
            actor_role=entry.actor_role,
            verb=entry.verb,
            subject=entry.subject,
            object_type=entry.object_type,
            object_id=entry.object_id,
            detail=dict(entry.detail),
        )
        mac = row.mac = mac_of(row, mac)
        rows.append(row)
    if len(rows) == 1:
        rows[0].save(force_insert=True)
    else:
        insert_rows(rows)
    AuditHead.objects.filter(pk=scope).update(seq=seq, mac=mac)
    # Robust: an anchor that cannot be written is logged, and must not keep back what else waits for the commit.
    transaction.on_commit(lambda: anchor_head(scope, seq, mac), robust=True)
