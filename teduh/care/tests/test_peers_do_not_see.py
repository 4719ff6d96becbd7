"""A peer supporter knows the person by a pseudonym: no page of the spine tells the name."""

from typing import Any

import pytest

from teduh.care.models import Referral
from teduh.care.states import LevelKey
from teduh.care.tests.helpers import episode, referral


@pytest.mark.parametrize("page", ["", "note/", "close/", "refer/", "results/", "goal/", "follow-up/"])
def test_the_supporter_who_leads_has_no_page_with_the_name(cast: Any, page: str) -> None:
    opened = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    response = cast.client("bima").get(f"/care/episode/{opened.public_id}/{page}")
    assert response.status_code == 404
    assert "Ayu Lestari" not in response.content.decode()


def test_the_supporter_does_not_see_the_referral_that_grows_out_of_the_conversation(cast: Any) -> None:
    opened = episode(cast, lead="bima", level=LevelKey.PEER, supervisor="citra")
    referral(cast, opened)
    assert not Referral.objects.visible_to(cast.actor("bima")).exists()
    assert Referral.objects.visible_to(cast.actor("citra")).exists()
