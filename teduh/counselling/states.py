"""Fixed words of counselling. No Django here."""

from enum import StrEnum


class Field(StrEnum):
    """The four fields of guidance and counselling: pribadi, sosial, belajar, karier."""

    PERSONAL = "personal"
    SOCIAL = "social"
    LEARNING = "learning"
    CAREER = "career"


class Activity(StrEnum):
    """What a counsellor does with or for one person; guidance of whole classes belongs to no episode."""

    INDIVIDUAL_COUNSELLING = "individual_counselling"
    GROUP_COUNSELLING = "group_counselling"
    GROUP_GUIDANCE = "group_guidance"
    CONSULTATION = "consultation"
    HOME_VISIT = "home_visit"
    CASE_CONFERENCE = "case_conference"
    MEDIATION = "mediation"
    COLLABORATION = "collaboration"
    ADVOCACY = "advocacy"
    PHONE_OR_CHAT = "phone_or_chat"


class ClosingCheck(StrEnum):
    """What a counsellor confirms before an episode closes."""

    TOLD = "told"
    KNOWS_WHOM = "knows_whom"
    GOALS_REVIEWED = "goals_reviewed"
    AFTERCARE_AGREED = "aftercare_agreed"
