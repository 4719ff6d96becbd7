"""The first run for a real school."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import connection, transaction

from teduh.kernel import clock
from teduh.kernel.sealing.root import make_root_key
from teduh.people.access import system_actor
from teduh.people.actions.passwords import initial_password
from teduh.people.actions.persons import found_organisation, open_account, register_person
from teduh.people.models import Account, Organisation
from teduh.people.names import new_usernames
from teduh.people.states import OrganisationKind, Role

LEVELS = ("SD", "SMP", "SMA", "SMK", "SLB")
#: What is asked for, in this order.
QUESTIONS = {
    "district": "Name of the district (Kabupaten/Kota)",
    "school": "Name of the school",
    "code": "NPSN of the school (8 digits)",
    "level": f"Level ({', '.join(LEVELS)})",
    "admin_name": "Full name of the technical administrator",
    "admin_email": "E-mail of the technical administrator",
    "lead_name": "Full name of the lead counsellor (koordinator BK)",
    "lead_email": "E-mail of the lead counsellor",
}


class Command(BaseCommand):
    """Make the keys, the school and its first two accounts, and say what comes next.

    Two people, because who runs the technology must not also hold what students confide.
    """

    help = "Set up a real school: keys, organisation, technical administrator, lead counsellor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=question)
        parser.add_argument("--district-code", help="code of the district; made from its name where left out")
        parser.add_argument(
            "--no-input", action="store_true", help="never ask; fail where something is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, check, make."""
        if settings.MODE == "demo":
            raise CommandError(
                "This is a demo installation. Set TEDUH_MODE=production and a data folder of its own."
            )
        told = {name: self._ask(name, options) for name in QUESTIONS}
        self._check(told)
        self._keys()
        if Organisation.objects.filter(code=told["code"]).exists():
            raise CommandError(
                f"A school with the code {told['code']} is there already. Nothing was changed."
            )
        if Organisation.objects.filter(is_demo=True).exists():
            raise CommandError("This database holds the demo school. A real school needs an empty one.")
        for name in ("admin_email", "lead_email"):
            if Account.objects.filter(email=told[name].lower()).exists():
                raise CommandError(f"{told[name]} has an account already. Nothing was changed.")
        self._report(told, *self._make(told, options["district_code"]))

    def _ask(self, name: str, options: dict[str, Any]) -> str:
        given = str(options[name] or "").strip()
        if given or options["no_input"]:
            return given
        return input(f"{QUESTIONS[name]}: ").strip()

    def _check(self, told: dict[str, str]) -> None:
        missing = [f"--{name.replace('_', '-')}" for name, value in told.items() if not value]
        if missing:
            raise CommandError(f"Missing: {', '.join(missing)}")
        told["level"] = told["level"].upper()
        if told["level"] not in LEVELS:
            raise CommandError(f"The level must be one of {', '.join(LEVELS)}.")
        if not told["code"].isalnum() or len(told["code"]) > 40:
            raise CommandError("The code must be letters and digits, such as the NPSN.")
        for name in ("district", "school", "admin_name", "lead_name"):
            if len(told[name]) > 160:
                raise CommandError(f"--{name.replace('_', '-')} is longer than 160 signs.")
        for name in ("admin_email", "lead_email"):
            try:
                validate_email(told[name])
            except ValidationError:
                raise CommandError(f"{told[name]} is no e-mail address.") from None
        if told["admin_email"].lower() == told["lead_email"].lower():
            raise CommandError(
                "The administrator and the lead counsellor must be two people with two addresses."
            )

    def _keys(self) -> None:
        if make_root_key():
            self.stdout.write(self.style.WARNING(f"A root key was made: {settings.ROOT_KEY_FILE}"))
            self.stdout.write(
                "Keep a copy in another place. Without it no note and no message can ever be read again."
            )
            self.stdout.write("Never keep it together with a copy of the database.\n")
        if settings.SECRET_KEY.startswith("missing-") and not settings.SECRET_KEY_FILE.exists():
            settings.SECRET_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(settings.SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48) + "\n")
            self.stdout.write(self.style.WARNING(f"A signing secret was made: {settings.SECRET_KEY_FILE}\n"))
        if "people_organisation" not in connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write("The database was set up.\n")

    @transaction.atomic
    def _make(
        self, told: dict[str, str], district_code: str | None
    ) -> tuple[Organisation, list[tuple[str, str, str]]]:
        by, at = system_actor(), clock.now()
        district = Organisation.objects.filter(
            kind=OrganisationKind.DISTRICT, name__iexact=told["district"], is_demo=False
        ).first()
        if district is None:
            code = district_code or "".join(sign for sign in told["district"].upper() if sign.isalnum())[:40]
            district = found_organisation(
                kind=OrganisationKind.DISTRICT, code=code, name=told["district"], by=by, at=at
            )
        school = found_organisation(
            kind=OrganisationKind.SCHOOL,
            code=told["code"],
            name=told["school"],
            parent=district,
            school_level=told["level"],
            by=by,
            at=at,
        )
        made = []
        people = (("admin", Role.TECHNICAL_ADMIN), ("lead", Role.LEAD_COUNSELLOR))
        usernames = new_usernames([told[f"{key}_name"] for key, _role in people])
        for (key, role), username in zip(people, usernames, strict=True):
            roles = (role, Role.COUNSELLOR) if role is Role.LEAD_COUNSELLOR else (role,)
            person = register_person(
                organisation=school, full_name=told[f"{key}_name"], roles=roles, by=by, at=at
            )
            password = initial_password()
            open_account(
                person=person,
                username=username,
                password=password,
                email=told[f"{key}_email"],
                must_set_password=True,
                by=by,
                at=at,
            )
            made.append((told[f"{key}_name"], username, password))
        return school, made

    def _report(self, told: dict[str, str], school: Organisation, made: list[tuple[str, str, str]]) -> None:
        self.stdout.write(self.style.SUCCESS(f"{school.name} is set up.\n"))
        self.stdout.write(
            "One-time passwords. They are shown here only; each is replaced at the first log-in:"
        )
        for name, username, password in made:
            self.stdout.write(f"  {name}: {username}  {password}")
        self.stdout.write("\nNext: bring in the students, on the page “Impor siswa” or with")
        self.stdout.write(
            f"  manage.py import_students daftar-peserta-didik.xlsx --organisation {school.code} --dry-run"
        )
        self.stdout.write("Then print the class cards on the page “Kelas”.")
