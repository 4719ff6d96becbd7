"""A role that ended, or somebody shut out: what was open closes at once, and nobody is left alone."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from teduh.care.actions import requests
from teduh.care.models import Alert, CareTeamMember, Episode
from teduh.care.queries.choices import aftercare_owners
from teduh.care.states import AlertState, Door, Topic, Wish
from teduh.kernel import clock
from teduh.people.access import system_actor
from teduh.people.actions import persons
from teduh.people.models import RoleGrant
from teduh.people.states import Role
from tests.universe import Universe, build


@pytest.fixture
def universe(cast: Any) -> Universe:
    """Everything around Ayu."""
    return build(cast)


def end(cast: Any, who: str, *roles: Role) -> None:
    """End roles of somebody."""
    for role in roles:
        grant = RoleGrant.objects.get(person=cast.persons[who], role=role, ends_at__isnull=True)
        persons.end_role(grant=grant, by=system_actor(), at=clock.now())


def seats(universe: Universe) -> set[str]:
    """Return who takes part in the conversation now."""
    rows = universe.room.participants.filter(left_at__isnull=True)
    return set(rows.values_list("person__full_name", flat=True))


def test_a_former_supporter_reads_and_writes_no_more_and_the_seeker_is_not_alone(
    cast: Any, universe: Universe
) -> None:
    room = reverse("messaging:room", args=[universe.room.public_id])
    assert cast.client("bima").get(room).status_code == 200
    end(cast, "bima", Role.PEER_SUPPORTER)
    assert cast.client("bima").get(room).status_code == 404
    body = {"text": "Halo", "client_id": str(uuid.uuid4())}
    assert cast.client("bima").post(room, body).status_code == 404
    assert seats(universe) == {"Ayu Lestari", "Citra Maharani"}
    universe.open_offer.refresh_from_db()
    assert universe.open_offer.state == "withdrawn"
    assert cast.client("ayu").get(room).status_code == 200


def test_a_former_counsellor_opens_nothing_and_another_leads_and_is_told(
    cast: Any, universe: Universe
) -> None:
    page = reverse("care:episode", args=[universe.counselling.public_id])
    room = reverse("messaging:room", args=[universe.room.public_id])
    assert cast.client("citra").get(page).status_code == 200
    end(cast, "citra", Role.COUNSELLOR, Role.PEER_SUPERVISOR)
    for address in (page, room, reverse("care:alert", args=[universe.alert.public_id])):
        assert cast.client("citra").get(address).status_code == 404, address
    assert not CareTeamMember.objects.filter(member=cast.citra, ends_at__isnull=True).exists()
    assert Episode.objects.get(pk=universe.counselling.pk).lead == cast.kirana
    assert cast.client("kirana").get(page).status_code == 200
    universe.alert.refresh_from_db()
    assert (universe.alert.assigned_to, universe.alert.state) == (cast.kirana, AlertState.RAISED)
    assert Alert.objects.filter(category="lead_gone", assigned_to=cast.kirana).exists()


def test_a_former_caseworker_opens_no_case(cast: Any, universe: Universe) -> None:
    page = reverse("psychosocial:case", args=[universe.psychosocial.public_id])
    read = reverse("care:episode", args=[universe.counselling.public_id])
    assert cast.client("dewi").get(page).status_code == 200
    end(cast, "dewi", Role.CASEWORKER)
    assert cast.client("dewi").get(page).status_code == 404
    assert cast.client("dewi").get(read).status_code == 404


def test_one_of_two_roles_that_ends_closes_only_what_it_opened(cast: Any, universe: Universe) -> None:
    end(cast, "citra", Role.PEER_SUPERVISOR)
    page = reverse("care:episode", args=[universe.counselling.public_id])
    assert cast.client("citra").get(page).status_code == 200
    assert Episode.objects.get(pk=universe.counselling.pk).lead == cast.citra


def test_whoever_is_shut_out_is_replaced(cast: Any, universe: Universe) -> None:
    persons.exclude(person=cast.ayu, excluded=cast.citra, reason="x", by=cast.actor("kirana"), at=clock.now())
    assert Episode.objects.get(pk=universe.counselling.pk).lead == cast.kirana
    assert "Citra Maharani" not in seats(universe)
    universe.alert.refresh_from_db()
    assert universe.alert.assigned_to == cast.kirana


def test_who_worried_about_somebody_does_not_stand_among_the_readers(cast: Any) -> None:
    asked = requests.send_request(
        by=cast.actor("bima"),
        at=clock.now(),
        client_id=uuid.uuid4(),
        door=Door.FRIEND,
        topic=Topic.FEELINGS,
        wish=Wish.UNSURE,
        text="Aku khawatir",
        about="Ayu",
        answers={"safe": "unsure"},
    )
    requests.name_person(request=asked, person=cast.ayu, by=cast.actor("citra"), at=clock.now())
    asked.refresh_from_db()
    requests.answer_request(request=asked, reply="Terima kasih", by=cast.actor("citra"), at=clock.now())
    page = cast.client("bima").get(reverse("care:sent", args=[asked.public_id]))
    assert "Terima kasih" in page.content.decode()
    opened = cast.client("ayu").get(reverse("care:record")).content.decode()
    assert "Bima" not in opened


def test_no_peer_is_asked_to_look_again_after_a_conversation(universe: Universe) -> None:
    assert "Bima Saputra" not in {person.full_name for person in aftercare_owners(universe.peer)}
    assert "Citra Maharani" in {person.full_name for person in aftercare_owners(universe.peer)}
