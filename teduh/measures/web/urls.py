"""Addresses of measures; the path is neutral, because it stays in a shared phone's history."""

from django.urls import path

from teduh.measures.web import views

app_name = "measures"
urlpatterns = [
    path("instruments/", views.instruments, name="instruments"),
    path("<uuid:public_id>/", views.fill, name="fill"),
]
