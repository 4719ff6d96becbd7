"""The home "Today" of each role; filled in below as rooms offer their parts."""

from django.http import HttpResponse
from django.shortcuts import render

from teduh.people.gate import ActorRequest, page


@page(methods=("GET",))
def home(request: ActorRequest) -> HttpResponse:
    """Show today."""
    return render(request, "site/home.html", {})
