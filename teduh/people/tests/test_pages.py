"""The pages of the people room: who opens them, what they show, what they cost."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.models import AuditEntry
from teduh.people.access import actor_of, system_actor
from teduh.people.actions import cards as card_actions
from teduh.people.actions import persons, roles
from teduh.people.models import (
    Account,
    ClassGroup,
    Exclusion,
    Guardianship,
    PasswordReset,
    Person,
    RoleGrant,
    StudentImport,
)
from teduh.people.states import Role, Safety
from teduh.people.tests.dapodik import student, write

NOW: dict[str, Any] = {"by": system_actor()}

#: Which of the cast may open which page that names no object.
LISTS = {
    "people:classes": {"citra", "indra", "joko", "kirana"},
    "people:import": {"citra", "indra", "kirana"},
    "people:roles": {"indra", "kirana"},
    "people:new_staff": {"indra", "kirana"},
    "people:organisation": {"indra", "kirana"},
    "people:resets": {"citra", "eko", "indra", "joko", "kirana"},
}
EVERYBODY = ("ayu", "bima", "citra", "dewi", "eko", "fajar", "gita", "hari", "indra", "joko", "kirana")


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_to_its_roles_and_to_nobody_else(cast: Any, name: str) -> None:
    opened = {who for who in EVERYBODY if cast.client(who).get(reverse(name)).status_code == 200}
    assert opened == LISTS[name]
    assert cast.client().get(reverse(name)).status_code == 302


def objects(cast: Any) -> dict[str, tuple[str, set[str]]]:
    ayu, group = cast.ayu.public_id, cast.class_group.public_id
    return {
        reverse("people:class", args=[group]): ("GET", {"citra", "indra", "joko", "kirana"}),
        reverse("people:person_roles", args=[ayu]): ("GET", {"indra", "kirana"}),
        reverse("people:safety", args=[ayu]): ("GET", {"citra", "kirana"}),
    }


def test_each_object_opens_to_its_roles_and_is_not_there_for_others(cast: Any) -> None:
    for url, (_method, allowed) in objects(cast).items():
        for who in EVERYBODY:
            expected = 200 if who in allowed else 404
            assert cast.client(who).get(url).status_code == expected, (url, who)
        assert cast.client().get(url).status_code == 404


def test_what_is_there_and_what_is_not_answer_alike(cast: Any) -> None:
    for name in ("people:class", "people:person_roles", "people:safety", "people:import_preview"):
        there = {"people:class": cast.class_group.public_id}.get(name, cast.ayu.public_id)
        for who in ("fajar", "hari", "dewi", ""):
            client = cast.client(who or None)
            real, made_up = (client.get(reverse(name, args=[one])) for one in (there, uuid.uuid4()))
            assert (real.status_code, made_up.status_code) == (404, 404), (name, who)
            assert len(real.content) == len(made_up.content)


@pytest.mark.parametrize(
    "name",
    [
        "people:class_cards",
        "people:reset_start",
        "people:shut_out",
        "people:import_confirm",
        "people:reset_confirm",
    ],
)
def test_nobody_without_the_role_can_write(cast: Any, name: str) -> None:
    for who in ("ayu", "bima", "dewi", "eko", "fajar", "gita", "hari", ""):
        if name == "people:reset_confirm" and who == "eko":
            continue
        client = cast.client(who or None)
        target = cast.class_group if "cards" in name else cast.ayu
        assert client.post(reverse(name, args=[target.public_id])).status_code == 404, (name, who)


def test_whoever_is_excluded_does_not_find_the_student_in_the_class(cast: Any) -> None:
    persons.exclude(person=cast.ayu, excluded=cast.joko, reason="alleged", at=clock.now(), **NOW)
    page = cast.client("joko").get(reverse("people:class", args=[cast.class_group.public_id]))
    assert "Ayu Lestari" not in page.content.decode()
    listing = cast.client("joko").get(reverse("people:classes"))
    assert listing.context["classes"].object_list[0].students == 0
    made = card_actions.issue_cards(class_group=cast.class_group, by=cast.actor("joko"), at=clock.now())
    assert made == []
    assert (
        cast.client("joko").post(reverse("people:reset_start", args=[cast.ayu.public_id])).status_code == 404
    )


# --- Cards -----------------------------------------------------------------------------------------


def sheet(cast: Any, who: str = "joko", how: str = "page") -> Any:
    return cast.client(who).post(
        reverse("people:class_cards", args=[cast.class_group.public_id]), {"as": how}
    )


def test_a_sheet_shows_user_names_and_passwords_that_work_once(cast: Any) -> None:
    Account.objects.filter(person=cast.ayu).delete()
    page = sheet(cast)
    account = Account.objects.get(person=cast.ayu)
    made = card_actions.issue_cards(class_group=cast.class_group, by=cast.actor("joko"), at=clock.now())
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert account.username in page.content.decode()
    assert account.must_set_password
    account.refresh_from_db()
    assert account.check_password(made[0].password or "")
    assert AuditEntry.objects.filter(verb="people.card.issue", subject=cast.ayu.public_id).count() == 2


def test_first_passwords_are_readable_and_kept_nowhere(cast: Any) -> None:
    made = card_actions.issue_cards(class_group=cast.class_group, by=cast.actor("joko"), at=clock.now())
    password = made[0].password or ""
    assert len(password) == 8
    assert not set(password) & set("0O1lIio")
    stored = Account.objects.get(person=cast.ayu)
    assert password not in stored.password
    assert password not in repr(list(AuditEntry.objects.values()))


def test_an_own_password_is_never_touched(cast: Any) -> None:
    account = cast.ayu.account
    account.set_password("langit-biru-besok")
    account.save()
    (card,) = card_actions.issue_cards(class_group=cast.class_group, by=cast.actor("kirana"), at=clock.now())
    assert card.password is None
    account.refresh_from_db()
    assert account.check_password("langit-biru-besok")
    assert "people.card.issue" not in AuditEntry.objects.values_list("verb", flat=True)


def test_a_sheet_can_be_a_pdf(cast: Any) -> None:
    pytest.importorskip("weasyprint")
    response = sheet(cast, how="pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_without_the_libraries_for_pdf_the_page_is_printed(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("teduh.people.cards.can_make_pdf", lambda: False)
    assert sheet(cast, how="pdf")["Content-Type"].startswith("text/html")


def test_the_qr_code_leads_to_the_log_in_with_the_user_name(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("teduh.people.cards.qr_svg", lambda text: f"[{text}]")
    seen = re.findall(r"\[(http.*?)\]", sheet(cast).content.decode())
    assert seen == [f"http://testserver{reverse('account_login')}?u=ayu"]


# --- Resets ----------------------------------------------------------------------------------------


def begin(cast: Any, who: str = "joko") -> PasswordReset:
    cast.client(who).post(reverse("people:reset_start", args=[cast.ayu.public_id]))
    return PasswordReset.objects.get(person=cast.ayu, withdrawn_at=None, confirmed_at=None)


def test_a_reset_takes_two_and_prints_a_new_card(cast: Any) -> None:
    client = cast.client("ayu")
    reset = begin(cast)
    url = reverse("people:reset_confirm", args=[reset.public_id])
    assert cast.client("joko").post(url).status_code == 302
    reset.refresh_from_db()
    assert reset.confirmed_at is None
    page = cast.client("citra").post(url, {"as": "page"})
    assert page.status_code == 200
    account = Account.objects.get(person=cast.ayu)
    assert account.must_set_password
    assert account.username in page.content.decode()
    assert client.get(reverse("people:account")).status_code == 302, "old sessions end"
    assert cast.client("kirana").post(url).status_code == 302, "a second confirmation changes nothing"
    assert Account.objects.get(person=cast.ayu).password == account.password


def test_asking_twice_begins_one_reset_and_it_runs_out(cast: Any) -> None:
    start = clock.now()
    with clock.at(start):
        first = begin(cast)
        assert begin(cast, "citra") == first
    with clock.at(start + timedelta(hours=3)):
        response = cast.client("citra").post(reverse("people:reset_confirm", args=[first.public_id]))
        assert response.status_code == 302
        assert Account.objects.get(person=cast.ayu).must_set_password is False
        assert begin(cast, "citra") != first


def test_a_reset_of_staff_needs_the_lead_or_the_principal_and_removes_the_second_factor(cast: Any) -> None:
    from allauth.mfa.models import Authenticator

    reset = card_actions.start_reset(person=cast.citra, by=cast.actor("indra"), at=clock.now())
    url = reverse("people:reset_confirm", args=[reset.public_id])
    for who in ("joko", "indra"):
        assert cast.client(who).post(url).status_code in {302, 404}
        assert Authenticator.objects.filter(user=cast.citra.account).exists()
    assert cast.client("eko").post(url, {"as": "page"}).status_code == 200
    assert not Authenticator.objects.filter(user=cast.citra.account).exists()


def test_an_administrator_with_teachers_who_do_not_exist_resets_nobody(cast: Any) -> None:
    made_up = {}
    for name, role in (("Guru Satu", Role.HOMEROOM_TEACHER), ("Guru Dua", Role.TEACHER)):
        made_up[role] = roles.register_staff(
            organisation=cast.school,
            full_name=name,
            email=f"{role}@contoh.test",
            role=role,
            by=cast.actor("indra"),
            at=clock.now(),
        ).person
    for starter, confirmer in (
        (made_up[Role.HOMEROOM_TEACHER], made_up[Role.TEACHER]),
        (cast.indra, made_up[Role.TEACHER]),
        (made_up[Role.HOMEROOM_TEACHER], cast.indra),
    ):
        group = cast.class_group
        group.homeroom_teacher = made_up[Role.HOMEROOM_TEACHER]
        group.save()
        reset = card_actions.start_reset(person=cast.ayu, by=actor_of(starter), at=clock.now())
        with pytest.raises(Refused) as refused:
            card_actions.confirm_reset(reset=reset, by=actor_of(confirmer), at=clock.now())
        assert refused.value.code == "no_anchor"
        card_actions.withdraw_reset(reset=reset, by=actor_of(starter), at=clock.now())
    assert not Account.objects.get(person=cast.ayu).must_set_password
    with pytest.raises(NotVisible):
        roles.register_staff(
            organisation=cast.school,
            full_name="Kepala Palsu",
            email="kepala@contoh.test",
            role=Role.PRINCIPAL,
            by=cast.actor("indra"),
            at=clock.now(),
        )


def test_after_a_reset_by_two_class_cards_give_nobody_another_password(cast: Any) -> None:
    card_actions.confirm_reset(reset=begin(cast), by=cast.actor("citra"), at=clock.now())
    before = Account.objects.get(person=cast.ayu).password
    cards = card_actions.issue_cards(class_group=cast.class_group, by=cast.actor("indra"), at=clock.now())
    assert [card.password for card in cards if card.name == cast.ayu.full_name] == [None]
    assert Account.objects.get(person=cast.ayu).password == before


def test_who_is_shut_out_finds_the_person_in_no_search(cast: Any) -> None:
    persons.exclude(
        person=cast.bima, excluded=cast.citra, reason="x", by=cast.actor("kirana"), at=clock.now()
    )
    page = cast.client("citra").get(reverse("people:safety", args=[cast.ayu.public_id]), {"q": "Bima"})
    assert page.status_code == 200
    assert "Bima Saputra" not in page.content.decode()


def test_the_list_of_resets_shows_names_and_lets_one_take_back(cast: Any) -> None:
    reset = begin(cast)
    page = cast.client("citra").get(reverse("people:resets"))
    assert "Ayu Lestari" in page.content.decode()
    cast.client("citra").post(reverse("people:reset_withdraw", args=[reset.public_id]))
    reset.refresh_from_db()
    assert reset.withdrawn_at is not None


# --- Import pages ----------------------------------------------------------------------------------


def send(cast: Any, data: bytes, who: str = "indra", key: uuid.UUID | None = None) -> Any:
    file = SimpleUploadedFile("daftar.xlsx", data)
    return cast.client(who).post(
        reverse("people:import"),
        {"file": file, "school": str(cast.school.public_id), "key": str(key or uuid.uuid4())},
    )


def test_upload_preview_confirm(cast: Any) -> None:
    response = send(cast, write([student("Lala", "0099999991"), student("", "0099999992")]))
    assert response.status_code == 302
    assert not Person.objects.filter(full_name="Lala").exists()
    client = cast.client("indra")
    for show, expected in (("create", "Lala"), ("errors", "8"), ("left", "Ayu Lestari")):
        assert expected in client.get(response["Location"], {"show": show}).content.decode()
    row = StudentImport.objects.get()
    for _press in range(2):
        client.post(reverse("people:import_confirm", args=[row.public_id]))
    assert Person.objects.filter(full_name="Lala").count() == 1
    row.refresh_from_db()
    assert row.rows.is_empty
    assert (row.result["create"], row.result["errors"]) == (1, 1)
    assert client.get(response["Location"]).status_code == 200
    assert AuditEntry.objects.filter(verb="people.import.apply").count() == 1


def test_the_same_form_twice_keeps_one_upload(cast: Any) -> None:
    key, data = uuid.uuid4(), write([student("Lala", "0099999991")])
    assert send(cast, data, key=key)["Location"] == send(cast, data, key=key)["Location"]
    assert StudentImport.objects.count() == 1


def test_rows_wait_sealed(cast: Any) -> None:
    from django.db import connection

    send(cast, write([student("Lala Rahasia", "0099999991")]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM people_studentimport")
        assert b"Lala" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("data", [b"", b"not a workbook", write([])])
def test_a_bad_file_is_explained_beside_the_field(cast: Any, data: bytes) -> None:
    response = send(cast, data)
    assert response.status_code == 400
    assert response.context["form"].has_error("file")


def test_nobody_imports_into_another_school(cast: Any) -> None:
    file = SimpleUploadedFile("daftar.xlsx", write([student("Lala", "0099999991")]))
    response = cast.client("indra").post(
        reverse("people:import"), {"file": file, "school": str(cast.other_school.public_id)}
    )
    assert response.status_code == 400


def test_old_uploads_are_forgotten(cast: Any) -> None:
    from teduh.people.jobs import forget_uploads

    send(cast, write([student("Lala", "0099999991")]))
    forget_uploads(clock.now())
    assert StudentImport.objects.exists()
    forget_uploads(clock.now() + timedelta(days=2))
    assert not StudentImport.objects.exists()


# --- Roles and safety ------------------------------------------------------------------------------


def give(cast: Any, who: str, whom: str, role: Role) -> Any:
    return cast.client(who).post(
        reverse("people:person_roles", args=[cast.persons[whom].public_id]), {"role": role.value}
    )


def holds(person: Person, role: Role) -> bool:
    return RoleGrant.objects.filter(person=person, role=role, ends_at=None).exists()


def test_the_technical_admin_gives_no_role_that_opens_confided_words(cast: Any) -> None:
    for role in (
        Role.COUNSELLOR,
        Role.LEAD_COUNSELLOR,
        Role.PEER_SUPERVISOR,
        Role.CASEWORKER,
        Role.PEER_SUPPORTER,
    ):
        assert give(cast, "indra", "eko", role).status_code == 400
        assert not holds(cast.eko, role)
    assert give(cast, "indra", "eko", Role.TEACHER).status_code == 302
    assert holds(cast.eko, Role.TEACHER)


def test_the_lead_counsellor_gives_them_but_never_to_the_technical_admin(cast: Any) -> None:
    assert give(cast, "kirana", "joko", Role.PEER_SUPERVISOR).status_code == 302
    assert give(cast, "kirana", "indra", Role.COUNSELLOR).status_code == 400
    assert not holds(cast.indra, Role.COUNSELLOR)
    assert give(cast, "indra", "citra", Role.TECHNICAL_ADMIN).status_code == 400


def test_nobody_changes_their_own_roles(cast: Any) -> None:
    assert give(cast, "kirana", "kirana", Role.PEER_SUPERVISOR).status_code == 400
    mine = RoleGrant.objects.get(person=cast.kirana, role=Role.COUNSELLOR)
    cast.client("kirana").post(reverse("people:end_role", args=[cast.kirana.public_id, mine.pk]))
    assert holds(cast.kirana, Role.COUNSELLOR)


def test_a_role_ends_and_the_page_closes_at_once(cast: Any) -> None:
    client = cast.client("citra")
    assert client.get(reverse("people:classes")).status_code == 200
    grant = RoleGrant.objects.get(person=cast.citra, role=Role.COUNSELLOR)
    cast.client("kirana").post(reverse("people:end_role", args=[cast.citra.public_id, grant.pk]))
    assert not holds(cast.citra, Role.COUNSELLOR)
    assert client.get(reverse("people:classes")).status_code == 404


def test_the_last_lead_counsellor_stays(cast: Any) -> None:
    give(cast, "kirana", "citra", Role.LEAD_COUNSELLOR)
    grants = list(RoleGrant.objects.filter(role=Role.LEAD_COUNSELLOR, ends_at=None))
    assert len(grants) == 2
    for grant, by in zip(grants, ("citra", "kirana"), strict=True):
        cast.client(by).post(reverse("people:end_role", args=[grant.person.public_id, grant.pk]))
    assert RoleGrant.objects.filter(role=Role.LEAD_COUNSELLOR, ends_at=None).exists()


def test_new_staff_get_a_card_and_must_set_their_own(cast: Any) -> None:
    page = cast.client("indra").post(
        reverse("people:new_staff"),
        {"full_name": "Lukas Baru", "email": "Lukas@contoh.test", "role": Role.HOMEROOM_TEACHER.value},
    )
    account = Account.objects.get(email="lukas@contoh.test")
    assert account.username in page.content.decode()
    assert account.must_set_password
    again = cast.client("indra").post(
        reverse("people:new_staff"),
        {"full_name": "Lukas Baru", "email": "lukas@contoh.test", "role": Role.TEACHER.value},
    )
    assert again.status_code == 400


def test_people_are_found_by_name_and_role(cast: Any) -> None:
    client = cast.client("indra")
    names = [one.name for one in client.get(reverse("people:roles"), {"q": "lest"}).context["people"]]
    assert names == ["Ayu Lestari", "Gita Lestari"]
    held = [one.name for one in client.get(reverse("people:roles"), {"role": "principal"}).context["people"]]
    assert held == ["Eko Prasetyo"]


def judge(cast: Any, who: str, guardian: str, safety: Safety) -> Any:
    row = Guardianship.objects.get(guardian=cast.persons[guardian], child=cast.ayu)
    return cast.client(who).post(
        reverse("people:safety", args=[cast.ayu.public_id]), {"guardian": row.pk, "safety": safety.value}
    )


def test_an_unsafe_guardian_is_shut_out_at_once(cast: Any) -> None:
    assert judge(cast, "citra", "gita", Safety.UNSAFE).status_code == 302
    assert Exclusion.objects.filter(person=cast.ayu, excluded=cast.gita, ends_at=None).exists()
    assert judge(cast, "indra", "gita", Safety.SAFE).status_code == 404


def test_an_exclusion_outlives_a_kinder_judgement_until_somebody_lifts_it(cast: Any) -> None:
    row = Exclusion.objects.get(person=cast.ayu, excluded=cast.hari)
    url = reverse("people:lift_exclusion", args=[cast.ayu.public_id, row.public_id])
    cast.client("citra").post(url)
    row.refresh_from_db()
    assert row.ends_at is None
    judge(cast, "citra", "hari", Safety.SAFE)
    row.refresh_from_db()
    assert row.ends_at is None
    cast.client("citra").post(url)
    row.refresh_from_db()
    assert row.ends_at is not None


def test_somebody_is_shut_out_with_a_reason_that_is_sealed(cast: Any) -> None:
    client = cast.client("citra")
    url = reverse("people:shut_out", args=[cast.ayu.public_id])
    assert (
        "Joko"
        in client.get(reverse("people:safety", args=[cast.ayu.public_id]), {"q": "joko"}).content.decode()
    )
    for _press in range(2):
        client.post(url, {"excluded": str(cast.joko.public_id), "reason": "Ayu takut padanya"})
    row = Exclusion.objects.get(person=cast.ayu, excluded=cast.joko)
    assert row.reason.open() == "Ayu takut padanya"
    client.post(url, {"excluded": str(cast.citra.public_id), "reason": "x"})
    assert not Exclusion.objects.filter(excluded=cast.citra).exists()


def test_reading_the_safety_page_is_told(cast: Any) -> None:
    cast.client("citra").get(reverse("people:safety", args=[cast.ayu.public_id]))
    assert AuditEntry.objects.filter(verb="people.safety.read", subject=cast.ayu.public_id).count() == 1


def test_the_homeroom_teacher_is_named_by_those_who_may(cast: Any) -> None:
    url = reverse("people:class", args=[cast.class_group.public_id])
    assert cast.client("joko").post(url, {"teacher": ""}).status_code == 404
    cast.client("citra").post(url, {"teacher": ""})
    assert ClassGroup.objects.get(pk=cast.class_group.pk).homeroom_teacher is None
    assert cast.client("joko").get(url).status_code == 404
    cast.client("citra").post(url, {"teacher": str(cast.joko.public_id)})
    assert cast.client("joko").get(url).status_code == 200


# --- Cost ------------------------------------------------------------------------------------------


def test_pages_cost_at_most_twelve_queries_however_long_they_are(cast: Any, query_count: Any) -> None:
    from teduh.people.actions.imports import apply_list
    from teduh.people.importing.workbook import read_workbook

    group, ayu = cast.class_group.public_id, cast.ayu.public_id
    upload = send(cast, write([student("Lala", "0099999991")]))["Location"]
    urls = [
        ("kirana", reverse("people:classes")),
        ("kirana", reverse("people:class", args=[group])),
        ("joko", reverse("people:class", args=[group])),
        ("kirana", reverse("people:roles")),
        ("kirana", reverse("people:person_roles", args=[ayu])),
        ("kirana", reverse("people:safety", args=[ayu])),
        ("kirana", reverse("people:resets")),
        ("kirana", reverse("people:import")),
        ("indra", upload),
    ]
    begin(cast)
    costs = []
    for _round in range(2):
        cost = []
        for who, url in urls:
            client = cast.client(who)
            client.get(url)
            with query_count() as n:
                assert client.get(url).status_code == 200
            cost.append(len(n))
        costs.append(cost)
        rows = [
            student(f"Siswa {i}", f"{i:010d}", **{"Rombel Saat Ini": f"X-{i % 20}"}) for i in range(1, 120)
        ]
        found = read_workbook(write(rows))
        apply_list(organisation=cast.school, found=found, at=clock.now(), on=clock.today(), **NOW)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12, dict(zip([url for _who, url in urls], costs[0], strict=True))
