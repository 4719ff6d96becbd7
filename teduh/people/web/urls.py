"""Addresses of the people room."""

from django.urls import path

from teduh.people.web.views import door

app_name = "people"
urlpatterns = [
    path("leave/", door.leave, name="leave"),
    path("idle/", door.idle, name="idle"),
    path("account/own-password/", door.own_password, name="own_password"),
    path("account/second-factor/", door.second_factor, name="second_factor"),
    path("account/", door.account, name="account"),
]
