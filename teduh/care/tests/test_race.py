"""Two at once, on connections of their own, on either database: exactly one wins, and the other loses no word."""

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from conftest import Cast, make_cast
from teduh.care.actions import alerts, contacts, episodes, leading, referrals, requests
from teduh.care.levels import level_of
from teduh.care.models import Alert, CareTeamMember, Contact, Episode, FollowUp, HelpRequest, Referral
from teduh.care.states import Door, RequestState, Severity, Topic, Wish
from teduh.care.tests.helpers import ask, episode, referral
from teduh.care.tests.test_alerts import raised
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused, Stale

LOST = (Stale, Refused, NotVisible)


@pytest.fixture
def shared(transactional_db: Any) -> Cast:
    """The cast, in a database to which threads will connect."""
    return make_cast()


@pytest.fixture
def connected(shared: Cast, tmp_path: Path) -> Iterator[Callable[..., list[Any]]]:
    """Runs deeds at once in threads. SQLite's tests live in memory: what was made before is copied to a file first."""
    settings = connections.settings["default"]
    before = settings["NAME"]

    def run(*deeds: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and settings["NAME"] == before:
            file = tmp_path / "race.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            settings["NAME"] = str(file)
        return at_once(*deeds)

    yield run
    settings["NAME"] = before


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Start each deed in its own thread at the same moment; return what each returned or raised."""
    start = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = deeds[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def won(found: list[Any], kind: type) -> list[Any]:
    """Return what came back as the given kind; everything else must be an honest no."""
    assert all(isinstance(one, (kind, *LOST)) for one in found), found
    return [one for one in found if isinstance(one, kind)]


def test_two_counsellors_take_the_same_request_and_one_leads(shared: Cast, connected: Any) -> None:
    request = ask(shared)

    def take(who: str) -> Episode:
        row = HelpRequest.objects.select_related("person__data_key", "organisation", "sent_by").get(
            pk=request.pk
        )
        return requests.take_request(request=row, by=shared.actor(who), at=clock.now())

    found = connected(lambda: take("citra"), lambda: take("kirana"))
    assert len(won(found, Episode)) == 1
    assert connected(lambda: Episode.objects.filter(help_request=request).count()) == [1]
    state = connected(lambda: HelpRequest.objects.get(pk=request.pk).state)
    assert state == [RequestState.TAKEN]


def test_the_same_counsellor_twice_opens_one_episode(shared: Cast, connected: Any) -> None:
    request = ask(shared)

    def take() -> Episode:
        row = HelpRequest.objects.select_related("person__data_key", "organisation", "sent_by").get(
            pk=request.pk
        )
        return requests.take_request(request=row, by=shared.actor("citra"), at=clock.now())

    found = connected(take, take)
    assert {one.pk for one in won(found, Episode)} == {won(found, Episode)[0].pk}
    assert connected(lambda: Episode.objects.filter(help_request=request).count()) == [1]


def test_two_workers_accept_the_same_referral_and_one_leads(shared: Cast, connected: Any) -> None:
    second = second_worker(shared)
    row = referral(shared, episode(shared))
    referrals.answer_consent(
        referral=row, agrees=True, by=shared.actor("ayu"), at=clock.now(), client_id=uuid.uuid4()
    )

    def accept(by: Any) -> Episode:
        mine = Referral.objects.select_related(
            "person__data_key", "organisation", "to_organisation", "made_by", "from_episode__lead"
        ).get(pk=row.pk)
        return referrals.accept_referral(referral=mine, answer="Ya.", by=by, at=clock.now())

    dewi = shared.actor("dewi")
    found = connected(lambda: accept(dewi), lambda: accept(second))
    assert len(won(found, Episode)) == 1
    assert connected(lambda: Episode.objects.filter(level="psychosocial").count()) == [1]


def second_worker(cast: Cast) -> Any:
    """Return a second caseworker of Dewi's service as actor."""
    from teduh.people.access import actor_of, system_actor
    from teduh.people.actions import persons
    from teduh.people.states import Role

    common: dict[str, Any] = {"by": system_actor(), "at": clock.now()}
    person = persons.register_person(
        organisation=cast.provider, full_name="Lina Sari", roles=(Role.CASEWORKER,), **common
    )
    persons.open_account(person=person, username="lina", email="lina@contoh.test", **common)
    return actor_of(person)


def test_a_request_sent_twice_at_once_is_one(shared: Cast, connected: Any) -> None:
    key, by = uuid.uuid4(), shared.actor("ayu")

    def send() -> HelpRequest:
        return requests.send_request(
            by=by,
            at=clock.now(),
            client_id=key,
            door=Door.SELF,
            topic=Topic.FRIENDS,
            wish=Wish.COUNSELLOR,
            text="aku pengen bunuh diri",
            answers={},
        )

    found = connected(send, send, send)
    assert len({one.pk for one in found}) == 1, found
    assert connected(lambda: HelpRequest.objects.count(), lambda: Alert.objects.count()) == [1, 1]


def test_a_note_sent_twice_at_once_is_one(shared: Cast, connected: Any) -> None:
    of, key, happened_at = episode(shared), uuid.uuid4(), clock.now()
    by = shared.actor("citra")

    def write() -> Contact:
        return contacts.write_contact(
            episode=Episode.objects.select_related("person").get(pk=of.pk),
            activity="individual_counselling",
            happened_at=happened_at,
            minutes=30,
            note="Catatan.",
            by=by,
            at=clock.now(),
            client_id=key,
        )

    found = connected(write, write, write)
    assert len({one.pk for one in found}) == 1, found
    assert connected(lambda: Contact.objects.count()) == [1]


def test_an_episode_closed_twice_at_once_is_closed_once(shared: Cast, connected: Any) -> None:
    of = episode(shared)
    by, key = shared.actor("citra"), uuid.uuid4()

    def close() -> str:
        row = Episode.objects.select_related("person__data_key", "lead", "organisation").get(pk=of.pk)
        episodes.close_episode(
            episode=row,
            reason="goals_met",
            checks=list(level_of(row.level).closing_checks),
            note="Selesai.",
            by=by,
            at=clock.now(),
            aftercare_on=clock.today(),
            aftercare_owner=shared.citra,
            client_id=key,
        )
        return "closed"

    found = connected(close, close)
    assert won(found, str)
    assert connected(lambda: FollowUp.objects.filter(is_aftercare=True).count()) == [1]


def test_an_alert_taken_in_hand_while_it_climbs_is_with_one_person(shared: Cast, connected: Any) -> None:
    alert = raised(shared, severity=Severity.URGENT)
    late = alert.due_at

    def take() -> str:
        row = Alert.objects.select_related("person", "organisation").get(pk=alert.pk)
        alerts.acknowledge_alert(alert=row, by=shared.actor("citra"), at=clock.now())
        return "taken"

    connected(take, lambda: alerts.climb_overdue(at=late))
    after = connected(lambda: Alert.objects.get(pk=alert.pk))[0]
    if after.state == "acknowledged":
        assert after.assigned_to_id == shared.citra.pk
    else:
        assert after.assigned_to_id == shared.kirana.pk


def test_two_handings_on_of_the_lead_leave_one_lead(shared: Cast, connected: Any) -> None:
    third = third_counsellor(shared)
    of = episode(shared)
    by = shared.actor("citra")

    def hand(to: Any) -> str:
        row = Episode.objects.select_related("person", "lead", "organisation").get(pk=of.pk)
        leading.change_lead(episode=row, lead=to, stays=False, by=by, at=clock.now())
        return "handed"

    found = connected(lambda: hand(shared.kirana), lambda: hand(third))
    assert len(won(found, str)) == 1
    team = connected(
        lambda: list(CareTeamMember.objects.filter(episode=of, ends_at__isnull=True, part="lead"))
    )[0]
    assert [row.member_id for row in team] == connected(lambda: Episode.objects.get(pk=of.pk).lead_id)


def third_counsellor(cast: Cast) -> Any:
    """Return one more counsellor of the school."""
    from teduh.people.access import system_actor
    from teduh.people.actions import persons
    from teduh.people.states import Role

    common: dict[str, Any] = {"by": system_actor(), "at": clock.now()}
    person = persons.register_person(
        organisation=cast.school, full_name="Maya Putri", roles=(Role.COUNSELLOR,), **common
    )
    persons.open_account(person=person, username="maya", email="maya@contoh.test", **common)
    return person
