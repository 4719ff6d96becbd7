"""Addresses of case work."""

from django.urls import path

from teduh.psychosocial.web import views

app_name = "psychosocial"

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/<uuid:public_id>/", views.case, name="case"),
    path("cases/<uuid:public_id>/assess/", views.assess, name="assess"),
    path("cases/<uuid:public_id>/plan/", views.plan, name="plan"),
    path("cases/<uuid:public_id>/step/", views.step, name="step"),
    path("steps/<uuid:public_id>/", views.step_deed, name="step_deed"),
    path("follow-ups/<uuid:public_id>/", views.follow_up, name="follow_up"),
]
