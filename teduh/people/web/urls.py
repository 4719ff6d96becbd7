"""Addresses of the people room."""

from django.urls import path

from teduh.people.web.views import classes, door, importing, organisation, roles

app_name = "people"
urlpatterns = [
    path("leave/", door.leave, name="leave"),
    path("idle/", door.idle, name="idle"),
    path("account/own-password/", door.own_password, name="own_password"),
    path("account/second-factor/", door.second_factor, name="second_factor"),
    path("account/", door.account, name="account"),
    path("classes/", classes.class_list, name="classes"),
    path("classes/<uuid:public_id>/", classes.class_page, name="class"),
    path("classes/<uuid:public_id>/cards/", classes.class_cards, name="class_cards"),
    path("resets/", classes.resets, name="resets"),
    path("resets/<uuid:public_id>/confirm/", classes.confirm_reset, name="reset_confirm"),
    path("resets/<uuid:public_id>/withdraw/", classes.withdraw_reset, name="reset_withdraw"),
    path("import/", importing.upload, name="import"),
    path("import/<uuid:public_id>/", importing.preview, name="import_preview"),
    path("import/<uuid:public_id>/confirm/", importing.confirm, name="import_confirm"),
    path("organisation/", organisation.organisation_page, name="organisation"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new/", roles.new_staff, name="new_staff"),
    path("roles/<uuid:public_id>/", roles.person_roles, name="person_roles"),
    path("roles/<uuid:public_id>/<int:pk>/end/", roles.end_role, name="end_role"),
    path("<uuid:public_id>/reset/", classes.start_reset, name="reset_start"),
    path("<uuid:public_id>/safety/", roles.safety, name="safety"),
    path("<uuid:public_id>/safety/log-in/", roles.guardian_login, name="guardian_login"),
    path("<uuid:public_id>/safety/shut-out/", roles.shut_out, name="shut_out"),
    path("<uuid:public_id>/safety/<uuid:exclusion_id>/lift/", roles.lift, name="lift_exclusion"),
]
