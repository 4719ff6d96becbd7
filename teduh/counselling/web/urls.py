"""Addresses of counselling."""

from django.urls import path

from teduh.counselling.web import views

app_name = "counselling"
urlpatterns = [
    path("book/", views.book, name="book"),
    path("book/<uuid:counsellor>/", views.book_with, name="book_with"),
    path("appointments/", views.appointments, name="appointments"),
    path("appointments/<uuid:public_id>/", views.appointment, name="appointment"),
    path("appointments/<uuid:public_id>/open/", views.open_episode, name="open_episode"),
    path("hours/", views.availability, name="availability"),
    path("hours/leave/", views.leave, name="leave"),
    path("hours/leave/<uuid:public_id>/remove/", views.remove_leave, name="remove_leave"),
    path("session/<uuid:public_id>/", views.session, name="session"),
    path("converse/<uuid:public_id>/", views.converse, name="converse"),
]
