"""Lower rooms announce, higher rooms listen, without the lower importing the higher."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Hook(Generic[P]):
    """A named announcement; listeners run in the announcer's transaction, and an error in one undoes the whole."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._listeners: list[Callable[P, None]] = []

    def listen(self, function: Callable[P, None]) -> Callable[P, None]:
        """Register a listener once; usable as a decorator."""
        if function not in self._listeners:
            self._listeners.append(function)
        return function

    def announce(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener in the order of registration."""
        for function in self._listeners:
            function(*args, **kwargs)
