"""Forms that allauth uses in place of its own."""

from typing import Any

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.utils.translation import gettext_lazy as _

from teduh.kernel import clock
from teduh.people import delays, device
from teduh.people.adapter import wait_error


class LoginForm(BaseLoginForm):  # type: ignore[misc]
    """Name and password; a class card's QR code brings the name along."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.max_length = _("User name or e-mail"), 254
        login.widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254}
        )
        login.widget.attrs.pop("placeholder", None)
        password.widget.attrs.pop("placeholder", None)
        password.max_length = 128
        password.help_text = ""
        if self.request is not None and not self.is_bound:
            self.initial["login"] = self.request.GET.get("u", "")[:60]


class _SlowCode:
    """Guesses of a code wait like guesses of a password: per account and device, whatever the network."""

    def clean_code(self) -> str:
        user = self.user  # type: ignore[attr-defined]
        key = delays.delay_key(
            f"second-factor/{user.pk}", device.known_device(context.request, user.username), "any"
        )
        seconds = delays.take_attempt(key, at=clock.now())
        if seconds:
            raise wait_error(seconds)
        code: str = super().clean_code()  # type: ignore[misc]
        delays.forgive(key)
        return code


class CodeForm(_SlowCode, AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""


class CodeAgainForm(_SlowCode, ReauthenticateForm):  # type: ignore[misc]
    """The code before something delicate."""
