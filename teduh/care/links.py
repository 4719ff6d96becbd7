"""Ways from an episode to what a pillar keeps beside it, offered by the pillar and shown by the spine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from teduh.care.models import Episode
from teduh.people.access import Actor


@dataclass(frozen=True)
class Link:
    """A link, or a one-button form where following it changes something (`post`)."""

    label: str | Promise
    url: str
    icon: str
    post: bool = False


Provider = Callable[[Episode, Actor], Sequence[Link]]
_providers: list[Provider] = []


def offer_links(provider: Provider) -> Provider:
    """Register a pillar's links; usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def links_for(episode: Episode, actor: Actor) -> tuple[Link, ...]:
    """Return every pillar's links for somebody on the care team."""
    return tuple(link for provider in _providers for link in provider(episode, actor))
