"""The student list: upload, preview, confirm."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.kernel import audit, clock
from teduh.kernel.errors import NotVisible
from teduh.people.actions import imports
from teduh.people.gate import ActorRequest, page
from teduh.people.importing.compare import Comparison, compare
from teduh.people.importing.parse import SheetRefused
from teduh.people.importing.reader import refusal_text
from teduh.people.models import StudentImport
from teduh.people.queries import imports as queries
from teduh.people.states import IMPORT_ROLES
from teduh.people.told import told
from teduh.people.web import load
from teduh.people.web.forms import ConfirmForm, UploadForm

PAGE = 25


@page(*IMPORT_ROLES)
def upload(request: ActorRequest) -> HttpResponse:
    """Take a workbook and lead to its preview; nothing is written to the school yet."""
    form = UploadForm(
        request.POST or None, request.FILES or None, schools=queries.import_schools(request.actor)
    )
    if form.is_valid():
        try:
            row = imports.upload_list(
                organisation=form.chosen_school,
                data=form.cleaned_data["file"].read(),
                client_id=form.cleaned_data["key"],
                by=request.actor,
                at=clock.now(),
            )
        except SheetRefused as refused:
            form.add_error("file", refusal_text(refused.code, refused.values))
        except NotVisible as error:
            raise Http404 from error
        else:
            return redirect("people:import_preview", row.public_id)
    context = {"form": form, "recent": queries.recent_imports(request.actor)}
    return render(request, "people/import.html", context, status=400 if form.errors else 200)


@page(*IMPORT_ROLES, methods=("GET",))
def preview(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what a list would do: who is created, changed, missing, and which rows fail and why."""
    row = load.upload(request.actor, public_id)
    if row.confirmed_at is not None:
        return render(request, "people/import_done.html", {"upload": row})
    with transaction.atomic():
        audit.record(told(request.actor, "people.import.read", row, scope=row.organisation), at=clock.now())
        plan = _plan(row)
    kinds = _kinds(plan)
    kind = request.GET.get("show", "")
    if kind not in kinds:
        kind = next((name for name in ("errors", "create", "change") if kinds[name][1]), "create")
    lines = Paginator(queries.preview_lines(plan, kind, request.actor), PAGE).get_page(
        request.GET.get("page")
    )
    tabs = [
        {"label": label, "url": f"?show={name}", "current": name == kind, "count": count}
        for name, (label, count) in kinds.items()
    ]
    context = {
        "upload": row,
        "plan": plan,
        "kind": kind,
        "tabs": tabs,
        "lines": lines,
        "form": ConfirmForm(),
        "nothing_to_do": not plan.create and not plan.change,
    }
    return render(request, "people/import_preview.html", context)


@page(*IMPORT_ROLES, methods=("POST",))
def confirm(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the list into the school; pressing twice does it once."""
    row = load.upload(request.actor, public_id)
    form = ConfirmForm(request.POST)
    mark_left = bool(form.is_valid() and form.cleaned_data["mark_left"])
    imports.confirm_import(
        upload=row, mark_left=mark_left, by=request.actor, at=clock.now(), on=clock.today()
    )
    messages.success(request, _("The list has been taken over."))
    return redirect("people:import_preview", public_id)


def _plan(row: StudentImport) -> Comparison:
    return compare(imports.open_upload(upload=row), row.organisation, on=clock.today())


def _kinds(plan: Comparison) -> dict[str, tuple[str, int]]:
    errors = {"errors": (_("Not readable"), len(plan.errors))}
    others = {
        "create": (_("New"), len(plan.create)),
        "change": (_("Changed"), len(plan.change)),
        "left": (_("Not in the list"), len(plan.left)),
    }
    # What needs attention stands first, where a narrow screen shows it.
    return errors | others if plan.errors else others | errors
