"""Fill an empty demo installation with the cast, for the browser tests; run in a process of its own."""

from datetime import time

import django

django.setup()

from django.core.management import call_command

call_command("migrate", verbosity=0)

from conftest import make_cast
from teduh.kernel import clock
from teduh.peers.actions.supporters import enrol
from teduh.people.models import Account, Organisation
from teduh.scheduling.actions.availability import WindowInput, set_availability

cast = make_cast()
Account.objects.update(is_demo=True)
Organisation.objects.update(is_demo=True)
citra = cast.actor("citra")
enrol(
    person=cast.bima,
    supervisor=cast.citra,
    topics=["friends", "feelings"],
    languages=["id"],
    by=citra,
    at=clock.now(),
)
windows = [WindowInput(weekday=day, starts=time(7), ends=time(17)) for day in range(7)]
set_availability(person=cast.citra, windows=windows, by=citra, at=clock.now())
