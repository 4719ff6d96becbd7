"""The level of friends of one's own age, as the spine knows it."""

from django.utils.translation import gettext_lazy as _

from teduh.care.levels import Level
from teduh.care.states import LevelKey
from teduh.people.states import Role

PEER_LEVEL = Level(
    key=LevelKey.PEER,
    label=_("Peer support"),
    led_by=(Role.PEER_SUPPORTER,),
    activities={
        "peer_chat": _("Written conversation"),
        "peer_meeting": _("Meeting face to face"),
        "class_walk": _("Walk to class or break together"),
        "bring_to_counsellor": _("Going to the counsellor together"),
        "debrief": _("Talk with the supervisor"),
    },
    closing_checks={
        "told": _("The student knows that we are finishing"),
        "knows_whom": _("The student knows whom to turn to from now on"),
    },
    # A conversation between peers may simply end; who needs a later look is led on to a counsellor instead.
    needs_aftercare=False,
    quiet_days=7,
)
