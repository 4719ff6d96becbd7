"""Check the chains: every entry, every link, every number, and the anchored heads."""

import uuid
from dataclasses import dataclass

from teduh.kernel.audit.anchor import anchored_heads
from teduh.kernel.audit.write import mac_of
from teduh.kernel.models import AuditEntry, AuditHead


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: which chain, at which number, and what."""

    scope: uuid.UUID
    seq: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """How much was checked, and every fault found."""

    chains: int
    entries: int
    faults: tuple[Fault, ...]


def verify() -> Verdict:
    """Walk all chains in constant memory; finds an edit, a swap, a missing middle and a cut tail."""
    faults: list[Fault] = []
    ends: dict[uuid.UUID, tuple[int, bytes]] = {}
    anchors = anchored_heads()
    count = 0
    for row in AuditEntry.objects.order_by("scope", "seq").iterator(chunk_size=2000):
        count += 1
        seq, mac = ends.get(row.scope, (0, b""))
        stored = bytes(row.mac)
        if row.seq != seq + 1:
            faults.append(Fault(row.scope, row.seq, "missing entries before it"))
        elif mac_of(row, mac) != stored:
            faults.append(Fault(row.scope, row.seq, "changed entry"))
        anchor = anchors.get(row.scope)
        if anchor and anchor[0] == row.seq and anchor[1] != stored:
            faults.append(Fault(row.scope, row.seq, "differs from the anchor"))
        ends[row.scope] = (row.seq, stored)
    for head in AuditHead.objects.iterator():
        if head.seq and ends.get(head.scope, (0, b"")) != (head.seq, bytes(head.mac)):
            faults.append(Fault(head.scope, head.seq, "head differs from the last entry"))
    for scope, (seq, _mac) in anchors.items():
        if ends.get(scope, (0, b""))[0] < seq:
            faults.append(Fault(scope, seq, "tail is missing: the anchor knows a later entry"))
    return Verdict(len(ends), count, tuple(faults))
