"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from teduh.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
    path("account/", include("teduh.people.web.account_urls")),
    path("people/", include("teduh.people.web.urls")),
    path("forms/", include("teduh.measures.web.urls")),
    path("psychosocial/", include("teduh.psychosocial.web.urls")),
    path("community/", include("teduh.community.web.urls")),
    path("figures/", include("teduh.insight.web.urls")),
]
