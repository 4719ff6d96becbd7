"""Forms of measures."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from teduh.kernel import clock
from teduh.measures import words
from teduh.measures.engine import Instrument, available
from teduh.measures.queries import instruments

SKIP = "skip"


def _code(value: str) -> int | None:
    return None if value == SKIP else int(value)


class FillForm(forms.Form):
    """One radio group an item; blanks are allowed once they were shown, but a safety item needs a choice.

    That choice may be not to answer, so that nobody passes over it by accident.
    """

    confirm_blank = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, instrument: Instrument) -> None:
        super().__init__(data)
        self.instrument = instrument
        for item in instrument.items:
            asks_safety = item.safety_at_least is not None
            choices: list[tuple[str, Any]] = [(str(each.value), each.label) for each in instrument.options]
            if asks_safety:
                choices.append((SKIP, _("I do not want to answer this")))
            self.fields[f"item_{item.id}"] = forms.TypedChoiceField(
                choices=choices,
                coerce=_code,
                empty_value=None,
                required=asks_safety,
                widget=forms.RadioSelect,
                label=item.text,
                error_messages={
                    "required": _("Please choose an answer, or choose not to answer."),
                    "invalid_choice": _("Please choose one of these answers."),
                },
            )

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Each item with its bound field, for the page."""
        return [
            {
                "item": item,
                "field": self[f"item_{item.id}"],
                "number": number,
                "asks_safety": item.safety_at_least is not None,
                "skip": SKIP,
            }
            for number, item in enumerate(self.instrument.items, start=1)
        ]

    @property
    def answers(self) -> tuple[int | None, ...]:
        """The answers in form order, None for a blank; of a valid form only."""
        return tuple(self.cleaned_data[f"item_{item.id}"] for item in self.instrument.items)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The items left blank that may be left blank; of a valid form only."""
        return tuple(
            item.id
            for item in self.instrument.items
            if item.safety_at_least is None and self.cleaned_data[f"item_{item.id}"] is None
        )

    @property
    def unconfirmed_blanks(self) -> tuple[str, ...]:
        """Blanks that the person has not yet been shown."""
        shown = {each.strip() for each in self.cleaned_data.get("confirm_blank", "").split(",")}
        return () if set(self.blanks) <= shown else self.blanks

    @property
    def first_fault(self) -> str:
        """The first item with an error, where the stepping page opens."""
        return next((item.id for item in self.instrument.items if f"item_{item.id}" in self.errors), "")


def _instrument_choices() -> list[tuple[str, str]]:
    return [(each.key, each.title) for each in instruments(get_language() or "id")]


def _instrument_help() -> dict[str, str]:
    return {
        each.key: gettext("%(count)s questions, about %(minutes)s minutes. %(recall)s.")
        % {"count": each.questions, "minutes": each.minutes, "recall": each.recall}
        for each in instruments(get_language() or "id")
    }


def _language_choices() -> list[tuple[str, str]]:
    codes = sorted({each.language for each in available()}, reverse=True)
    return [(code, words.language(code)) for code in codes]


class AssignForm(forms.Form):
    """Which instrument, in which language, until when."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    instrument = forms.ChoiceField(
        label=_("Questionnaire"), choices=_instrument_choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language of the questions"), choices=_language_choices, initial="id"
    )
    due_on = forms.DateField(
        label=_("Fill in by"),
        required=False,
        help_text=_("Without a day it can be filled in at any time."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day such as 2026-01-31.")},
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["instrument"].tile_help = _instrument_help()  # type: ignore[attr-defined]
        self.fields["due_on"].widget.attrs["min"] = clock.today().isoformat()
