"""Finds an account by user name or e-mail, and loads it with all that a request needs."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from teduh.kernel.prepared import Prepared
from teduh.people.models import Account

#: What every signed-in request asks.
_ACTIVE = Prepared(
    lambda account: (
        Account.objects.select_related("person__organisation")
        .annotate(
            second_factor=Exists(
                Authenticator.objects.filter(
                    user_id=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
                )
            )
        )
        .filter(pk=account, is_active=True)
    ),
    account=int,
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """One look-up and one password check for every attempt, so that time tells nobody whether an account is
    there.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        name = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        if not name or "\x00" in name:
            return None
        found = list(Account.objects.filter(Q(username=name) | Q(email=name)).order_by("pk")[:2])
        # Somebody's user name may be another's address only by a mistake; the user name wins.
        account = next((one for one in found if one.username == name), found[0] if found else None)
        checked: Account | None = self._check_password(account, str(credentials.get("password") or ""))
        return checked

    def get_user(self, user_id: int) -> Account | None:
        """Return the account with its person, organisation and whether a second factor is set up, in one
        query.
        """
        found: list[Account] = _ACTIVE.instances(account=user_id)
        return found[0] if found else None

    async def aget_user(self, user_id: int) -> Account | None:
        """Return the same for a stream."""
        from asgiref.sync import sync_to_async

        return await sync_to_async(self.get_user)(user_id)
