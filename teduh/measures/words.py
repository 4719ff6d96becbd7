"""What codes of measures are called: bands, changes, limits, flags. A score names no illness and no cause."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from teduh.measures.engine import Change, Instrument, unconfirmed
from teduh.measures.engine.change import Limit

BANDS = {
    "minimal": pgettext_lazy("band of a score", "minimal"),
    "mild": pgettext_lazy("band of a score", "mild"),
    "moderate": pgettext_lazy("band of a score", "moderate"),
    "moderately_severe": pgettext_lazy("band of a score", "moderately severe"),
    "severe": pgettext_lazy("band of a score", "severe"),
}

CHANGES = {
    Change.RECOVERED: (
        pgettext_lazy("change of a score", "Better, and past the cut-off"),
        gettext_lazy("The score improved by more than measurement error and crossed the cut-off."),
        "ok",
    ),
    Change.IMPROVED: (
        pgettext_lazy("change of a score", "Better"),
        gettext_lazy("The score improved by more than measurement error."),
        "ok",
    ),
    Change.UNCHANGED: (
        pgettext_lazy("change of a score", "No sure change"),
        gettext_lazy("The difference is no larger than measurement error."),
        "muted",
    ),
    Change.DETERIORATED: (
        pgettext_lazy("change of a score", "Worse"),
        gettext_lazy("The score worsened by more than measurement error."),
        "concern",
    ),
    Change.NOT_MEASURED: (
        pgettext_lazy("change of a score", "Cannot be compared"),
        gettext_lazy("One of the two fillings has no score."),
        "muted",
    ),
}
"""Outcome to (short word, sentence, tone)."""

LIMITS = {
    Limit.NO_COMPARISON: gettext_lazy(
        "This is not proof that the help worked. People who wait without help often improve as well."
    ),
    Limit.BORROWED: gettext_lazy("Borrowed: measurement error comes from people outside Indonesia."),
    Limit.UNCONFIRMED: gettext_lazy("Nobody has yet checked the measurement error against its source."),
    Limit.PRORATED: gettext_lazy("At least one score was estimated, because answers were left blank."),
}

LANGUAGE_DIFFERS = gettext_lazy("The two fillings were in different languages; equality is unproven.")
BORROWED_CUTOFF = gettext_lazy("Borrowed: the cut-off comes from people outside Indonesia.")
VERSION_DIFFERS = gettext_lazy("The two fillings used different versions, so they are not compared.")
VERSION_GONE = gettext_lazy("This version is no longer provided, so the change is not computed.")

LANGUAGES = {
    "id": pgettext_lazy("language of a questionnaire", "Indonesian"),
    "en": pgettext_lazy("language of a questionnaire", "English"),
}


def band(key: str) -> str:
    """Return the name of a band; an unknown key stays readable rather than vanishing."""
    return str(BANDS.get(key, key.replace("_", " ")))


def language(code: str) -> str:
    """Return the name of a language of wording."""
    return str(LANGUAGES.get(code, code))


def flag(code: str) -> tuple[str, str]:
    """Return a flag in words and its tone: `safety:9`, `safety_later:9`, `item9_missing`, `prorated`…"""
    name, _colon, item = code.partition(":")
    if name == "safety":
        return _("Item %(item)s: needs a person the same day") % {"item": item}, "urgent"
    if name == "safety_later":
        said = _("Item %(item)s: needs a person the same day (answer sent again later)")
        return said % {"item": item}, "urgent"
    if code.startswith("item") and code.endswith("_missing"):
        item = code.removeprefix("item").removesuffix("_missing")
        return _("Item %(item)s not answered: please ask") % {"item": item}, "concern"
    if code == "prorated":
        return _("Estimated: some answers were blank"), "info"
    if code == "too_many_missing":
        return _("Too many blanks for a score"), "muted"
    return code.replace("_", " "), "muted"


def unconfirmed_parts(instrument: Instrument) -> tuple[str, ...]:
    """Name, in words, each part that nobody has checked against its source yet."""
    words: list[str] = []
    for path in unconfirmed(instrument):
        said = _part(path)
        if said not in words:
            words.append(said)
    return tuple(words)


def _part(path: str) -> str:
    if path == "text":
        return pgettext("part of a questionnaire", "wording: not yet compared with the original form")
    if path.startswith("ages"):
        return pgettext("part of a questionnaire", "age range")
    named = {
        "missing": pgettext("part of a questionnaire", "rule for blank answers"),
        "rounding": pgettext("part of a questionnaire", "rounding"),
        "cutoffs": pgettext("part of a questionnaire", "cut-off"),
        "reliability": pgettext("part of a questionnaire", "measurement error"),
    }
    parts = path.split(".")
    if parts[-2:-1] == ["cutoffs"]:
        return f"{named['cutoffs']}: {cutoff(parts[-1])}"
    return next((named[part] for part in parts if part in named), path)


def cutoff(key: str) -> str:
    """Return the name of a cut-off."""
    return {
        "nhs_case": _("English talking therapies"),
        "indonesian_students": _("Indonesian students"),
        "adolescents": _("Adolescents"),
        "primary_care": _("Primary care"),
    }.get(key, key.replace("_", " "))
