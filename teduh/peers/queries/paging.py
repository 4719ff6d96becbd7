"""Pages of lines instead of rows: no lazy queryset reaches a template."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.paginator import Page, Paginator

Line = TypeVar("Line")

#: Lines on a page of a list.
ROWS = 20


def page_of(rows: Any, number: int, lines: Callable[[list[Any]], list[Line]]) -> "Page[Line]":
    """Return one page with its rows turned into lines (two queries, besides those of `lines`)."""
    page = Paginator(rows, ROWS).get_page(number)
    cast(Any, page).object_list = lines(list(page.object_list))
    return cast("Page[Line]", page)
