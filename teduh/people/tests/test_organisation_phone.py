"""The school's phone stands on the crisis card, so it must be one that can be dialled."""

from typing import Any

import pytest
from django.urls import reverse

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.kernel.models import AuditEntry
from teduh.people.actions.organisations import set_phone
from teduh.people.models import Organisation

URL = "people:organisation"


def send(cast: Any, phone: str, who: str = "indra", organisation: Any = None) -> Any:
    chosen = str((organisation or cast.school).public_id)
    return cast.client(who).post(reverse(URL), {"organisation": chosen, "phone": phone})


def phone(cast: Any) -> str:
    return Organisation.objects.get(pk=cast.school.pk).phone


@pytest.mark.parametrize("who", ["indra", "kirana"])
def test_admin_and_lead_counsellor_set_it_and_the_roles_page_leads_there(cast: Any, who: str) -> None:
    assert reverse(URL) in cast.client(who).get(reverse("people:roles")).content.decode()
    assert send(cast, " +62  812-3456-7890 ", who).status_code == 302
    assert phone(cast) == "+62 812-3456-7890"
    assert "+62 812-3456-7890" in cast.client(who).get(reverse(URL)).content.decode()
    assert AuditEntry.objects.filter(verb="people.organisation.phone").count() == 1
    send(cast, "+62 812-3456-7890", who)
    assert AuditEntry.objects.filter(verb="people.organisation.phone").count() == 1


def test_students_see_it_on_the_crisis_card(cast: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    send(cast, "0274 555123")
    assert "0274 555123" in cast.client("ayu").get(reverse("help")).content.decode()


@pytest.mark.parametrize("wrong", ["call me", "12", "0812x", "++62 812", "1" * 16, "08\u0661\u0662\u0663"])
def test_what_cannot_be_dialled_is_told_and_kept_for_correction(cast: Any, wrong: str) -> None:
    answer = send(cast, wrong)
    assert answer.status_code == 400
    assert answer.context["form"].errors["phone"]
    assert wrong in answer.content.decode()
    assert phone(cast) == ""


def test_it_can_be_taken_away(cast: Any) -> None:
    send(cast, "119")
    assert phone(cast) == "119"
    send(cast, "")
    assert phone(cast) == ""


def test_another_school_is_no_choice(cast: Any) -> None:
    assert send(cast, "119", organisation=cast.other_school).status_code == 400
    with pytest.raises(NotVisible):
        set_phone(organisation=cast.other_school, phone="119", by=cast.actor("indra"), at=clock.now())
