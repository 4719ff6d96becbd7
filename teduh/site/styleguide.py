"""Sample content for the style guide page: every part once, with invented people."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """Shows every kind of control; nothing is stored."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_("Pick what fits best. You can change it later."),
        choices=[
            ("school", _("Lessons and exams")),
            ("friends", _("Friends")),
            ("family", _("Home and family")),
            ("self", _("Myself")),
        ],
        widget=forms.RadioSelect,
    )
    times = forms.MultipleChoiceField(
        label=_("When do you have time?"),
        choices=[("morning", _("Before class")), ("break", _("Break")), ("after", _("After school"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mood = forms.TypedChoiceField(
        label=_("How heavy does it feel?"),
        choices=[(n, str(n)) for n in range(11)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    nick = forms.CharField(
        label=_("Nickname"), max_length=20, min_length=3, help_text=_("Your peer supporter sees only this.")
    )
    text = forms.CharField(label=_("Your story"), max_length=1000, widget=forms.Textarea, required=False)
    reach = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=[("here", _("Here in Teduh")), ("class", _("In person at school"))],
    )
    agree = forms.BooleanField(
        label=_("I have read who can see this"), help_text=_("You can take it back at any time.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the topic tiles their icons."""
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.tile_icons = {
            "school": "book-open",
            "friends": "users-round",
            "family": "house",
            "self": "heart",
        }
        topic.tile_help = {"self": _("Feelings, body, future")}


def sample_context() -> dict[str, Any]:
    """Return what `site/styleguide.html` shows; fixed apart from today's date."""
    now = timezone.now()
    today = timezone.localdate()

    def day(back: int) -> date:
        return today - timedelta(days=back)

    bad = SampleForm(
        {"nick": "al", "text": str(_("I cannot sleep before exams.")), "topic": "school", "mood": "6"},
        auto_id="again_%s",
    )
    bad.is_valid()
    return {
        "form": SampleForm(initial={"topic": "friends", "mood": 4}),
        "bad_form": bad,
        "journey": [
            {"level": "peer", "label": _("Bima listens"), "start": day(118), "end": day(81)},
            {
                "level": "counselling",
                "label": _("Sessions with Ms Citra"),
                "start": day(81),
                "end": day(44),
                "href": "#x",
            },
            {"level": "psychosocial", "label": _("Plan with Ms Dewi"), "start": day(44), "end": day(12)},
            {
                "level": "counselling",
                "label": _("Aftercare with Ms Citra"),
                "start": day(12),
                "end": None,
                "current": True,
            },
        ],
        "points": [
            (f"{day(back):%d/%m}", value) for back, value in ((90, 19), (62, 16), (41, 14), (20, 9), (3, 6))
        ],
        "bands": [
            (0, 4, _("minimal")),
            (5, 9, _("mild")),
            (10, 14, _("moderate")),
            (15, 19, _("moderately severe")),
            (20, 27, _("severe")),
        ],
        "bars": [
            {"label": _("Lessons and exams"), "value": 41},
            {"label": _("Friends"), "value": 28, "tone": "peer"},
            {"label": _("Home and family"), "value": 17, "tone": "psychosocial"},
            {"label": _("Safety"), "value": None},
        ],
        "entries": [
            {
                "title": _("Session held"),
                "at": now,
                "icon": "message-circle-heart",
                "tone": "counselling",
                "who": "Citra",
            },
            {
                "title": _("Alert answered"),
                "at": now - timedelta(days=2),
                "icon": "siren",
                "tone": "urgent",
                "text": "…",
            },
            {"title": _("Request sent"), "at": now - timedelta(days=5), "icon": "send"},
        ],
        "people": [
            {"name": "Bima", "why": _("Your peer supporter, until you close the conversation")},
            {"name": "Citra Lestari", "why": _("Supervises Bima; called only when needed")},
        ],
        "pairs": [(_("Class"), "XI MIPA 2"), (_("Since"), f"{day(81):%d/%m/%Y}"), (_("Next step"), None)],
        "sections": [
            {"label": _("Overview"), "url": "#a", "current": True},
            {"label": _("Goals"), "url": "#b", "count": 2},
            {"label": _("Notes"), "url": "#c"},
        ],
        "workflow": [
            {"label": _("Request"), "state": "done", "at": day(44)},
            {"label": _("Assessment"), "state": "done", "at": day(40)},
            {"label": _("Plan"), "state": "current"},
            {"label": _("Follow-up"), "state": "todo"},
            {"label": _("Closing"), "state": "todo"},
        ],
        "days": [
            SimpleNamespace(
                label=_("Today"),
                slots=[
                    {"value": "1", "label": "09.10"},
                    {"value": "2", "label": "10.00", "taken": True},
                    {"value": "3", "label": "11.20", "note": _("by phone")},
                ],
            ),
            SimpleNamespace(
                label=_("Tomorrow"),
                slots=[{"value": "4", "label": "08.20"}, {"value": "5", "label": "13.00"}],
            ),
        ],
        "sample_page": Paginator(range(95), 20).page(2),
    }
