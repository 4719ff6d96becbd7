"""A prepared query answers as the ORM would, for whoever asks and whenever."""

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from teduh.kernel import clock
from teduh.kernel.models import AuditEntry, DataKey
from teduh.kernel.prepared import Prepared
from teduh.people.models import RoleGrant

ENTRIES = Prepared(
    lambda actor, after: (
        AuditEntry.objects.filter(actor=actor, at__gt=after).order_by("pk").values_list("pk", "at")
    ),
    actor=uuid.UUID,
    after=datetime,
)


def entry(actor: uuid.UUID, at: datetime, seq: int) -> AuditEntry:
    return AuditEntry.objects.create(
        scope=uuid.UUID(int=1), seq=seq, at=at, actor=actor, actor_role="", verb="x.y.z", detail={}, mac=b""
    )


def test_it_answers_with_the_values_given_and_python_types(db: Any) -> None:
    now, one, other = clock.now(), uuid.uuid4(), uuid.uuid4()
    first, second = entry(one, now, 1), entry(one, now - timedelta(hours=2), 2)
    entry(other, now, 3)
    ago = now - timedelta(hours=1)
    assert [tuple(row) for row in ENTRIES.rows(actor=one, after=ago)] == [(first.pk, now)]
    day = now - timedelta(days=1)
    assert [row[0] for row in ENTRIES.rows(actor=one, after=day)] == [first.pk, second.pk]
    assert [row[0] for row in ENTRIES.rows(actor=uuid.uuid4(), after=day)] == []


def test_it_asks_the_database_once_each_time(db: Any, query_count: Any) -> None:
    for _ in range(2):
        with query_count() as asked:
            ENTRIES.rows(actor=uuid.uuid4(), after=clock.now())
        assert len(asked) == 1


def test_it_loads_models_with_what_is_related_in_one_query(cast: Any, query_count: Any) -> None:
    grants = Prepared(
        lambda person: (
            RoleGrant.objects.select_related("person__organisation", "granted_by")
            .annotate(name=F("person__full_name"))
            .filter(person_id=person)
            .order_by("pk")
        ),
        person=int,
    )
    with query_count() as asked:
        found = grants.instances(person=cast.citra.pk)
        schools = {grant.person.organisation for grant in found}
        assert all(grant.granted_by is None for grant in found)
    assert len(asked) == 1
    assert found == list(RoleGrant.objects.filter(person=cast.citra).order_by("pk"))
    assert schools == {cast.school}
    assert found[0].name == "Citra Maharani"
    assert not found[0]._state.adding


def test_each_value_keeps_its_own_place_among_others_of_its_kind(db: Any) -> None:
    between = Prepared(
        lambda low, high: DataKey.objects.filter(pk__gte=low, pk__lt=high).values_list("pk"),
        low=int,
        high=int,
    )
    assert between.rows(low=5, high=1) == []
    sql_values = between._compiled[connection.vendor].places
    assert [name for name, _ in sql_values] == ["low", "high"]


def test_a_value_that_the_query_does_not_use_is_a_mistake(db: Any) -> None:
    careless = Prepared(
        lambda actor, after: AuditEntry.objects.filter(actor=actor).values_list("pk"),
        actor=uuid.UUID,
        after=datetime,
    )
    with pytest.raises(ValueError, match="after"):
        careless.rows(actor=uuid.uuid4(), after=clock.now())


@pytest.mark.django_db(transaction=True)
def test_two_threads_ask_over_their_own_connections() -> None:
    now, actor = clock.now(), uuid.uuid4()
    made = entry(actor, now, 1)
    found: list[int] = []

    def ask() -> None:
        found.extend(row[0] for row in ENTRIES.rows(actor=actor, after=now - timedelta(hours=1)))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [made.pk, made.pk]
