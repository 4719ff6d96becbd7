"""What an action raises when it may not or cannot be done; pages and API map these in one place."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule forbids the action; `message` is for the person, `field` names the input it belongs to."""

    def __init__(self, code: str, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field


class Stale(Exception):
    """Someone else moved the thing first; the page must show the present state, nothing was written."""


class NotVisible(Exception):
    """The actor may not see the thing; shown exactly as what does not exist (404)."""
