"""The guardian's home: wards, what is asked, shared appointments, own worries, tips."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teduh.care.states import Door
from teduh.community.actions import ASKED_OF_GUARDIANS
from teduh.community.policies import wards_of
from teduh.community.queries.sent import SentLine, sent_requests
from teduh.community.queries.sharing import sharing_children
from teduh.community.tips import Tip, tips_of_week
from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor
from teduh.people.models import Consent, Person, RoleGrant
from teduh.people.models.person import in_force
from teduh.people.states import ConsentAnswer, ConsentPurpose, Role
from teduh.scheduling.queries import GuestTime, upcoming_of_guests

PURPOSE_TITLES: dict[ConsentPurpose, str | Promise] = {
    ConsentPurpose.SCREENING: _("Well-being questionnaires at school"),
    ConsentPurpose.PEER_TRAINING: _("Training as a peer supporter"),
}
PURPOSE_TEXTS: dict[ConsentPurpose, str | Promise] = {
    ConsentPurpose.SCREENING: _(
        "The school asks students short questions about how they are. Answers stay with the counsellor."
    ),
    ConsentPurpose.PEER_TRAINING: _(
        "Your child learns to listen to others, guided by a counsellor. They can stop at any time."
    ),
}


@dataclass(frozen=True)
class Question:
    """One thing that the guardian is asked about, with the present answer if there is one."""

    purpose: ConsentPurpose
    title: str | Promise
    text: str | Promise
    answered: bool
    agrees: bool
    answered_at: datetime | None


@dataclass(frozen=True)
class Ward:
    """A child, as a safe guardian sees them: never content, appointments only where the child shares."""

    public_id: uuid.UUID
    name: str
    called: str
    school: str
    questions: tuple[Question, ...]
    shares: bool
    appointments: tuple[GuestTime, ...]

    @property
    def open_questions(self) -> int:
        """How many questions wait for an answer."""
        return sum(not question.answered for question in self.questions)


@dataclass(frozen=True)
class GuardianHome:
    """What the home of a guardian shows; without wards it is tips and help."""

    wards: tuple[Ward, ...]
    worries: tuple[SentLine, ...]
    tips: tuple[Tip, ...]


def find_ward(actor: Actor, public_id: uuid.UUID) -> Person:
    """Return a child whose guardian the actor safely is.

    Raises NotVisible otherwise.
    """
    child = wards_of(actor).filter(public_id=public_id).select_related("organisation").first()
    if child is None:
        raise NotVisible
    return child


def ward_choices(actor: Actor) -> dict[str, Person]:
    """Return the wards by public id, for a form."""
    return {str(child.public_id): child for child in wards_of(actor).order_by("full_name", "pk")}


def guardian_home(actor: Actor, *, at: datetime) -> GuardianHome:
    """Return the home of a guardian with five queries, one where there are no wards."""
    supporter = RoleGrant.objects.filter(in_force(at), person=OuterRef("pk"), role=Role.PEER_SUPPORTER)
    children = list(
        wards_of(actor)
        .select_related("organisation")
        .annotate(is_supporter=Exists(supporter))
        .order_by("full_name", "pk")
    )
    tips = tips_of_week(clock.today())
    if not children:
        return GuardianHome((), (), tips)
    ids = [child.pk for child in children]
    answers = _answers(actor, ids)
    sharing = sharing_children(ids, at=at)
    times = upcoming_of_guests(sharing, at=at)
    return GuardianHome(
        wards=tuple(
            Ward(
                public_id=child.public_id,
                name=child.full_name,
                called=child.called,
                school=child.organisation.name,
                questions=_questions(child.pk, bool(cast(Any, child).is_supporter), answers),
                shares=child.pk in sharing,
                appointments=tuple(times.get(child.pk, ())),
            )
            for child in children
        ),
        worries=sent_requests(actor, Door.GUARDIAN, about=ids),
        tips=tips,
    )


def _answers(actor: Actor, ids: list[int]) -> dict[tuple[int, str], Consent]:
    rows = Consent.objects.filter(
        person_id__in=ids, giver_id=actor.person_id, purpose__in=ASKED_OF_GUARDIANS
    ).defer("note")
    return {(row.person_id, row.purpose): row for row in rows.order_by("given_at", "pk")}


def _questions(
    child: int, is_supporter: bool, answers: dict[tuple[int, str], Consent]
) -> tuple[Question, ...]:
    asked = []
    for purpose in ASKED_OF_GUARDIANS:
        answer = answers.get((child, purpose))
        # Training is asked about once the child has taken that up; asking everybody would only be noise.
        if purpose == ConsentPurpose.PEER_TRAINING and not is_supporter and answer is None:
            continue
        asked.append(
            Question(
                purpose=purpose,
                title=PURPOSE_TITLES[purpose],
                text=PURPOSE_TEXTS[purpose],
                answered=answer is not None,
                agrees=answer is not None and answer.answer == ConsentAnswer.GIVEN,
                answered_at=answer.given_at if answer else None,
            )
        )
    return tuple(asked)
