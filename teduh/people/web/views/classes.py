"""Classes, class cards, resets in person."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people import cards
from teduh.people.actions import cards as card_actions
from teduh.people.actions.roles import name_homeroom_teacher
from teduh.people.gate import ActorRequest, page
from teduh.people.queries import classes as queries
from teduh.people.states import CLASS_ROLES, IMPORT_ROLES, RESET_CONFIRM_ROLES, RESET_START_ROLES, Role
from teduh.people.web import load
from teduh.people.web.forms import HomeroomForm, add_refusal

SEES_CLASSES = (*CLASS_ROLES, Role.HOMEROOM_TEACHER)


@page(*SEES_CLASSES, methods=("GET",))
def class_list(request: ActorRequest) -> HttpResponse:
    """List the classes the actor may open."""
    found = queries.class_list(request.actor, request.GET.get("page", "1"))
    return render(
        request, "people/classes.html", {"classes": found, "can_import": request.actor.has(*IMPORT_ROLES)}
    )


@page(*SEES_CLASSES)
def class_page(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a class; name its homeroom teacher."""
    found = queries.class_page(request.actor, public_id, request.GET.get("page", "1"))
    if found is None:
        raise Http404
    form = None
    if found.may_name_teacher:
        teachers = queries.teachers(found.group.organisation_id, clock.now())
        now = found.group.homeroom_teacher
        form = HomeroomForm(
            request.POST or None, teachers=teachers, initial={"teacher": str(now.public_id) if now else ""}
        )
        if form.is_valid():
            try:
                name_homeroom_teacher(
                    class_group=found.group, teacher=form.chosen, by=request.actor, at=clock.now()
                )
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("people:class", public_id)
    elif request.method == "POST":
        raise Http404
    context = {"page": found, "form": form, "pdf": cards.can_make_pdf()}
    return render(
        request, "people/class.html", context, status=400 if form is not None and form.errors else 200
    )


@page(*SEES_CLASSES, methods=("POST",))
def class_cards(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make the sheet of a class; the passwords are on it and nowhere else."""
    group = load.class_group(request.actor, public_id)
    try:
        made = card_actions.issue_cards(class_group=group, by=request.actor, at=clock.now())
    except NotVisible as error:
        raise Http404 from error
    back = reverse("people:class", args=[public_id])
    return _sheet(
        request,
        made,
        title=f"{_('Class')} {group.name} · {group.organisation.name}",
        name=group.name,
        back=back,
    )


@page(*RESET_START_ROLES, methods=("POST",))
def start_reset(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin a reset for somebody who stands before one."""
    person = load.person(request.actor, public_id)
    try:
        card_actions.start_reset(person=person, by=request.actor, at=clock.now())
    except NotVisible as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Begun. Now a colleague confirms it under “Resets”."))
    return redirect("people:resets" if request.actor.has(*RESET_CONFIRM_ROLES) else "home")


@page(*RESET_CONFIRM_ROLES, methods=("GET",))
def resets(request: ActorRequest) -> HttpResponse:
    """List the resets that wait for a second person."""
    found = queries.open_resets(request.actor, request.GET.get("page", "1"))
    return render(request, "people/resets.html", {"resets": found, "pdf": cards.can_make_pdf()})


@page(*RESET_CONFIRM_ROLES, methods=("POST",))
def confirm_reset(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Confirm a reset as the second person and print the new card."""
    reset = load.reset(request.actor, public_id)
    try:
        card = card_actions.confirm_reset(reset=reset, by=request.actor, at=clock.now())
    except NotVisible as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("people:resets")
    return _sheet(request, [card], title=_("New card"), name=card.username, back=reverse("people:resets"))


@page(*RESET_CONFIRM_ROLES, methods=("POST",))
def withdraw_reset(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back a reset that was begun by mistake."""
    card_actions.withdraw_reset(reset=load.reset(request.actor, public_id), by=request.actor, at=clock.now())
    messages.success(request, _("Taken back. Nothing was changed."))
    return redirect("people:resets")


def _sheet(
    request: ActorRequest, made: list[card_actions.Card], *, title: str, name: str, back: str
) -> HttpResponse:
    login_url = request.build_absolute_uri(reverse("account_login"))
    as_pdf = request.POST.get("as") == "pdf" and cards.can_make_pdf()
    page_text = cards.render_sheet(made, title=title, login_url=login_url, on_screen=not as_pdf, back=back)
    if not as_pdf:
        return HttpResponse(page_text, headers={"Cache-Control": "no-store"})
    return HttpResponse(
        cards.make_pdf(page_text),
        content_type="application/pdf",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="teduh-{slugify(name) or "kartu"}.pdf"',
        },
    )
