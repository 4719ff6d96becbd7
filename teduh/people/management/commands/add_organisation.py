"""Add a partner service, another school, a campus, a community post or a district."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from teduh.kernel import clock
from teduh.kernel.errors import Refused
from teduh.people.access import Actor, system_actor
from teduh.people.actions.organisations import FIRST_ROLES, plain_phone, register_first
from teduh.people.actions.persons import found_organisation
from teduh.people.actions.roles import NewStaff
from teduh.people.models import Organisation
from teduh.people.states import STAFF_ROLES, OrganisationKind, Role

LEVELS = ("SD", "SMP", "SMA", "SMK", "SLB")


class Command(BaseCommand):
    """Makes the organisation and, where named, its first member of staff.

    With `--code` of one that is there and `--staff-only` it registers another member of staff in it: a service has
    no administrator of its own who could.
    """

    help = "Add an organisation below another one, with its first member of staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=[kind.value for kind in OrganisationKind])
        parser.add_argument("--name", help="full name of the organisation")
        parser.add_argument("--code", required=True, help="letters and digits, such as the NPSN")
        parser.add_argument("--parent", metavar="CODE", help="code of the district above it")
        parser.add_argument("--level", choices=LEVELS, help="level of a school")
        parser.add_argument("--phone", default="", help="number that people in need may call")
        parser.add_argument("--staff-name", help="full name of the first member of staff")
        parser.add_argument("--staff-email", help="e-mail of the first member of staff")
        parser.add_argument("--staff-role", choices=sorted(role.value for role in STAFF_ROLES))
        parser.add_argument(
            "--staff-only", action="store_true", help="the organisation is there; add the person alone"
        )

    def handle(self, *args: Any, **told: Any) -> None:
        """Check everything, then make it in one piece."""
        if settings.MODE == "demo":
            raise CommandError("This is a demo installation. Nothing was changed.")
        self._check_staff(told)
        with transaction.atomic():
            by, at = system_actor(), clock.now()
            organisation = self._present(told) if told["staff_only"] else self._found(told, by, at)
            made = self._staff(organisation, told, by, at) if told["staff_name"] else None
        if not told["staff_only"]:
            self.stdout.write(self.style.SUCCESS(f"{organisation.name} ({organisation.code}) was added."))
        if made is not None:
            self.stdout.write("One-time password. It is shown here only, and replaced at the first log-in:")
            self.stdout.write(f"  {made.card.name}: {made.card.username}  {made.card.password}")

    def _check_staff(self, told: dict[str, Any]) -> None:
        for name in ("name", "code", "staff_name", "staff_email", "phone"):
            told[name] = str(told[name] or "").strip()
        if bool(told["staff_name"]) != bool(told["staff_email"]):
            raise CommandError("--staff-name and --staff-email belong together. Nothing was changed.")
        if (told["staff_only"] or told["staff_role"]) and not told["staff_name"]:
            raise CommandError("Missing: --staff-name, --staff-email. Nothing was changed.")
        if len(told["staff_name"]) > 160:
            raise CommandError("--staff-name is longer than 160 signs. Nothing was changed.")
        if told["staff_email"]:
            try:
                validate_email(told["staff_email"])
            except ValidationError:
                raise CommandError(
                    f"{told['staff_email']} is no e-mail address. Nothing was changed."
                ) from None

    def _present(self, told: dict[str, Any]) -> Organisation:
        organisation = Organisation.objects.filter(code=told["code"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation with the code {told['code']}.")
        return organisation

    def _found(self, told: dict[str, Any], by: Actor, at: datetime) -> Organisation:
        missing = [f"--{name}" for name in ("kind", "name") if not told[name]]
        kind = OrganisationKind(told["kind"]) if told["kind"] else None
        if kind is OrganisationKind.SCHOOL and not told["level"]:
            missing.append("--level")
        if kind is not OrganisationKind.DISTRICT and not told["parent"]:
            missing.append("--parent")
        if missing or kind is None:
            raise CommandError(f"Missing: {', '.join(missing)}. Nothing was changed.")
        if not told["code"].isalnum() or len(told["code"]) > 40:
            raise CommandError("The code must be at most 40 letters and digits, such as the NPSN.")
        if len(told["name"]) > 160:
            raise CommandError("--name is longer than 160 signs. Nothing was changed.")
        if Organisation.objects.filter(code=told["code"]).exists():
            raise CommandError(
                f"An organisation with the code {told['code']} is there already. Nothing was changed."
            )
        parent = Organisation.objects.filter(code=told["parent"]).first() if told["parent"] else None
        if told["parent"] and parent is None:
            raise CommandError(f"There is no organisation with the code {told['parent']}.")
        if Organisation.objects.filter(parent=parent, kind=kind, name__iexact=told["name"]).exists():
            raise CommandError(f"{told['name']} is there already, with another code. Nothing was changed.")
        try:
            phone = plain_phone(told["phone"])
        except Refused:
            raise CommandError(f"{told['phone']} is no phone number. Nothing was changed.") from None
        return found_organisation(
            kind=kind,
            code=told["code"],
            name=told["name"],
            parent=parent,
            school_level=told["level"] or "",
            phone=phone,
            by=by,
            at=at,
        )

    def _staff(self, organisation: Organisation, told: dict[str, Any], by: Actor, at: datetime) -> NewStaff:
        role = Role(told["staff_role"] or FIRST_ROLES[OrganisationKind(organisation.kind)])
        try:
            return register_first(
                organisation=organisation,
                full_name=told["staff_name"],
                email=told["staff_email"],
                role=role,
                by=by,
                at=at,
            )
        except Refused:
            raise CommandError(
                f"{told['staff_email']} has an account already. Nothing was changed."
            ) from None
