"""Addresses of peer support."""

from django.urls import path

from teduh.peers.web import student, supervisor, supporter

app_name = "peers"
urlpatterns = [
    path("offers/<uuid:public_id>/", supporter.offer, name="offer"),
    path("offers/<uuid:public_id>/accept/", supporter.accept, name="accept"),
    path("offers/<uuid:public_id>/decline/", supporter.decline, name="decline"),
    path("me/", supporter.me, name="me"),
    path("rooms/<uuid:public_id>/call/", supporter.call, name="call"),
    path("rooms/<uuid:public_id>/finish/", supporter.finish, name="finish"),
    path("live/supporter/", supporter.live, name="live_supporter"),
    path("waiting/<uuid:public_id>/", student.waiting, name="waiting"),
    path("live/mine/", student.live, name="live_student"),
    path("supervise/", supervisor.supervise, name="supervise"),
    path("requests/<uuid:public_id>/", supervisor.choose, name="choose"),
    path("supporters/<uuid:public_id>/", supervisor.supporter, name="supporter"),
    path("supporters/<uuid:public_id>/debrief/", supervisor.debrief, name="debrief"),
    path("offers/<uuid:public_id>/join/", supervisor.join_room, name="join_room"),
    path("rooms/<uuid:public_id>/step-out/", supervisor.step_out, name="step_out"),
    path("live/supervisor/", supervisor.live, name="live_supervisor"),
]
