"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from teduh.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
    path("account/", include("allauth.urls")),
]
