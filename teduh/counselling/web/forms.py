"""Forms of counselling; they parse and keep what was typed, the rules stand in the actions."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teduh.care.labels import TOPICS
from teduh.counselling.actions.booking import WISH_LIMIT
from teduh.counselling.actions.sessions import NEXT_STEP_LIMIT
from teduh.counselling.level import ACTIVITIES, FIELD_ICONS, FIELDS
from teduh.counselling.queries import SessionPage
from teduh.counselling.states import Activity
from teduh.kernel.forms import ActionForm
from teduh.scheduling.actions.availability import WindowInput
from teduh.scheduling.queries import AppointmentLine
from teduh.scheduling.slots import WeekWindow
from teduh.scheduling.states import AppointmentStep

SLOT_FORMAT = "%Y-%m-%dT%H:%M"
NOTE_LIMIT = 20_000
#: How many times of a day the form offers at least: before and after the break.
ROWS_A_DAY = 2
ENDS = {"from": pgettext_lazy("time window", "from"), "to": pgettext_lazy("time window", "to")}


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class _Time(forms.TimeField):
    """A time of day; a dot between hours and minutes is how many people write it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the time like this: 07:30.")})
        super().__init__(widget=_time_input(), **kwargs)


class _Day(forms.DateField):
    """A date; browsers send it in one form, people type it in others."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the date like this: 31/12/2026.")})
        super().__init__(widget=_date_input(), **kwargs)


class SlotForm(forms.Form):
    """A time in an address."""

    slot = forms.DateTimeField(input_formats=[SLOT_FORMAT])


class BookForm(ActionForm):
    """The time, and at will what about."""

    slot = forms.DateTimeField(
        input_formats=[SLOT_FORMAT],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose a time."), "invalid": _("Choose a time.")},
    )
    wish = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("You may leave this empty. A few words are enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=WISH_LIMIT,
        required=False,
    )


class StepForm(forms.Form):
    """One step with an appointment."""

    step = forms.ChoiceField(choices=[(step.value, step.name) for step in AppointmentStep])
    back = forms.CharField(required=False, max_length=8)


class OpenForm(forms.Form):
    """What the episode will be about."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(code.value, label) for code, label in TOPICS.items()],
        error_messages={"required": _("Choose one that fits best.")},
    )


class LeaveForm(forms.Form):
    """Days off."""

    first_day = _Day(label=_("First day"))
    last_day = _Day(label=_("Last day"))


@dataclass(frozen=True)
class DayFields:
    """One weekday of the form: its name and its pairs of from and to."""

    label: Any
    pairs: tuple[tuple[BoundField, BoundField], ...]
    errors: tuple[str, ...]


class AvailabilityForm(forms.Form):
    """The whole week: for each day some pairs of times, and how long a meeting takes."""

    slot_minutes = forms.TypedChoiceField(
        label=_("One meeting takes"),
        choices=[(n, _("%(n)s minutes") % {"n": n}) for n in (20, 25, 30, 40, 45, 60, 80, 90)],
        coerce=int,
    )
    buffer_minutes = forms.TypedChoiceField(
        label=_("Pause between two meetings"),
        choices=[(0, _("No pause")), *((n, _("%(n)s minutes") % {"n": n}) for n in (5, 10, 15, 20, 30))],
        coerce=int,
    )

    def __init__(self, *args: Any, windows: Sequence[WeekWindow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_day = {day: [w for w in windows if w.weekday == day] for day in range(7)}
        self.rows = max(ROWS_A_DAY, *(len(day) for day in by_day.values()))
        for day in range(7):
            for row in range(self.rows):
                window = by_day[day][row] if row < len(by_day[day]) else None
                ends = (window.starts, window.ends) if window is not None else (None, None)
                for name, minutes in zip(ENDS, ends, strict=True):
                    field = _Time(required=False, label=format_lazy("{} {}", WEEKDAYS[day], ENDS[name]))
                    field.initial = None if minutes is None else time(*divmod(minutes, 60))
                    field.widget.attrs.update({"class": "input", "aria-label": field.label})
                    self.fields[f"d{day}_{row}_{name}"] = field
        first = windows[0] if windows else None
        self._keep("slot_minutes", first.slot_minutes if first else 40)
        self._keep("buffer_minutes", first.buffer_minutes if first else 10)

    def _keep(self, name: str, minutes: int) -> None:
        """Offer a length that was set elsewhere as well, so that saving does not change it unseen."""
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        choices = list(field.choices)  # type: ignore[arg-type]
        if minutes not in dict(choices):
            field.choices = [*choices, (minutes, _("%(n)s minutes") % {"n": minutes})]
        field.initial = minutes

    def clean(self) -> dict[str, Any]:
        """Both ends of a time, or neither."""
        for day in range(7):
            for row in range(self.rows):
                names = (f"d{day}_{row}_from", f"d{day}_{row}_to")
                given = [self.cleaned_data.get(name) for name in names]
                if any(name in self.errors for name in names) or (given[0] is None) == (given[1] is None):
                    continue
                self.add_error(names[0], _("Give both times, or leave both empty."))
        return self.cleaned_data

    @property
    def windows(self) -> list[WindowInput]:
        """The week as it was filled in."""
        values = self.cleaned_data
        return [
            WindowInput(
                day,
                values[f"d{day}_{row}_from"],
                values[f"d{day}_{row}_to"],
                values["slot_minutes"],
                values["buffer_minutes"],
            )
            for day in range(7)
            for row in range(self.rows)
            if values.get(f"d{day}_{row}_from") is not None
        ]

    def refuse(self, field: str | None, message: str) -> None:
        """Show what the action refused at the day that it names."""
        if field is not None and field.isdigit():
            field = f"d{field}_0_from"
        self.add_error(field if field in self.fields else None, message)

    @property
    def days(self) -> Iterator[DayFields]:
        """The days for the template."""
        for day in range(7):
            pairs = tuple((self[f"d{day}_{row}_from"], self[f"d{day}_{row}_to"]) for row in range(self.rows))
            errors = tuple(str(e) for pair in pairs for bound in pair for e in bound.errors)
            yield DayFields(WEEKDAYS[day], pairs, errors)


class _AppointmentField(forms.ChoiceField):
    """An appointment by its public id; the action tells which it may be, so a resend is not refused."""

    def valid_value(self, value: Any) -> bool:
        """Whether it is an id at all."""
        try:
            uuid.UUID(str(value))
        except ValueError:
            return False
        return True


def _belongs(page: SessionPage, chosen: str | None, at: datetime) -> AppointmentLine | None:
    """Return the appointment to offer first: the one named, else one that began today without a note."""
    today = timezone.localdate(at)
    for line in page.appointments:
        begun = line.starts_at <= at and timezone.localdate(line.starts_at) == today
        if str(line.public_id) == chosen or (chosen is None and begun):
            return line
    return None


class SessionForm(ActionForm):
    """A session: when, how long, what, the note, the next step, and how near the goals feel."""

    day = _Day(label=_("Date"))
    clock = _Time(label=_("Began at"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    activity = forms.ChoiceField(
        label=_("Activity"), choices=[(code.value, label) for code, label in ACTIVITIES.items()]
    )
    field = forms.ChoiceField(
        label=pgettext_lazy("field of guidance", "Field"),
        choices=[(code.value, label) for code, label in FIELDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one field.")},
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What was talked about, what you noticed, what helped."),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=NOTE_LIMIT,
        error_messages={"required": _("Write a few words about the session.")},
    )
    next_step = forms.CharField(
        label=_("Agreed next step"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=NEXT_STEP_LIMIT,
        required=False,
    )
    appointment = _AppointmentField(label=_("Belongs to the appointment"), required=False)

    def __init__(
        self,
        *args: Any,
        page: SessionPage,
        labels: dict[uuid.UUID, str],
        at: datetime,
        chosen: str | None = None,
        **more: Any,
    ) -> None:
        line = _belongs(page, chosen, at)
        began = timezone.localtime(min(line.starts_at, at) if line else at - timedelta(minutes=40))
        length = int((line.ends_at - line.starts_at).total_seconds() // 60) if line else 40
        initial = {
            "day": began.date(),
            "clock": began.time().replace(second=0, microsecond=0),
            "minutes": length,
            "activity": Activity.INDIVIDUAL_COUNSELLING,
            "appointment": str(line.public_id) if line else "",
        }
        super().__init__(*args, initial=initial, **more)
        self.goals = page.goals
        self.fields["field"].tile_icons = FIELD_ICONS  # type: ignore[attr-defined]
        if labels:
            choices = [("", _("No appointment")), *((str(key), label) for key, label in labels.items())]
            self.fields["appointment"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["appointment"]
        for goal in page.goals:
            self.fields[f"goal_{goal.public_id.hex}"] = forms.TypedChoiceField(
                label=goal.text,
                choices=[(str(n), str(n)) for n in range(11)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def ratings(self) -> dict[uuid.UUID, int]:
        """What was rated."""
        given = {goal.public_id: self.cleaned_data.get(f"goal_{goal.public_id.hex}") for goal in self.goals}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def goal_fields(self) -> list[tuple[BoundField, int | None]]:
        """The scales for the template, each with the last rating."""
        return [(self[f"goal_{goal.public_id.hex}"], goal.last) for goal in self.goals]

    @property
    def happened_at(self) -> datetime:
        """When the session began."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))
