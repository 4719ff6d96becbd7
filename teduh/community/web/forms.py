"""Forms of guardians and homeroom teachers."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care import labels
from teduh.care.states import Topic
from teduh.care.triage import ANSWERS, Question
from teduh.kernel.forms import ActionForm
from teduh.people.models import Person

TEXT_LIMIT = 4000

#: Topics in an adult's words; the codes are those of the door.
TOPICS: dict[Topic, str | Promise] = {
    Topic.FEELINGS: _("Mood and feelings"),
    Topic.FRIENDS: pgettext_lazy("adult's topic", "Friends"),
    Topic.BULLYING: pgettext_lazy("adult's topic", "Bullied or mocked"),
    Topic.FAMILY: pgettext_lazy("adult's topic", "Family"),
    Topic.STUDY: pgettext_lazy("adult's topic", "School and study"),
    Topic.LOSS: pgettext_lazy("adult's topic", "Loss and grief"),
    Topic.VIOLENCE: _("Violence or abuse"),
    Topic.SELF_HARM: _("Self-harm or wish to die"),
    Topic.OTHER: pgettext_lazy("adult's topic", "Something else"),
}

SAFE_WORDS: dict[str, str | Promise] = {
    "yes": pgettext_lazy("safe now", "Yes, safe for now"),
    "unsure": pgettext_lazy("safe now", "I am not sure"),
    "no": pgettext_lazy("safe now", "No, help is needed now"),
}


class AboutStudentForm(ActionForm):
    """Somebody grown-up is worried about a student: whom, what about, what was seen, how soon."""

    person = forms.ChoiceField(label=pgettext_lazy("about whom", "About"))
    topic = forms.ChoiceField(
        label=pgettext_lazy("to an adult", "What is it about?"),
        choices=[(topic.value, label) for topic, label in TOPICS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best.")},
    )
    text = forms.CharField(
        label=pgettext_lazy("to an adult", "What have you seen or heard?"),
        help_text=_("Facts help most: what, when, how often."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=TEXT_LIMIT,
    )
    safe = forms.ChoiceField(
        choices=[(code, SAFE_WORDS[code]) for code in ANSWERS[Question.SAFE]],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how urgent it is.")},
    )

    def __init__(self, *args: Any, persons: dict[str, Person], safe_label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = persons
        person, safe = self.fields["person"], self.fields["safe"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [(key, child.full_name) for key, child in persons.items()]
        if len(persons) != 1:
            person.choices = [("", _("Choose")), *person.choices]
        safe.label = safe_label
        self.fields["topic"].tile_icons = labels.TOPIC_ICONS  # type: ignore[attr-defined]

    def request_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what the door's action needs from the cleaned values."""
        return {
            "client_id": data["client_id"],
            "topic": Topic(data["topic"]),
            "text": data["text"],
            "answers": {Question.SAFE.value: data["safe"]},
            "person": self.persons[data["person"]],
        }


class ConsentForm(ActionForm):
    """Yes or no."""

    agrees = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
