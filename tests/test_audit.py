"""The audit chain finds an edit, a swap, a missing middle and a cut tail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from teduh.kernel import audit, clock
from teduh.kernel.audit.verify import verify
from teduh.kernel.models import AuditEntry
from teduh.people.told import SYSTEM_SCOPE

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int = 6) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record(
                audit.Entry(
                    scope=SYSTEM_SCOPE,
                    verb="test.thing.write",
                    actor=None,
                    actor_role="system",
                    detail={"n": number},
                ),
                at=clock.now(),
            )


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_untouched_chain_holds() -> None:
    write()
    verdict = verify()
    assert verdict.entries == 6
    assert not verdict.faults


def edit() -> None:
    run("UPDATE kernel_auditentry SET verb = 'test.thing.read' WHERE seq = 3")


def swap() -> None:
    run("UPDATE kernel_auditentry SET seq = 99 WHERE seq = 3")
    run("UPDATE kernel_auditentry SET seq = 3 WHERE seq = 4")
    run("UPDATE kernel_auditentry SET seq = 4 WHERE seq = 99")


def cut_middle() -> None:
    run("DELETE FROM kernel_auditentry WHERE seq = 3")


def cut_tail() -> None:
    run("DELETE FROM kernel_auditentry WHERE seq > 4")


def cut_tail_and_set_the_head_back() -> None:
    row = AuditEntry.objects.get(seq=4)
    cut_tail()
    from teduh.kernel.models import AuditHead

    AuditHead.objects.update(seq=4, mac=row.mac)


@pytest.mark.parametrize("tamper", [edit, swap, cut_middle, cut_tail, cut_tail_and_set_the_head_back])
def test_tampering_shows(tamper: Callable[[], None]) -> None:
    write()
    tamper()
    assert verify().faults


def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        audit.record(audit.Entry(scope=SYSTEM_SCOPE, verb="x", actor=None, actor_role=""), at=clock.now())


def test_if_the_audit_fails_the_write_fails(monkeypatch: Any) -> None:
    def broken(*args: Any) -> bytes:
        raise OSError

    monkeypatch.setattr("teduh.kernel.audit.write.mac_of", broken)
    from teduh.people.access import system_actor
    from teduh.people.actions.persons import found_organisation
    from teduh.people.models import Organisation
    from teduh.people.states import OrganisationKind

    with pytest.raises(OSError):
        found_organisation(
            kind=OrganisationKind.SCHOOL, code="X", name="X", by=system_actor(), at=clock.now()
        )
    assert not Organisation.objects.exists()


def test_a_new_root_key_leaves_the_chains_whole(settings: Any) -> None:
    import base64
    import os

    from teduh.kernel.sealing import keyring

    write()
    settings.PREVIOUS_ROOT_KEY, settings.ROOT_KEY = (
        settings.ROOT_KEY,
        base64.urlsafe_b64encode(os.urandom(32)).decode(),
    )
    keyring.forget_audit_key()
    keyring.rewrap_root()
    settings.PREVIOUS_ROOT_KEY = ""
    keyring.forget_audit_key()
    write(2)
    verdict = verify()
    assert verdict.entries == 8
    assert not verdict.faults
