"""A school with four counsellors and a long list of episodes, in the database that the environment names.

`python -m bench.seed EPISODES` prints `{"cookie": session key of a counsellor, "episodes": [public ids they
may write in]}`. Who is on which team follows from the number of the row, so that each run lists the same.
"""

import json
import os
import sys
import uuid
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teduh.site.settings")

STUDENTS = 600
COUNSELLORS = 4
#: Students from whom the measured counsellor is excluded.
EXCLUDED = 20
#: Students whose person-wide team the measured counsellor is on.
WHOLE_PERSON = 30


def seed(count: int) -> dict[str, object]:
    """Register the people, open the episodes, name the teams and exclusions, sign the first counsellor in."""
    from allauth.mfa.models import Authenticator

    from bench.sessions import sign_in
    from teduh.care.models import CareTeamMember, Episode
    from teduh.care.states import EpisodeState, LevelKey, TeamPart, Topic
    from teduh.kernel import clock
    from teduh.people.access import actor_of, system_actor
    from teduh.people.actions import persons as act
    from teduh.people.states import OrganisationKind, Role

    by, at = system_actor(), clock.now()
    long_ago = at - timedelta(days=120)
    school = act.found_organisation(kind=OrganisationKind.SCHOOL, code="UKUR", name="SMA Ukur", by=by, at=at)
    staff = act.register_persons(
        organisation=school,
        rows=[{"full_name": f"Guru Contoh {n}"} for n in range(COUNSELLORS)],
        by=by,
        at=long_ago,
        roles=(Role.COUNSELLOR, Role.PEER_SUPERVISOR),
    )
    students = act.register_persons(
        organisation=school,
        rows=[{"full_name": f"Siswa Contoh {n}"} for n in range(STUDENTS)],
        by=by,
        at=long_ago,
        roles=(Role.STUDENT,),
    )
    topics, levels = list(Topic), [LevelKey.COUNSELLING, LevelKey.COUNSELLING, LevelKey.PEER]
    episodes = Episode.objects.bulk_create(
        [
            Episode(
                organisation=school,
                person=students[n % STUDENTS],
                sealing_key=students[n % STUDENTS].data_key,
                level=levels[n % 3],
                lead=staff[n % COUNSELLORS],
                state=EpisodeState.ACTIVE if n % 5 < 3 else EpisodeState.CLOSED,
                topic=topics[n % len(topics)],
                opened_at=long_ago + timedelta(hours=n % 2000),
                last_contact_at=long_ago + timedelta(hours=n % 2000 + 30),
                closed_at=None if n % 5 < 3 else at - timedelta(days=n % 90),
            )
            for n in range(count)
        ]
    )
    common = {"starts_at": long_ago, "granted_by": staff[0]}
    teams = []
    for n, episode in enumerate(episodes):
        member = {"person": episode.person, "episode": episode, **common}
        teams.append(CareTeamMember(member=episode.lead, part=TeamPart.LEAD, purpose="lead", **member))
        if n % 3 == 0:
            other = staff[(n + 1) % COUNSELLORS]
            teams.append(
                CareTeamMember(member=other, part=TeamPart.SUPERVISOR, purpose="supervision", **member)
            )
    teams += [
        CareTeamMember(
            person=person, member=staff[0], part=TeamPart.SUPERVISOR, purpose="supervision", **common
        )
        for person in students[:WHOLE_PERSON]
    ]
    CareTeamMember.objects.bulk_create(teams)
    for person in students[-EXCLUDED:]:
        act.exclude(person=person, excluded=staff[0], reason="kerabat", by=by, at=at)
    account = act.open_account(
        person=staff[0], username="ukur", email="ukur@contoh.test", password=uuid.uuid4().hex, by=by, at=at
    )
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": ""})
    mine = Episode.objects.visible_to(actor_of(staff[0])).active().filter(level=LevelKey.COUNSELLING)
    return {
        "cookie": sign_in(account),
        "episodes": [str(public_id) for public_id in mine.values_list("public_id", flat=True)],
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        made = seed(int(sys.argv[1]))
    json.dump(made, sys.stdout)
