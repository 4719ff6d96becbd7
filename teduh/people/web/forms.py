"""Forms of the people room."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teduh.kernel.errors import Refused
from teduh.people.models import Account


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Put what an action refused beside the field it belongs to."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused.message))


class OnceForm(forms.Form):
    """A form with a UUID of its own: sending it twice does the thing once."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_key(self) -> uuid.UUID:
        """Return the form's id, a new one where a script left it out."""
        return self.cleaned_data["key"] or uuid.uuid4()


class OwnPasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 8 signs. Three words that only you put together are good."),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse what others would guess."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password

    def clean_again(self) -> str:
        """Refuse a slip of the finger."""
        again: str = self.cleaned_data["again"]
        first = self.data.get(self.add_prefix("password"))
        if first is not None and again != first:
            raise ValidationError(_("The two do not match. Please type the second one again."))
        return again


class LanguageForm(forms.Form):
    """The language of the account."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
