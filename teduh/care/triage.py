"""Triage: a recommendation with its reasons, from a few plain questions, the wish, the topic and the words used.

Pure and small on purpose: a person decides, or the student's own choice stands where it is safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from teduh.care.states import Door, LevelKey, Severity, Topic, Urgency, Wish


class Question(StrEnum):
    """The plain questions; every one may stay unanswered."""

    SAFE = "safe"
    HURT = "hurt"
    DIE = "die"


#: Answers a question may have, from harmless to grave; unanswered is "".
ANSWERS: Mapping[Question, tuple[str, str, str]] = {
    Question.SAFE: ("yes", "unsure", "no"),
    Question.HURT: ("no", "before", "now"),
    Question.DIE: ("no", "sometimes", "now"),
}

#: Topics that a peer alone must not carry.
NOT_FOR_PEERS_ALONE = frozenset({Topic.SELF_HARM, Topic.VIOLENCE})
#: Where somebody is unsure, these are near enough for a peer.
NEAR_TOPICS = frozenset({Topic.FRIENDS, Topic.LOVE, Topic.STUDY, Topic.BULLYING})


@dataclass(frozen=True)
class Recommendation:
    """What triage says: how soon, which level, why (codes), and whether the student's own wish may stand."""

    urgency: Urgency
    level: LevelKey
    reasons: tuple[str, ...]
    wish_stands: bool

    @property
    def danger(self) -> bool:
        """Whether a human must look at once."""
        return self.urgency == Urgency.NOW


def triage(
    *, door: Door, topic: Topic, wish: Wish, answers: Mapping[str, str], found: Severity | None
) -> Recommendation:
    """Recommend; `found` is what the detector saw in the text, if anything.

    Danger always means an adult today, whatever was wished; the wish is kept and shown.
    """
    reasons: list[str] = []
    grave = [q for q, scale in ANSWERS.items() if answers.get(q) == scale[2]]
    worrying = [q for q, scale in ANSWERS.items() if answers.get(q) == scale[1]]
    reasons += [f"answer_{question}_grave" for question in grave]
    reasons += [f"answer_{question}_worrying" for question in worrying]
    if found is not None:
        reasons.append(f"words_{found}")
    if topic in NOT_FOR_PEERS_ALONE:
        reasons.append("topic_needs_adult")
    if grave or found == Severity.URGENT:
        return Recommendation(Urgency.NOW, LevelKey.COUNSELLING, tuple(reasons), wish_stands=False)
    if worrying or found is not None or topic in NOT_FOR_PEERS_ALONE:
        stands = door == Door.SELF and wish == Wish.COUNSELLOR
        return Recommendation(Urgency.TODAY, LevelKey.COUNSELLING, tuple(reasons), wish_stands=stands)
    if door != Door.SELF:
        reasons.append("somebody_worries")
        return Recommendation(Urgency.TODAY, LevelKey.COUNSELLING, tuple(reasons), wish_stands=False)
    if wish == Wish.PEER:
        return Recommendation(Urgency.WEEK, LevelKey.PEER, (*reasons, "own_wish"), wish_stands=True)
    if wish == Wish.COUNSELLOR:
        return Recommendation(Urgency.WEEK, LevelKey.COUNSELLING, (*reasons, "own_wish"), wish_stands=True)
    if wish == Wish.DEEPER:
        reasons += ["own_wish", "deeper_through_counsellor"]
        return Recommendation(Urgency.TODAY, LevelKey.COUNSELLING, tuple(reasons), wish_stands=False)
    level = LevelKey.PEER if topic in NEAR_TOPICS else LevelKey.COUNSELLING
    reasons.append("topic_near" if level == LevelKey.PEER else "topic_structured")
    return Recommendation(Urgency.WEEK, level, tuple(reasons), wish_stands=False)
