"""Write down what was found."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teduh.care.models import Episode
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, other_words
from teduh.people.access import Actor
from teduh.people.told import told
from teduh.psychosocial.models import Assessment
from teduh.psychosocial.policies import insist_on_case
from teduh.psychosocial.states import RiskLevel
from teduh.psychosocial.vocabulary import vulnerability_codes

#: The longest text of one field, in characters.
TEXT_LIMIT = 8_000


@transaction.atomic
def assess(
    *,
    episode: Episode,
    risk: RiskLevel | str,
    vulnerabilities: Sequence[str],
    situation: str,
    strengths: str,
    needs: str,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
) -> Assessment:
    """Write an assessment beside the former ones; the newest sets the clocks. The same `client_id` is one.

    Raises Refused naming the field that needs another look, or for other words under the same id; NotVisible
    outside the care team.
    """
    writer = insist_on_case(by, episode)
    # The same form twice at the same moment: the second waits here and finds the first.
    Episode.objects.select_for_update().get(pk=episode.pk)
    known = Assessment.objects.filter(client_id=client_id).first()
    if known is not None:
        if known.episode_id != episode.pk:
            raise NotVisible
        if (known.situation.open(), known.strengths.open(), known.needs.open()) != (
            situation,
            strengths,
            needs,
        ):
            raise other_words()
        return known
    try:
        level = RiskLevel(risk)
    except ValueError:
        raise Refused("risk_unknown", _("Choose how high the risk is."), field="risk") from None
    if not set(vulnerabilities) <= set(vulnerability_codes()):
        raise Refused("vulnerability_unknown", _("Choose from the list."), field="vulnerabilities")
    for name, text in (("situation", situation), ("strengths", strengths), ("needs", needs)):
        if len(text) > TEXT_LIMIT:
            raise Refused("too_long", _("This text is too long. Please shorten it."), field=name)
    if not situation.strip():
        raise Refused("situation_empty", _("Describe the situation in a few words."), field="situation")
    if not needs.strip():
        raise Refused("needs_empty", _("Write what the person needs most."), field="needs")
    row = Assessment.objects.create(
        episode=episode,
        sealing_key_id=episode.sealing_key_id,
        made_by_id=writer,
        made_at=at,
        risk=level,
        vulnerabilities=[code for code in vulnerability_codes() if code in vulnerabilities],
        situation=situation,
        strengths=strengths,
        needs=needs,
        client_id=client_id,
    )
    audit.record(
        told(by, "psychosocial.assessment.write", row, subject=episode.person, risk=level.value), at=at
    )
    return row
