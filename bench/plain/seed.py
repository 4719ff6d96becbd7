"""Make the plain table and one signed-in user: `python -m bench.plain.seed ROWS` prints `{"cookie": key}`."""

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")


def seed(count: int) -> dict[str, str]:
    """Fill the table and sign a user in."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from bench.plain.models import Row
    from bench.sessions import sign_in

    now = timezone.now()
    Row._default_manager.bulk_create(
        [Row(name=f"Siswa Contoh {n}", word="belajar", at=now - timedelta(hours=n)) for n in range(count)]
    )
    return {"cookie": sign_in(User.objects.create_user("plain"))}


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True, skip_checks=True)
    with transaction.atomic():
        made = seed(int(sys.argv[1]))
    json.dump(made, sys.stdout)
