"""Addresses of messaging; the streams' own addresses begin with `/live/` and belong to the stream server."""

from django.urls import path

from teduh.messaging.web import views

app_name = "messaging"
urlpatterns = [path("<uuid:public_id>/", views.room, name="room")]
