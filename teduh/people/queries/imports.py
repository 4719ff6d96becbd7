"""The pages of the student list."""

from dataclasses import dataclass

from teduh.people.access import Actor
from teduh.people.importing.compare import Comparison
from teduh.people.importing.reader import reason_text
from teduh.people.models import Organisation, StudentImport
from teduh.people.names_of import CHANGES
from teduh.people.queries.hidden import hidden_from
from teduh.people.states import IMPORT_ROLES


@dataclass(frozen=True)
class PreviewLine:
    """One line of a preview: who, the row in the sheet, and what would happen."""

    name: str
    row: int | None
    details: tuple[str, ...]

    @property
    def words(self) -> str:
        """The details in one line."""
        return " · ".join(self.details)


def preview_lines(plan: Comparison, kind: str, actor: Actor) -> list[PreviewLine]:
    """Return the lines of one kind of a comparison; persons from whom the actor is shut out are left out."""
    hidden = set(hidden_from(actor)) if kind in {"change", "left"} else set()
    if kind == "create":
        return [
            PreviewLine(
                row.name, row.row, tuple(filter(None, (row.class_name, row.nisn and f"NISN {row.nisn}")))
            )
            for row in plan.create
        ]
    if kind == "change":
        return [
            PreviewLine(
                change.known.person.full_name,
                change.row.row,
                tuple(
                    f"{CHANGES[one.what]}: {one.before or '–'} → {one.after}"
                    if one.after
                    else str(CHANGES[one.what])
                    for one in change.differences
                ),
            )
            for change in plan.change
            if change.known.person.pk not in hidden
        ]
    if kind == "left":
        return [
            PreviewLine(one.person.full_name, None, (one.class_name,) if one.class_name else ())
            for one in plan.left
            if one.person.pk not in hidden
        ]
    return [PreviewLine("", error.row, (reason_text(error.code, error.values),)) for error in plan.errors]


def import_schools(actor: Actor) -> list[Organisation]:
    """Return the schools into which the actor may import."""
    return list(Organisation.objects.filter(pk__in=actor.organisations_as(*IMPORT_ROLES)).order_by("name"))


def recent_imports(actor: Actor) -> list[StudentImport]:
    """Return the last finished imports, newest first."""
    return list(
        StudentImport.objects.visible_to(actor)
        .filter(confirmed_at__isnull=False)
        .select_related("uploaded_by")
        .defer("rows")
        .order_by("-confirmed_at")[:5]
    )
