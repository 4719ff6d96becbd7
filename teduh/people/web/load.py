"""Loads what a view acts on; what the actor may not see is not found, exactly like what is not there."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.http import Http404

from teduh.kernel.errors import NotVisible
from teduh.people.queries import find

P = ParamSpec("P")
T = TypeVar("T")


def _or_404(function: Callable[P, T]) -> Callable[P, T]:
    @wraps(function)
    def loaded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except NotVisible as error:
            raise Http404 from error

    return loaded


class_group = _or_404(find.class_group)
person = _or_404(find.person)
grant = _or_404(find.grant)
guardianship = _or_404(find.guardianship)
exclusion = _or_404(find.exclusion)
reset = _or_404(find.reset)
upload = _or_404(find.upload)
