"""What a school says about itself."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.actions.organisations import set_phone
from teduh.people.gate import ActorRequest, page
from teduh.people.queries.organisations import phone_organisations
from teduh.people.states import ROLES_ROLES
from teduh.people.web.forms import PhoneForm, add_refusal


@page(*ROLES_ROLES)
def organisation_page(request: ActorRequest) -> HttpResponse:
    """Show and keep the phone number on the crisis card."""
    found = phone_organisations(request.actor)
    if not found:
        raise Http404
    form = PhoneForm(request.POST or None, organisations=found)
    if form.is_valid():
        try:
            set_phone(
                organisation=form.chosen, phone=form.cleaned_data["phone"], by=request.actor, at=clock.now()
            )
        except Refused as refused:
            add_refusal(form, refused)
        except NotVisible as error:
            raise Http404 from error
        else:
            messages.success(request, _("Saved. Students see it within five minutes."))
            return redirect("people:organisation")
    context = {"form": form, "organisations": found}
    return render(request, "people/organisation.html", context, status=400 if form.errors else 200)
