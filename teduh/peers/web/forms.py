"""Forms of peer support."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care import labels
from teduh.care.closing import closing_reasons
from teduh.care.levels import level_of
from teduh.care.states import LevelKey, Severity
from teduh.kernel.forms import ActionForm
from teduh.peers.actions.calls import WORD_LIMIT
from teduh.peers.actions.supporters import PEER_TOPICS
from teduh.peers.figures import figures
from teduh.peers.queries.supervisor import ChoosePage
from teduh.people.models import Person

#: How a conversation between peers may end; the rest of the list belongs to professionals.
PEER_ENDINGS = ("goals_met", "no_longer_needs", "withdrew", "other")


def _topics(label: Any) -> forms.MultipleChoiceField:
    field = forms.MultipleChoiceField(
        label=label,
        choices=[(topic.value, labels.TOPICS[topic]) for topic in PEER_TOPICS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field.tile_icons = {topic.value: icon for topic, icon in labels.TOPIC_ICONS.items()}  # type: ignore[attr-defined]
    return field


def _languages() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(figures().languages.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )


class MeForm(ActionForm):
    """What a supporter says about themself."""

    available = forms.BooleanField(
        label=_("I take new conversations now"),
        help_text=_("Switch this off whenever you need time. Nobody asks why."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"] = _topics(_("What I can listen to"))
        self.fields["languages"] = _languages()


class SupporterForm(ActionForm):
    """What a supervisor decides about a supporter."""

    def __init__(self, *args: Any, supervisors: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = figures().highest_capacity
        self.fields["supervisor"] = forms.ChoiceField(
            label=_("Supervisor"), choices=[(str(one.public_id), one.full_name) for one in supervisors]
        )
        self.fields["capacity"] = forms.TypedChoiceField(
            label=_("Conversations at once"),
            choices=[(number, str(number)) for number in range(1, most + 1)],
            coerce=int,
        )
        self.fields["topics"] = _topics(_("Topics"))
        self.fields["languages"] = _languages()
        self.fields["is_active"] = forms.BooleanField(
            label=_("Takes part in peer support"),
            help_text=_("Without this, nobody is sent to this supporter."),
            required=False,
        )
        self._supervisors = {str(one.public_id): one for one in supervisors}

    def supervisor(self) -> Person:
        """Return the chosen supervisor."""
        return self._supervisors[self.cleaned_data["supervisor"]]


class ChooseForm(ActionForm):
    """A supporter chosen by hand."""

    def __init__(self, *args: Any, shown: ChoosePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supporter"] = forms.ChoiceField(
            label=_("Who is asked?"),
            choices=[(str(one.person), one.name) for one in shown.choices],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose a supporter."),
                "invalid_choice": _("A rule stands against this supporter."),
            },
        )


class WishForm(ActionForm):
    """What a seeker wishes of the supporter."""

    same_class = forms.BooleanField(label=_("Someone from my class is fine"), required=False)

    def __init__(self, *args: Any, sex_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sex_known:
            self.fields["same_sex"] = forms.BooleanField(
                label=_("Only someone of my own sex"),
                help_text=_("Finding someone may take longer."),
                required=False,
            )


class CallForm(forms.Form):
    """A call for the supervisor; safe to send twice, because an open call is joined."""

    severity = forms.ChoiceField(
        label=_("How soon?"),
        choices=[
            (Severity.URGENT.value, pgettext_lazy("call", "Now: someone may be in danger")),
            (Severity.CONCERN.value, pgettext_lazy("call", "Today: I am not sure what to do")),
        ],
        widget=forms.RadioSelect,
    )
    word = forms.CharField(
        label=_("A word, if you like"),
        help_text=_("For example: scared, hurt, confused. Leave it empty if you are in a hurry."),
        max_length=WORD_LIMIT,
        required=False,
    )


class FinishForm(ActionForm):
    """The end of a conversation, with what must be done before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = closing_reasons()
        checks = level_of(LevelKey.PEER).closing_checks
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why does it end?"),
            choices=[(code, known[code]) for code in PEER_ENDINGS if code in known],
            widget=forms.RadioSelect,
        )
        self.fields["checks"] = forms.MultipleChoiceField(
            label=_("Before you finish"),
            choices=list(checks.items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Every point has to be done before you finish.")},
        )
