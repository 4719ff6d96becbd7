"""Views that belong to no room."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from django.db import connection

from teduh.people.gate import ActorRequest, page


@page(public=True, methods=("GET",))
@never_cache
def health(request: ActorRequest) -> HttpResponse:
    """Answer whether the process and its database work; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came too late or from elsewhere."""
    return render(request, "403_csrf.html", status=403)
