"""Names of codes, translated: activities, closing checks, risk levels, vulnerabilities, phases."""

from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from teduh.kernel.data import DataInvalid, read_data_file
from teduh.psychosocial.clocks import risk_clocks
from teduh.psychosocial.states import Phase, RiskLevel, StepState

ACTIVITIES: dict[str, str | Promise] = {
    "assessment": _("Assessment"),
    "psychological_support": _("Psychological support"),
    "psychological_first_aid": _("Psychological first aid"),
    "home_visit": _("Home visit"),
    "family_session": _("Session with the family"),
    "group_session": _("Group session"),
    "social_guidance": _("Social guidance"),
    "accompaniment": _("Accompaniment"),
    "linking_to_services": _("Linking to other services"),
    "case_conference": _("Case conference"),
    "follow_up": _("Follow-up"),
}

CLOSING_CHECKS: dict[str, str | Promise] = {
    "told": _("The person knows that the case is being closed"),
    "knows_whom": _("The person knows whom to contact later"),
    "safety_plan": _("The safety plan has been gone through together"),
    "aftercare_agreed": _("Aftercare has been agreed"),
    "supervisor_signed": _("The supervisor has agreed to the closing"),
}

RISKS: dict[RiskLevel, str | Promise] = {
    RiskLevel.HIGH: pgettext_lazy("risk", "High"),
    RiskLevel.MEDIUM: pgettext_lazy("risk", "Medium"),
    RiskLevel.LOW: pgettext_lazy("risk", "Low"),
}

RISK_TONES: dict[RiskLevel, str] = {
    RiskLevel.HIGH: "urgent",
    RiskLevel.MEDIUM: "concern",
    RiskLevel.LOW: "ok",
}

PHASES: dict[Phase, str | Promise] = {
    Phase.IDENTIFICATION: pgettext_lazy("case step", "Identification"),
    Phase.ASSESSMENT: pgettext_lazy("case step", "Assessment"),
    Phase.PLAN: pgettext_lazy("case step", "Plan"),
    Phase.IMPLEMENTATION: pgettext_lazy("case step", "Implementation"),
    Phase.FOLLOW_UP: pgettext_lazy("case step", "Follow-up"),
    Phase.CLOSURE: pgettext_lazy("case step", "Closure"),
}

STEP_STATES: dict[StepState, str | Promise] = {
    StepState.OPEN: pgettext_lazy("plan step", "Open"),
    StepState.DONE: pgettext_lazy("plan step", "Done"),
    StepState.DROPPED: pgettext_lazy("plan step", "Dropped"),
}

VULNERABILITIES: dict[str, str | Promise] = {
    "violence": _("Child who suffered violence"),
    "sexual_exploitation": _("Sexual exploitation"),
    "gender_based_violence": _("Survivor of gender-based violence"),
    "trafficked": _("Victim of trafficking"),
    "child_labour": _("Child labour"),
    "street": _("Lives or works on the street"),
    "child_mother": _("Mother who is still a child"),
    "child_headed_household": _("Household headed by a child"),
    "separated": _("Separated from parents or unaccompanied"),
    "disability": _("Disability"),
    "serious_illness": _("Serious illness"),
    "mental_disorder": _("Mental disorder"),
    "bereaved": _("Bereaved"),
    "missing_family": _("Family members missing"),
    "displaced": _("Displaced"),
    "older_person": _("Older person"),
    "pregnant": _("Pregnant or recently gave birth"),
    "responder": _("Responder or volunteer"),
    "stateless": _("Stateless or migrant"),
    "conflict_with_law": _("In conflict with the law"),
    "other": _("Other vulnerability"),
}


@lru_cache(maxsize=1)
def vulnerability_codes() -> tuple[str, ...]:
    """Return the codes of the dated list in the order of the form.

    Raises DataInvalid where a code has no name.
    """
    file = read_data_file(Path(__file__).parent / "data" / "vulnerabilities.toml")
    codes = tuple(file.values.get("codes", ()))
    unnamed = [code for code in codes if code not in VULNERABILITIES]
    if not codes or unnamed or len(set(codes)) != len(codes):
        raise DataInvalid(f"vulnerabilities.toml: `codes` is empty, doubled or unnamed: {', '.join(unnamed)}")
    return codes


def vulnerability_choices() -> list[tuple[str, str | Promise]]:
    """Return codes with their names for a form."""
    return [(code, VULNERABILITIES[code]) for code in vulnerability_codes()]


def respond_words(risk: RiskLevel) -> str:
    """Say how soon somebody must act at a risk level."""
    clock = risk_clocks().by_risk[risk]
    if clock.respond_working_days is not None:
        days = clock.respond_working_days
        return ngettext("Act within %(n)s working day", "Act within %(n)s working days", days) % {"n": days}
    hours = clock.respond_hours or 0
    if hours > 24 and hours % 24 == 0:
        days = hours // 24
        return ngettext("Act within %(n)s day", "Act within %(n)s days", days) % {"n": days}
    return ngettext("Act within %(n)s hour", "Act within %(n)s hours", hours) % {"n": hours}
