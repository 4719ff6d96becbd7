"""Make pairs of signed-in people with a conversation each, in the database that the environment names.

`python -m bench.people PAIRS` prints `[{"room": uuid, "cookies": [seeker, helper]}]`.
"""

import json
import os
import sys
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teduh.site.settings")


def make_pairs(count: int) -> list[dict[str, object]]:
    """Register people, open conversations and sign everybody in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from teduh.kernel import clock
    from teduh.messaging.actions import open_room
    from teduh.messaging.states import Part, RoomKind
    from teduh.people.access import system_actor
    from teduh.people.actions import persons as act
    from teduh.people.models import Account
    from teduh.people.states import OrganisationKind, Role

    by, at = system_actor(), clock.now()
    school = act.found_organisation(
        kind=OrganisationKind.SCHOOL, code=f"B{uuid.uuid4().hex[:8]}", name="SMA Ukur", by=by, at=at
    )
    names = [{"full_name": f"Siswa {n}"} for n in range(2 * count)]
    people = act.register_persons(organisation=school, rows=names, by=by, at=at, roles=(Role.STUDENT,))
    cookies = []
    for person in people:
        account = Account(username=uuid.uuid4().hex, person=person)
        account.set_unusable_password()
        account.save()
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        cookies.append(session.session_key)
    pairs: list[dict[str, object]] = []
    for n in range(count):
        seeker, helper = people[2 * n], people[2 * n + 1]
        room = open_room(
            organisation=school,
            kind=RoomKind.PEER,
            subject=seeker,
            matter=uuid.uuid4(),
            participants=[(seeker, Part.SEEKER, "Kelinci"), (helper, Part.HELPER, "Kakak")],
            by=by,
            at=at,
        )
        pairs.append({"room": str(room.public_id), "cookies": cookies[2 * n : 2 * n + 2]})
    return pairs


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    with transaction.atomic():
        made = make_pairs(int(sys.argv[1]))
    json.dump(made, sys.stdout)
