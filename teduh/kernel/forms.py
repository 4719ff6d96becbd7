"""The form that every write comes from: a client-made id makes it safe to send twice, refusals land beside fields."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.http import QueryDict

from teduh.kernel.errors import Refused
from teduh.kernel.ids import new_public_id

Result = TypeVar("Result")


class ActionForm(forms.Form):
    """A form with a hidden `client_id`; what an action refuses is shown beside the field it names."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_id": new_public_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def attempt(self, act: Callable[[dict[str, Any]], Result]) -> Result | None:
        """Run an action with the cleaned values; return None, with errors set, where the form or the action says no."""
        if not self.is_valid():
            return None
        try:
            return act(self.cleaned_data)
        except Refused as refused:
            if refused.code == "form_used":
                # What was typed is shown again under an id of its own: sent once more, it is kept.
                fresh = cast(QueryDict, self.data).copy()
                fresh["client_id"] = str(new_public_id())
                self.data = fresh
            self.add_error(refused.field if refused.field in self.fields else None, str(refused.message))
            return None
