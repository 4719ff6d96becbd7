"""Addresses of the figures."""

from django.urls import path

from teduh.insight.web import views

app_name = "insight"

urlpatterns = [path("", views.figures, name="figures")]
