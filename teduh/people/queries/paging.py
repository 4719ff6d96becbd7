"""A page of rows becomes a page of what the screen shows."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.paginator import Page

T = TypeVar("T")


def page_of(found: "Page[Any]", lines: Iterable[T]) -> "Page[T]":
    """Return the same page of a list with other contents."""
    return Page(list(lines), found.number, found.paginator)
