"""Roles, staff, guardians and exclusions."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teduh.kernel import audit, clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people import cards
from teduh.people.actions import roles as actions
from teduh.people.actions.cards import Card
from teduh.people.gate import ActorRequest, page
from teduh.people.policies import roles_to_grant
from teduh.people.queries import imports as import_queries
from teduh.people.queries import roles as queries
from teduh.people.states import ROLES_ROLES, SAFETY_ROLES, Role, Safety
from teduh.people.told import told
from teduh.people.web import load
from teduh.people.web.forms import (
    ExcludeForm,
    FindForm,
    GiveRoleForm,
    GuardianForm,
    PeopleForm,
    SafetyForm,
    StaffForm,
    add_refusal,
)


@page(*ROLES_ROLES, methods=("GET",))
def role_list(request: ActorRequest) -> HttpResponse:
    """List people with their roles, found by a part of the name."""
    form = PeopleForm(request.GET)
    ok = form.is_valid()
    found = queries.role_list(
        request.actor,
        form.cleaned_data["q"].strip() if ok else "",
        form.cleaned_data["role"] if ok else "",
        request.GET.get("page", "1"),
    )
    return render(request, "people/roles.html", {"form": form, "people": found})


@page(*ROLES_ROLES)
def person_roles(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one person's roles; give another."""
    found = queries.person_roles(request.actor, public_id)
    if found is None:
        raise Http404
    form = GiveRoleForm(request.POST or None, roles=found.grantable)
    if form.is_valid():
        try:
            actions.give_role(
                person=found.person,
                organisation=found.person.organisation,
                role=Role(form.cleaned_data["role"]),
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        except NotVisible as error:
            raise Http404 from error
        else:
            messages.success(request, _("The role has been given."))
            return redirect("people:person_roles", public_id)
    context = {"page": found, "form": form}
    return render(request, "people/person_roles.html", context, status=400 if form.errors else 200)


@page(*ROLES_ROLES, methods=("POST",))
def end_role(request: ActorRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """End a role from now on."""
    try:
        actions.take_role(grant=load.grant(request.actor, public_id, pk), by=request.actor, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
    except NotVisible as error:
        raise Http404 from error
    else:
        messages.success(request, _("The role has ended."))
    return redirect("people:person_roles", public_id)


@page(*ROLES_ROLES)
def new_staff(request: ActorRequest) -> HttpResponse:
    """Register a member of staff and print the card with the one-time password."""
    school = next(iter(import_queries.import_schools(request.actor)), None)
    if school is None:
        raise Http404
    form = StaffForm(request.POST or None, roles=roles_to_grant(request.actor, school.pk))
    if form.is_valid():
        try:
            made = actions.register_staff(
                organisation=school,
                full_name=form.cleaned_data["full_name"],
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        except NotVisible as error:
            raise Http404 from error
        else:
            return _card(request, made.card, back=reverse("people:roles"))
    context = {"form": form, "school": school}
    return render(request, "people/new_staff.html", context, status=400 if form.errors else 200)


@page(*SAFETY_ROLES)
def safety(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show who is guardian of a person and who is shut out; judge a guardian."""
    form = SafetyForm(request.POST or None)
    if form.is_valid():
        guardianship = load.guardianship(request.actor, public_id, form.cleaned_data["guardian"])
        try:
            actions.judge_guardian(
                guardianship=guardianship,
                safety=Safety(form.cleaned_data["safety"]),
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:safety", public_id)
    return _safety(request, public_id, form=form, exclude_form=ExcludeForm())


def _safety(
    request: ActorRequest, public_id: uuid.UUID, *, form: SafetyForm, exclude_form: ExcludeForm
) -> HttpResponse:
    search = FindForm(request.GET)
    words = search.cleaned_data["q"].strip() if search.is_valid() else ""
    with transaction.atomic():
        found = queries.safety_page(request.actor, public_id, words)
        if found is None:
            raise Http404
        audit.record(
            told(request.actor, "people.safety.read", subject=found.person, scope=found.person.organisation),
            at=clock.now(),
        )
    context = {
        "page": found,
        "form": form,
        "search": search,
        "words": words,
        "safeties": SafetyForm.base_fields["safety"],
        "exclude_form": exclude_form,
    }
    return render(request, "people/safety.html", context, status=400 if form.errors else 200)


@page(*SAFETY_ROLES, methods=("POST",))
def guardian_login(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open a guardian's log-in; the one-time password is on the card and nowhere else."""
    load.person(request.actor, public_id)
    form = GuardianForm(request.POST)
    if not form.is_valid():
        return redirect("people:safety", public_id)
    guardianship = load.guardianship(request.actor, public_id, form.cleaned_data["guardian"])
    try:
        card = actions.open_guardian_login(guardianship=guardianship, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("people:safety", public_id)
    except NotVisible as error:
        raise Http404 from error
    return _card(request, card, back=reverse("people:safety", args=[public_id]))


def _card(request: ActorRequest, card: Card, *, back: str) -> HttpResponse:
    login_url = request.build_absolute_uri(reverse("account_login"))
    sheet = cards.render_sheet([card], title=_("New card"), login_url=login_url, on_screen=True, back=back)
    return HttpResponse(sheet, headers={"Cache-Control": "no-store"})


@page(*SAFETY_ROLES, methods=("POST",))
def shut_out(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Shut somebody out from all that concerns a person."""
    person = load.person(request.actor, public_id)
    form = ExcludeForm(request.POST)
    if form.is_valid():
        try:
            actions.shut_out(
                person=person,
                excluded=load.person(request.actor, form.cleaned_data["excluded"]),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
        except NotVisible as error:
            raise Http404 from error
        else:
            messages.success(request, _("This person learns nothing more, from now on."))
            return redirect("people:safety", public_id)
    return _safety(request, public_id, form=SafetyForm(), exclude_form=form)


@page(*SAFETY_ROLES, methods=("POST",))
def lift(request: ActorRequest, public_id: uuid.UUID, exclusion_id: uuid.UUID) -> HttpResponse:
    """End an exclusion."""
    exclusion = load.exclusion(request.actor, exclusion_id)
    if exclusion.person.public_id != public_id:
        raise Http404
    try:
        actions.lift_exclusion(exclusion=exclusion, by=request.actor, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
    except NotVisible as error:
        raise Http404 from error
    else:
        messages.success(request, _("The exclusion has ended."))
    return redirect("people:safety", public_id)
