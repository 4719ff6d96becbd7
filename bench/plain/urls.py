"""Three addresses: a list, a one-row write by a signed-in user, and a bare one-row write."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bench.plain.models import Row


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """Twenty rows, latest first."""
    return render(request, "plain/rows.html", {"rows": Row._default_manager.order_by("-at")[:20]})


@login_required
def write(request: HttpRequest) -> HttpResponse:
    """Write one row for a signed-in user, behind the CSRF check."""
    return bare(request)


def bare(request: HttpRequest) -> HttpResponse:
    """Write one row."""
    Row._default_manager.create(name=request.POST["name"], word=request.POST["word"], at=timezone.now())
    return HttpResponseRedirect("/rows/")


urlpatterns = [path("rows/", rows), path("write/", write), path("bare/", csrf_exempt(bare))]
