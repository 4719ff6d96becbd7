"""Who sees what at home and in class: an unsafe guardian sees what one without children sees."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from teduh.care.actions.requests import take_request
from teduh.care.models import Alert, HelpRequest
from teduh.care.states import Door, LevelKey
from teduh.care.tests.helpers import episode as an_episode
from teduh.community import actions, queries
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.people.access import system_actor
from teduh.people.actions import persons as act
from teduh.people.models import Consent
from teduh.people.states import ConsentPurpose, Role, Safety
from teduh.scheduling.models import Appointment


@pytest.fixture
def without_wards(cast: Any) -> Any:
    """A guardian to whom no child is linked."""
    person = act.register_person(
        organisation=cast.school,
        full_name="Lina Tanpa",
        roles=(Role.GUARDIAN,),
        by=system_actor(),
        at=timezone.now(),
    )
    act.open_account(person=person, username="lina", by=system_actor(), at=timezone.now())
    cast.persons["lina"] = person
    return person


def said(page: Any) -> str:
    """What a page says, apart from tokens and the reader's own initials."""
    text = re.sub(r'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"', "", page.content.decode())
    return re.sub(r'<span class="avatar.*?</span>', "", text)


def test_pak_hari_sees_exactly_what_a_guardian_without_children_sees(cast: Any, without_wards: Any) -> None:
    an_episode(cast)
    assert queries.guardian_home(cast.actor("hari"), at=clock.now()) == queries.guardian_home(
        cast.actor("lina"), at=clock.now()
    )
    for name in ("community:worry", "home", "home_live"):
        hari, lina = cast.client("hari").get(reverse(name)), cast.client("lina").get(reverse(name))
        assert hari.status_code == lina.status_code == 200
        of_hari = said(hari).replace("Hari Wibowo", "").replace(", Hari.", "")
        assert of_hari == said(lina).replace("Lina Tanpa", "").replace(", Lina.", ""), name
        assert "Ayu" not in said(hari), name


def test_a_guardian_whose_safety_is_not_known_sees_nothing_either(cast: Any) -> None:
    common: dict[str, Any] = {"by": system_actor(), "at": clock.now()}
    act.set_guardian(
        guardian=cast.gita, child=cast.ayu, relationship="mother", safety=Safety.UNKNOWN, **common
    )
    assert queries.guardian_home(cast.actor("gita"), at=clock.now()).wards == ()


def test_an_exclusion_wins_over_a_safe_mark(cast: Any) -> None:
    act.exclude(person=cast.ayu, excluded=cast.gita, reason="laporan", by=system_actor(), at=clock.now())
    assert queries.guardian_home(cast.actor("gita"), at=clock.now()).wards == ()


def test_a_guardian_loses_sight_with_the_role(cast: Any) -> None:
    grant = cast.gita.role_grants.get()
    act.end_role(grant=grant, by=system_actor(), at=clock.now())
    assert queries.guardian_home(cast.actor("gita"), at=clock.now()).wards == ()


def test_a_safe_guardian_sees_her_child_and_no_word_of_care(cast: Any) -> None:
    an_episode(cast)
    an_episode(cast, "dewi", LevelKey.PSYCHOSOCIAL)
    home = queries.guardian_home(cast.actor("gita"), at=clock.now())
    assert [ward.name for ward in home.wards] == ["Ayu Lestari"]
    html = render_to_string("community/_home_guardian.html", {"family": home})
    assert "Ayu Lestari" in html
    for word in ("Dewi", "Citra", "episode", "psychosocial", "counselling/"):
        assert word not in html


def test_consent_of_strangers_children_is_not_there(cast: Any, without_wards: Any) -> None:
    for who in ("hari", "lina", "ayu", "bima", "citra", "dewi", "eko", "fajar", "indra", "joko", None):
        client = cast.client(who)
        for person in (cast.ayu.public_id, cast.bima.public_id, uuid.uuid4()):
            address = reverse("community:consent", args=[person, "screening"])
            assert client.get(address).status_code == 404, who
            assert client.post(address, {"agrees": "yes"}).status_code == 404, who
    with pytest.raises(NotVisible):
        actions.answer_as_guardian(
            child=cast.ayu,
            purpose="screening",
            agrees=True,
            by=cast.actor("hari"),
            at=clock.now(),
            client_id=uuid.uuid4(),
        )
    assert not Consent.objects.exists()


def test_gita_answers_for_ayu_only_and_only_what_she_is_asked(cast: Any) -> None:
    client = cast.client("gita")
    assert (
        client.get(reverse("community:consent", args=[cast.bima.public_id, "screening"])).status_code == 404
    )
    for purpose in ("referral", "share_with_guardian", "nonsense"):
        assert client.get(reverse("community:consent", args=[cast.ayu.public_id, purpose])).status_code == 404


@pytest.mark.parametrize("name", ["worry", "refer_student", "sharing"])
def test_each_page_is_for_its_role(cast: Any, name: str) -> None:
    for_role = {"worry": {"gita", "hari"}, "refer_student": {"joko"}, "sharing": {"ayu", "bima", "fajar"}}[
        name
    ]
    for who in ("ayu", "bima", "citra", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko"):
        expected = 200 if who in for_role else 404
        assert cast.client(who).get(reverse(f"community:{name}")).status_code == expected, who
    assert cast.client().get(reverse(f"community:{name}")).status_code == 302


def about(person: Any, **changes: str) -> dict[str, str]:
    data = {
        "client_id": str(uuid.uuid4()),
        "person": str(person.public_id),
        "topic": "feelings",
        "text": "Sudah seminggu tidak mau makan.",
        "safe": "yes",
    }
    return data | changes


def test_gita_worries_about_her_child_once(cast: Any) -> None:
    client, data = cast.client("gita"), about(cast.ayu)
    for _ in range(2):
        assert client.post(reverse("community:worry"), data).status_code == 302
    request = HelpRequest.objects.get()
    assert (request.door, request.person, request.sent_by) == (Door.GUARDIAN, cast.ayu, cast.gita)


def test_nobody_worries_about_strangers_children(cast: Any) -> None:
    page = cast.client("gita").post(reverse("community:worry"), about(cast.bima))
    assert page.status_code == 200
    assert "Sudah seminggu" in page.content.decode(), "what was typed is kept"
    assert cast.client("hari").post(reverse("community:worry"), about(cast.ayu)).status_code == 200
    assert cast.client("joko").post(reverse("community:refer_student"), about(cast.bima)).status_code == 200
    assert not HelpRequest.objects.exists()


def test_a_worry_about_danger_puts_an_alert_before_a_counsellor(cast: Any) -> None:
    assert cast.client("gita").post(reverse("community:worry"), about(cast.ayu, safe="no")).status_code == 302
    assert Alert.objects.get().person == cast.ayu


def test_a_worry_without_facts_is_asked_for_them(cast: Any) -> None:
    page = cast.client("gita").post(reverse("community:worry"), about(cast.ayu, text="", safe="", topic=""))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"text", "safe", "topic"}


def test_joko_refers_his_own_student_and_sees_a_word(cast: Any) -> None:
    client = cast.client("joko")
    assert client.post(reverse("community:refer_student"), about(cast.ayu)).status_code == 302
    sent = queries.homeroom_home(cast.actor("joko")).sent
    assert [(line.person, line.handled) for line in sent] == [("Ayu Lestari", "received")]
    request = HelpRequest.objects.select_related("organisation", "person", "sent_by").get()
    opened = take_request(request=request, by=cast.actor("citra"), at=clock.now())
    home = queries.homeroom_home(cast.actor("joko"))
    assert home.sent[0].handled == "in_hands"
    html = render_to_string("community/_home_homeroom.html", {"homeroom": home})
    for word in ("Citra", "counselling", "Sudah seminggu", str(opened.public_id), str(request.public_id)):
        assert word not in html
    type(opened).objects.filter(pk=opened.pk).update(state="closed")
    assert queries.homeroom_home(cast.actor("joko")).sent[0].handled == "closed"


def test_joko_sees_only_his_own_requests_and_his_own_class(cast: Any) -> None:
    cast.client("gita").post(reverse("community:worry"), about(cast.ayu))
    home = queries.homeroom_home(cast.actor("joko"))
    assert home.sent == ()
    assert home.students == ("Ayu Lestari",)
    act.exclude(person=cast.ayu, excluded=cast.joko, reason="keluarga", by=system_actor(), at=clock.now())
    assert queries.homeroom_home(cast.actor("joko")).students == ()


def test_another_teacher_has_no_class_here(cast: Any) -> None:
    act.grant_role(
        person=cast.eko,
        organisation=cast.school,
        role=Role.HOMEROOM_TEACHER,
        by=system_actor(),
        at=clock.now(),
    )
    assert queries.homeroom_home(cast.actor("eko")).students == ()
    assert cast.client("eko").get(reverse("community:refer_student")).status_code == 200
    assert cast.client("eko").post(reverse("community:refer_student"), about(cast.ayu)).status_code == 200
    assert not HelpRequest.objects.exists()


def test_gita_sees_times_only_while_ayu_shares_them(cast: Any) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    Appointment.objects.create(
        sealing_key=cast.ayu.data_key,
        organisation=cast.school,
        host=cast.citra,
        guest=cast.ayu,
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(minutes=40),
        wish="Rahasia sekali",
        booked_by=cast.ayu,
        booked_at=clock.now(),
        client_id=uuid.uuid4(),
    )

    def times() -> int:
        return len(queries.guardian_home(cast.actor("gita"), at=clock.now()).wards[0].appointments)

    def choose(agrees: str) -> None:
        page = cast.client("ayu").post(
            reverse("community:sharing"), {"client_id": str(uuid.uuid4()), "agrees": agrees}
        )
        assert page.status_code == 302

    assert times() == 0
    choose("yes")
    assert times() == 1
    html = render_to_string(
        "community/_home_guardian.html", {"family": queries.guardian_home(cast.actor("gita"), at=clock.now())}
    )
    assert "Rahasia" not in html
    assert queries.guardian_home(cast.actor("hari"), at=clock.now()).wards == ()
    choose("no")
    assert times() == 0
    answers = Consent.objects.filter(purpose=ConsentPurpose.SHARE_WITH_GUARDIAN).order_by("pk")
    assert [row.answer for row in answers] == ["given", "withdrawn"]
    assert len({row.matter for row in answers}) == 1


def test_ayu_is_told_who_would_see_and_pak_hari_is_not_among_them(cast: Any) -> None:
    text = cast.client("ayu").get(reverse("community:sharing")).content.decode()
    assert "Gita Lestari" in text
    assert "Hari Wibowo" not in text


def test_a_guardian_may_not_share_in_a_childs_name(cast: Any) -> None:
    Consent.objects.create(
        sealing_key=cast.ayu.data_key,
        organisation=cast.school,
        person=cast.ayu,
        giver=cast.gita,
        basis="guardian",
        purpose=ConsentPurpose.SHARE_WITH_GUARDIAN,
        answer="given",
        given_at=clock.now(),
        client_id=uuid.uuid4(),
    )
    assert not queries.guardian_home(cast.actor("gita"), at=clock.now()).wards[0].shares
