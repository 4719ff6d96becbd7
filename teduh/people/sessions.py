"""What a session knows from the moment of log-in, so that no later request has to write it."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from teduh.kernel import clock
from teduh.people.access import actor_of
from teduh.people.middleware import SEEN
from teduh.people.models import Account


@receiver(user_logged_in, dispatch_uid="people.begin_session")
def begin_session(sender: Any, request: HttpRequest | None, user: Account, **kwargs: Any) -> None:
    """Note when the person was last seen and which idle limit counts."""
    if request is not None:
        request.session[SEEN] = int(clock.now().timestamp())
        request.session["staff"] = actor_of(user.person).is_staff
