"""The form tags of `{% load ui %}`: the error stands beside its field and what was typed is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField

from teduh.site.ui.fields import Choice, control, read_choices

register = template.Library()


@register.inclusion_tag("ui/field.html")
def field(
    bound: BoundField, counter: int | None = None, label: object = "", help: object = ""
) -> dict[str, Any]:
    """Label, help, control and error, tied together; keeps what was typed.

    `{% field form.text counter=1000 label="…" help="…" %}`
    """
    return control(bound, counter=counter, label=label, help_text=help)


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """The error summary, hidden fields and all visible fields in order; put it inside your `<form>`.

    `{% fields form %}`
    """
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """A summary at the top with a link to each field that needs another look.

    `{% form_errors form %}`
    """
    bad = [(form[name], errors[0]) for name, errors in form.errors.items() if name in form.fields]
    return {"form": form, "bad": bad, "other": form.non_field_errors()}


@register.inclusion_tag("ui/tiles.html")
def tiles(
    bound: BoundField,
    icons: Mapping[Any, str] | None = None,
    helps: Mapping[Any, str] | None = None,
    one_column: bool = False,
    label: object = "",
    help: object = "",
) -> dict[str, Any]:
    """Radio or checkbox choices as big tiles; or set `tile_icons`/`tile_help` on the form field.

    `{% tiles form.topic icons=map helps=map one_column=True %}`
    """
    choices = read_choices(
        bound,
        icons or getattr(bound.field, "tile_icons", {}),
        helps or getattr(bound.field, "tile_help", {}),
    )
    return {**control(bound, label=label, help_text=help), "choices": choices, "one_column": one_column}


@register.inclusion_tag("ui/scale.html")
def scale(
    bound: BoundField, low: object = "", high: object = "", label: object = "", help: object = ""
) -> dict[str, Any]:
    """A row of numbers, 0 to 10 or as many as the field offers.

    `{% scale form.rating low=_("Not at all") high=_("Very") %}`
    """
    if getattr(bound.field, "choices", None):
        choices = read_choices(bound, {}, {})
    else:
        chosen = str(bound.value() if bound.value() is not None else "")
        numbers = (str(number) for number in range(11))
        choices = [
            Choice(number, number, f"{bound.auto_id}_{number}", number == chosen) for number in numbers
        ]
    return {**control(bound, label=label, help_text=help), "choices": choices, "low": low, "high": high}


@register.inclusion_tag("ui/slots.html")
def slots(days: Sequence[Any], name: str = "slot", chosen: object = "") -> dict[str, Any]:
    """Times to book as radios; a day has `label` and `slots` with `value`, `label`, `taken`, `note`.

    `{% slots days name="slot" %}`
    """
    return {"days": days, "name": name, "chosen": str(chosen or "")}
