"""The psychosocial room."""

from django.apps import AppConfig


class PsychosocialConfig(AppConfig):
    """Registers the psychosocial room with Django, its level with the spine, and its clock with the tick."""

    name = "teduh.psychosocial"
    label = "psychosocial"

    def ready(self) -> None:
        """Tell the spine what this level is."""
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from teduh.care.levels import Level, register
        from teduh.care.states import LevelKey
        from teduh.people.states import Role
        from teduh.psychosocial import jobs  # noqa: F401
        from teduh.psychosocial.vocabulary import ACTIVITIES, CLOSING_CHECKS

        register(
            Level(
                key=LevelKey.PSYCHOSOCIAL,
                label=pgettext_lazy("level of care", "Psychosocial services"),
                led_by=(Role.CASEWORKER,),
                activities=ACTIVITIES,
                closing_checks=CLOSING_CHECKS,
                needs_aftercare=True,
                quiet_days=14,
                pages=((_("Case plan"), "psychosocial:case", "list-checks"),),
            )
        )
