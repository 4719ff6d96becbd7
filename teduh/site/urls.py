"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from teduh.site import homes, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.landing, name="landing"),
    path("today/", homes.home, name="home"),
    path("today/live/", homes.home_live, name="home_live"),
    path("help/", views.help_page, name="help"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.set_language, name="set_language"),
    path("tour/", views.tour_sign_in, name="tour_sign_in"),
    path("style/", views.styleguide, name="styleguide"),
    path("health/", views.health, name="health"),
    path("account/", include("teduh.people.web.account_urls")),
    path("people/", include("teduh.people.web.urls")),
    path("peers/", include("teduh.peers.web.urls")),
    path("care/", include("teduh.care.web.urls")),
    path("conversation/", include("teduh.messaging.web.urls")),
    path("forms/", include("teduh.measures.web.urls")),
    path("counselling/", include("teduh.counselling.web.urls")),
    path("psychosocial/", include("teduh.psychosocial.web.urls")),
    path("community/", include("teduh.community.web.urls")),
    path("figures/", include("teduh.insight.web.urls")),
]
