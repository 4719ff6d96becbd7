"""What the spine announces to the pillars; listeners run in the same transaction."""

from datetime import datetime
from typing import TYPE_CHECKING

from teduh.kernel.hooks import Hook

if TYPE_CHECKING:
    from teduh.care.models import Alert, Episode, HelpRequest, Referral
    from teduh.people.models import Person

#: A request was given to a level: `request.decided_level` says which.
request_routed: "Hook[[HelpRequest, datetime]]" = Hook("request_routed")
#: A request will not be taken any more (withdrawn, answered, or taken at another level).
request_settled: "Hook[[HelpRequest, datetime]]" = Hook("request_settled")
episode_opened: "Hook[[Episode, datetime]]" = Hook("episode_opened")
episode_closed: "Hook[[Episode, datetime]]" = Hook("episode_closed")
referral_accepted: "Hook[[Referral, Episode, datetime]]" = Hook("referral_accepted")
alert_raised: "Hook[[Alert, datetime]]" = Hook("alert_raised")
#: Somebody else leads from now on, or the one who led had to go: (episode, who led before, at).
lead_changed: "Hook[[Episode, Person, datetime]]" = Hook("lead_changed")
#: A supervisor took over from a peer: (peer's episode, new episode, at); the conversation goes on with the supervisor in it.
episode_taken_over: "Hook[[Episode, Episode, datetime]]" = Hook("episode_taken_over")
