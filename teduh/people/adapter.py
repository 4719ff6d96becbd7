"""How allauth behaves here: nobody signs up, failed log-ins wait instead of locking, secrets are sealed."""

import base64
import time
from datetime import timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from teduh.kernel import clock
from teduh.kernel.sealing import box, keyring
from teduh.people import delays, device
from teduh.people.models import Account
from teduh.people.told import SYSTEM_SCOPE

#: Pages on which a second factor is set up for the first time.
_FIRST_FACTOR = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
)
_WRONG = _("The name or the password is not right. Please check both.")


def wait_error(seconds: int) -> ValidationError:
    """Return the message that says how long to wait; it is the same whether an account is there or not."""
    return ValidationError(
        ngettext(
            "Please wait %(seconds)s second, then try again. Nothing is locked.",
            "Please wait %(seconds)s seconds, then try again. Nothing is locked.",
            seconds,
        )
        % {"seconds": seconds},
        code="wait",
    )


def _has_old_factor(account: Account) -> bool:
    """Tell whether a second factor was there before this log-in's first minutes."""
    before = clock.now() - timedelta(seconds=account_settings.REAUTHENTICATION_TIMEOUT)
    return bool(Authenticator.objects.filter(user=account, created_at__lt=before).exists())


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by schools; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "incorrect_password": _("That is not your password. Please try again."),
        "enter_current_password": _("That is not your present password. Please try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes from an import or from staff."""
        return False

    def network(self, request: HttpRequest) -> str:
        """Return the network an attempt comes from."""
        try:
            return delays.network_of(self.get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            return "unknown"

    def _key(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        name = str(credentials.get("email") or credentials.get("username") or "")
        return delays.delay_key(name, device.known_device(request, name), self.network(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take one attempt from the allowance of (name, device, network).

        Raises ValidationError with the seconds to wait where the allowance is used up for now.
        """
        seconds = delays.take_attempt(self._key(request, credentials), at=clock.now())
        if seconds:
            raise wait_error(seconds)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Authenticate; success gives the allowance back."""
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            delays.forgive(self._key(request, credentials))
        return account

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Let the device know the account, and speak its language where the visitor chose none."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        device.remember(request, response, user.username, user.email)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before something delicate.

        Spared are the first second factor and its codes, within minutes of the log-in that demands them.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        match = request.resolver_match
        if match is None or match.view_name not in _FIRST_FACTOR or _has_old_factor(request.user):
            return True
        return not any(
            time.time() - record["at"] < account_settings.REAUTHENTICATION_TIMEOUT
            for record in get_authentication_records(request, request.user)
        )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what needs saying, but no "you have signed in as …": on a shared phone that tells too much."""
        if message_template in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            return
        super().add_message(request, level, message_template, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are sealed under keys of their own."""

    def encrypt(self, text: str) -> str:
        """Seal a secret; the key's id stands in front."""
        key = keyring.new_data_key(SYSTEM_SCOPE)
        sealed = box.seal(keyring.material(key.pk), text.encode(), _PLACE)
        return f"{key.pk}:{base64.urlsafe_b64encode(sealed).decode('ascii')}"

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret.

        Raises SealBroken where it was changed or belongs to another root key.
        """
        key, _colon, sealed = encrypted_text.partition(":")
        if not key.isdigit():
            raise box.SealBroken("second factor is not sealed")
        return box.unseal(keyring.material(int(key)), base64.urlsafe_b64decode(sealed), _PLACE).decode()


_PLACE = b"second-factor"
