"""Forms of the spine."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teduh.care import labels
from teduh.care.closing import closing_reasons
from teduh.care.levels import level_of
from teduh.care.models import Episode
from teduh.care.states import LevelKey, Topic, Urgency, Wish
from teduh.care.triage import ANSWERS, Question
from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.kernel.forms import ActionForm, Result

TEXT_LIMIT = 4000
#: When somebody looks again after an end, unless another day is chosen.
AFTERCARE = timedelta(days=14)


def _choices(codes: Any) -> list[tuple[str, Any]]:
    return [(str(code), label) for code, label in codes.items()]


class QuestionsForm(ActionForm):
    """The few plain questions; every one may stay unanswered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Question:
            self.fields[question.value] = forms.ChoiceField(
                label=labels.QUESTIONS[question],
                choices=[(code, labels.QUESTION_ANSWERS[question][code]) for code in ANSWERS[question]],
                widget=forms.RadioSelect,
                required=False,
            )

    def any_answer(self) -> bool:
        """Tell whether a question was answered or holds an error, so that the page shows it open."""
        return any(self[q.value].value() or self[q.value].errors for q in Question)

    def answers(self) -> dict[str, str]:
        """Return what was answered."""
        return {q.value: self.cleaned_data[q.value] for q in Question if self.cleaned_data.get(q.value)}


class AskForm(QuestionsForm):
    """A student asks for help: one tap on a topic and one on "send" are enough."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=_choices(labels.TOPICS),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one that fits best. “Something else” is fine too.")},
    )
    wish = forms.ChoiceField(
        label=_("Whom would you like to talk to?"), choices=_choices(labels.WISHES), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Tell as much as you like"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].tile_icons = labels.TOPIC_ICONS  # type: ignore[attr-defined]
        self.fields["wish"].tile_icons = labels.WISH_ICONS  # type: ignore[attr-defined]
        self.fields["wish"].tile_help = labels.WISH_HELPS  # type: ignore[attr-defined]
        self.initial.setdefault("wish", Wish.UNSURE.value)


class WorryForm(QuestionsForm):
    """A friend is worried about somebody."""

    about = forms.CharField(
        label=_("Whom are you worried about?"),
        help_text=_("Name and class, as well as you know."),
        max_length=200,
    )
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=_choices({t: label for t, label in labels.TOPICS.items() if t != Topic.CAREER}),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What have you seen or heard?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].tile_icons = labels.TOPIC_ICONS  # type: ignore[attr-defined]
        for question, label in {
            "safe": _("Is your friend safe right now?"),
            "hurt": _("Is someone hurting your friend?"),
            "die": _("Does your friend speak of dying?"),
        }.items():
            self.fields[question].label = label


class RouteForm(ActionForm):
    """A counsellor gives a request to a level."""

    level = forms.ChoiceField(label=_("Who should take this?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (LevelKey.PEER.value, labels.LEVELS[LevelKey.PEER]),
            (LevelKey.COUNSELLING.value, labels.LEVELS[LevelKey.COUNSELLING]),
        ]


class PersonSearchForm(forms.Form):
    """Look for the student whom a request is about."""

    q = forms.CharField(label=_("Name of the student"), max_length=80)


class ReplyForm(ActionForm):
    """Answer a request without opening an episode."""

    reply = forms.CharField(
        label=_("Your answer"),
        help_text=_("The sender reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Write an answer; the sender will read it.")},
    )


class ContactForm(ActionForm):
    """A note about something that was done."""

    activity = forms.ChoiceField(label=_("What was done"))
    happened_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=40)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Sealed. Only the care team can read it."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
    )

    def __init__(self, *args: Any, episode: Episode, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = _choices(level_of(episode.level).activities)  # type: ignore[attr-defined]


class LeadForm(ActionForm):
    """Hand the lead to a colleague."""

    lead = forms.ChoiceField(label=_("Who leads from now on?"), widget=forms.RadioSelect)
    stays = forms.BooleanField(
        label=_("I stay on the care team"),
        help_text=_("Without this you can no longer open the record."),
        required=False,
    )

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = colleagues  # type: ignore[attr-defined]


class GoalForm(ActionForm):
    """What the person wants to reach."""

    text = forms.CharField(label=_("What should become better?"), max_length=300)


class RatingForm(ActionForm):
    """How near a goal feels."""

    value = forms.IntegerField(label=_("How near are you to it?"), min_value=0, max_value=10)


class CloseForm(ActionForm):
    """Close an episode, with aftercare."""

    reason = forms.ChoiceField(label=_("Why does it end?"))
    checks = forms.MultipleChoiceField(
        label=_("Before closing"), widget=forms.CheckboxSelectMultiple, required=False
    )
    aftercare_on = forms.DateField(
        label=_("Look again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    aftercare_owner = forms.ChoiceField(label=_("Who looks again?"), required=False)
    note = forms.CharField(
        label=_("Closing note"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
        required=False,
    )

    def __init__(self, *args: Any, episode: Episode, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(closing_reasons())  # type: ignore[attr-defined]
        self.fields["checks"].choices = _choices(level_of(episode.level).closing_checks)  # type: ignore[attr-defined]
        self.fields["aftercare_owner"].choices = owners  # type: ignore[attr-defined]
        level = level_of(episode.level)
        # What the action insists on is not called optional on the page.
        self.fields["checks"].required = bool(level.closing_checks)
        for name in ("aftercare_on", "aftercare_owner"):
            self.fields[name].required = level.needs_aftercare
        self.fields["checks"].error_messages["required"] = _("Every point has to be done before closing.")
        self.fields["aftercare_on"].error_messages["required"] = _("Choose who looks again, and when.")
        self.initial.setdefault("aftercare_on", clock.today() + AFTERCARE)
        self.initial.setdefault("aftercare_owner", str(episode.lead.public_id))


class ReferralForm(ActionForm):
    """Refer to another level or service."""

    target = forms.ChoiceField(label=_("Refer to"), widget=forms.RadioSelect)
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=_choices(labels.URGENCIES),
        widget=forms.RadioSelect,
        initial=Urgency.TODAY,
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The person and the other side read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
    )
    summary = forms.CharField(
        label=_("What the other side may know"),
        help_text=_(
            "Only what they need. The person reads it first. "
            "Once accepted, the notes of this episode can be read as well."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=TEXT_LIMIT,
    )

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets  # type: ignore[attr-defined]

    def attempt(self, act: Callable[[dict[str, Any]], Result]) -> Result | None:
        """Run the action; what it refuses about level or organisation stands beside the place."""

        def at_the_place(data: dict[str, Any]) -> Result:
            try:
                return act(data)
            except Refused as refused:
                field = "target" if refused.field in {"to_level", "to_organisation"} else refused.field
                raise Refused(refused.code, refused.message, field=field) from None

        return super().attempt(at_the_place)


class AnswerForm(ActionForm):
    """The receiver's answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("The sender and the person read this. Needed when you decline."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        required=False,
    )


class ReturnForm(ActionForm):
    """The receiver gives the person back."""

    answer = forms.CharField(
        label=_("What was done, and what is needed next?"),
        help_text=_("The sender and the person read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Write what was done and what is needed next.")},
    )


class OverrideForm(ActionForm):
    """Send a referral without consent, in danger only."""

    override_reason = forms.CharField(
        label=_("Why can it not wait?"),
        help_text=_("The person can read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Write why it cannot wait; the person can read this.")},
    )


class ResolutionForm(ActionForm):
    """What was done about an alert."""

    resolution = forms.CharField(
        label=_("What was done?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Write in a few words what was done.")},
    )


class FollowUpForm(ActionForm):
    """What a follow-up found."""

    result = forms.CharField(
        label=_("How is the person?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Write in a few words how the person is.")},
    )


class PlanFollowUpForm(ActionForm):
    """Plan a day on which somebody looks again."""

    due_on = forms.DateField(
        label=_("Look again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_due_on(self) -> date:
        """Refuse a day that has passed."""
        day: date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day
