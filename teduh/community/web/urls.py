"""Addresses of the community room."""

from django.urls import path

from teduh.community.web import views

app_name = "community"

urlpatterns = [
    path("worry/", views.worry, name="worry"),
    path("refer/", views.refer_student, name="refer_student"),
    path("sharing/", views.sharing, name="sharing"),
    path("consent/<uuid:public_id>/<slug:purpose>/", views.consent, name="consent"),
]
