"""What a form control needs to be understood: label, help, error and the ties between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.forms.boundfield import BoundField

FIELDSETS = (RadioSelect, CheckboxSelectMultiple)


@dataclass(frozen=True)
class Choice:
    """One tile or number to choose."""

    value: str
    label: str
    id: str
    selected: bool
    icon: str = ""
    help: str = ""
    disabled: bool = False


def read_choices(bound: BoundField, icons: Mapping[Any, str], helps: Mapping[Any, str]) -> list[Choice]:
    """Read the choices of a field with what was chosen before, leaving out the empty choice of a select."""
    values = bound.value()
    chosen = {str(value) for value in values} if isinstance(values, list | tuple | set) else {str(values)}
    choices: list[Choice] = []
    for value, label in getattr(bound.field, "choices", ()):
        if value in ("", None):
            continue
        key = str(value)
        choices.append(
            Choice(
                value=key,
                label=str(label),
                id=f"{bound.auto_id}_{len(choices)}",
                selected=key in chosen,
                icon=icons.get(value, "") or icons.get(key, ""),
                help=str(helps.get(value, "") or helps.get(key, "")),
                disabled=bound.field.disabled,
            )
        )
    return choices


def control(
    bound: BoundField, *, counter: int | None = None, label: object = "", help_text: object = ""
) -> dict[str, Any]:
    """Return what the field templates draw; the control names its help and error by aria-describedby."""
    helping = help_text or bound.help_text
    described = [f"{bound.auto_id}_help"] if helping else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    widget = bound.field.widget
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(widget, Textarea) and str(widget.attrs.get("rows", "10")) == "10":
        attributes["rows"] = "4"  # a tall empty box asks for more than people want to tell
    limit = counter or (getattr(bound.field, "max_length", None) if isinstance(widget, Textarea) else None)
    if limit:
        attributes["data-counter"] = f"{bound.auto_id}_count"
        attributes["maxlength"] = str(limit)
    return {
        "bound": bound,
        "id": bound.auto_id,
        "label": label or bound.label,
        "help": helping,
        "errors": bound.errors,
        "described": " ".join(described),
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, FIELDSETS),
        "is_many": isinstance(widget, CheckboxSelectMultiple),
        "choices": read_choices(bound, {}, {}) if isinstance(widget, FIELDSETS) else [],
        "optional": not bound.field.required,
        "limit": limit,
        "widget": "" if isinstance(widget, FIELDSETS) else bound.as_widget(attrs=attributes),
    }
