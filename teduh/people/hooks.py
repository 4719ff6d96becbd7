"""What the people room announces to the rooms above; listeners run in the same transaction."""

from datetime import datetime
from typing import TYPE_CHECKING

from teduh.kernel.hooks import Hook

if TYPE_CHECKING:
    from teduh.people.access import Actor
    from teduh.people.models import Exclusion, Person, RoleGrant

#: A role ended: what it opened must close in the same moment.
role_ended: "Hook[[RoleGrant, Actor, datetime]]" = Hook("role_ended")
#: Somebody was shut out from a person's matters: whoever relied on them needs another.
person_shut_out: "Hook[[Exclusion, Actor, datetime]]" = Hook("person_shut_out")
#: Somebody is being erased: names outside the tables of people must go as well.
person_erased: "Hook[[Person, Actor, datetime]]" = Hook("person_erased")
