"""Addresses of the spine."""

from django.urls import path

from teduh.care.web.views import alerts, episodes, intake, referrals, results, student

app_name = "care"
urlpatterns = [
    path("ask/", student.ask, name="ask"),
    path("worry/", student.ask_for_friend, name="ask_for_friend"),
    path("sent/<uuid:public_id>/", student.sent, name="sent"),
    path("sent/<uuid:public_id>/live/", student.live_sent, name="live_sent"),
    path("sent/<uuid:public_id>/withdraw/", student.withdraw, name="withdraw"),
    path("record/", student.record, name="record"),
    path("my-goal/<uuid:public_id>/", student.rate, name="rate_own"),
    path("live/mine/", student.live_mine, name="live_mine"),
    path("requests/", intake.queue, name="requests"),
    path("request/<uuid:public_id>/", intake.show, name="request"),
    path("request/<uuid:public_id>/about/<uuid:person_id>/", intake.name, name="name_person"),
    path("request/<uuid:public_id>/<slug:step>/", intake.step, name="request_step"),
    path("episodes/", episodes.index, name="episodes"),
    path("episode/<uuid:public_id>/", episodes.show, name="episode"),
    path("episode/<uuid:public_id>/note/", episodes.note, name="note"),
    path("episode/<uuid:public_id>/goal/", episodes.goal, name="goal"),
    path("episode/<uuid:public_id>/goal/<uuid:goal_id>/", episodes.rate, name="rate"),
    path("episode/<uuid:public_id>/follow-up/", episodes.follow_up, name="plan_follow_up"),
    path("episode/<uuid:public_id>/close/", episodes.close, name="close"),
    path("episode/<uuid:public_id>/lead/", episodes.lead, name="lead"),
    path("episode/<uuid:public_id>/take-over/", episodes.take_over, name="take_over"),
    path("episode/<uuid:public_id>/refer/", referrals.make, name="new_referral"),
    path("episode/<uuid:public_id>/results/", results.show, name="results"),
    path("episode/<uuid:public_id>/questionnaire/", results.assign, name="assign"),
    path("follow-up/<uuid:public_id>/", episodes.finish_follow_up, name="follow_up"),
    path("referrals/", referrals.index, name="referrals"),
    path("referral/<uuid:public_id>/", referrals.show, name="referral"),
    path("referral/<uuid:public_id>/<slug:step>/", referrals.step, name="referral_step"),
    path("alerts/", alerts.index, name="alerts"),
    path("alert/<uuid:public_id>/", alerts.show, name="alert"),
    path("alert/<uuid:public_id>/acknowledge/", alerts.acknowledge, name="acknowledge"),
    path("alert/<uuid:public_id>/resolve/", alerts.resolve, name="resolve"),
    path("live/alerts/", alerts.live, name="live_alerts"),
]
