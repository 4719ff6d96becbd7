"""What the tests of this room share."""

from datetime import datetime

import pytest

from teduh.measures import hooks
from teduh.measures.models import Sheet


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sheet, str, datetime]]:
    """Collect the announcements of danger, alone: what the rooms above do with them is theirs to test."""
    calls: list[tuple[Sheet, str, datetime]] = []
    listeners = [lambda sheet, item, at: calls.append((sheet, item, at))]
    monkeypatch.setattr(hooks.safety_item_positive, "_listeners", listeners)
    return calls


@pytest.fixture(autouse=True)
def _unanswered_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with nobody above this room answering its questions."""
    for question in (hooks.readers_of, hooks.alerted_about):
        monkeypatch.setattr(question, "_answer", question._default)
