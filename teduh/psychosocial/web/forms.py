"""Forms of case work; they parse and keep what was typed, the rules stand in the actions."""

from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.kernel.forms import ActionForm
from teduh.people.models import Person
from teduh.psychosocial.actions.assessments import TEXT_LIMIT
from teduh.psychosocial.actions.plans import AIM_LIMIT, MOST_STEPS, STEP_LIMIT
from teduh.psychosocial.states import RiskLevel, StepDeed
from teduh.psychosocial.vocabulary import RISKS, respond_words, vulnerability_choices

#: How many empty lines for steps a plan form offers beyond those that are filled.
SPARE_STEPS = 3


def _text(label: Any, help_text: Any, *, rows: int, limit: int, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=limit,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class AssessmentForm(ActionForm):
    """What was found: situation, strengths, needs, vulnerability and risk."""

    situation = _text(
        _("Situation"), _("What is happening, where, and since when."), rows=6, limit=TEXT_LIMIT
    )
    needs = _text(_("Needs"), _("What the person needs most now."), rows=4, limit=TEXT_LIMIT)
    strengths = _text(
        _("Strengths"), _("What and who already helps."), rows=4, limit=TEXT_LIMIT, required=False
    )
    vulnerabilities = forms.MultipleChoiceField(
        label=_("Choose what applies; it may be nothing."),
        choices=vulnerability_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    risk = forms.ChoiceField(
        label=_("Risk"),
        help_text=_("The risk sets how soon the person is seen again."),
        choices=[(risk.value, label) for risk, label in RISKS.items()],
        widget=forms.RadioSelect,
    )

    @property
    def risk_icons(self) -> dict[str, str]:
        """Icons of the risk tiles."""
        return {RiskLevel.HIGH: "siren", RiskLevel.MEDIUM: "triangle-alert", RiskLevel.LOW: "leaf"}

    @property
    def risk_help(self) -> dict[str, str]:
        """What each risk means for the clock, from the dated data."""
        return {risk.value: respond_words(risk) for risk in RiskLevel}


class PlanForm(ActionForm):
    """What should become better, whether the person agreed, and when somebody looks again."""

    aim = _text(_("Aim"), _("What should become better, in the person’s words."), rows=3, limit=AIM_LIMIT)
    agreed_with_person = forms.BooleanField(
        label=_("Agreed together with the person"),
        help_text=_("Leave it open where the person does not agree yet."),
        required=False,
    )
    follow_up_on = _day(_("Look again on"), _("You will be reminded on this day."))


class StepForm(forms.Form):
    """One step with who does it by when."""

    text = forms.CharField(label=_("What will be done"), max_length=STEP_LIMIT)
    owner = forms.ChoiceField(label=pgettext_lazy("plan step", "Who"), required=False)
    due_on = _day(pgettext_lazy("plan step", "By when"))

    def __init__(self, *args: Any, owners: dict[str, Person], person_called: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", person_called), *((key, person.full_name) for key, person in owners.items())]

    @property
    def parsed(self) -> tuple[str, Person | None, date]:
        """The step as the action takes it."""
        cleaned = self.cleaned_data
        return cleaned["text"], self.owners.get(cleaned["owner"]), cleaned["due_on"]


class NewStepForm(ActionForm, StepForm):
    """A step added later."""


class Steps(BaseFormSet[StepForm]):
    """The steps of a plan; lines left empty count as not there."""

    @property
    def parsed(self) -> list[tuple[str, Person | None, date]]:
        """The steps that were filled in."""
        return [form.parsed for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        """Ask for at least one step."""
        if any(self.errors):
            return
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("A plan needs at least one step."))


def steps_formset(
    data: Any, *, owners: dict[str, Person], person_called: str, initial: list[dict[str, Any]] | None = None
) -> Steps:
    """Return the lines for steps: those of the plan in force, and spare ones."""
    made = formset_factory(
        StepForm, formset=Steps, extra=SPARE_STEPS, max_num=MOST_STEPS, validate_max=True, absolute_max=50
    )
    formset = made(
        data,
        prefix="steps",
        initial=None if data is not None else initial,
        form_kwargs={"owners": owners, "person_called": person_called},
    )
    assert isinstance(formset, Steps)
    return formset


class StepDeedForm(forms.Form):
    """Done, or no longer wanted."""

    deed = forms.ChoiceField(choices=[(deed.value, deed.name) for deed in StepDeed])


class FollowUpForm(ActionForm):
    """How the person is, and when somebody looks again."""

    result = _text(
        _("How is the person?"), _("What has changed, and what is still needed."), rows=5, limit=TEXT_LIMIT
    )
    next_on = _day(_("Look again on"), required=False)

    def __init__(self, *args: Any, needs_next: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_next:
            self.fields["next_on"].required = True
        else:
            del self.fields["next_on"]
