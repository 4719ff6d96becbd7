"""No hidden cell can be computed from what is shown, whatever the table."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teduh.insight.suppress import LEAST_PEOPLE, Cell, Protected, protect, protect_list

Grid = list[list[int]]


def people(counts: Sequence[Sequence[int]]) -> list[list[Cell]]:
    """A table in which each count is a person of its own."""
    return [[Cell(n, n) for n in row] for row in counts]


def shown_alike(shown: Protected, counts: Sequence[Sequence[int]]) -> bool:
    """Whether a table would be shown just so: all that is visible agrees, what is hidden is not 0."""
    columns = list(zip(*counts, strict=True))
    pairs = [
        *((shown.cells[i][j], n) for i, row in enumerate(counts) for j, n in enumerate(row)),
        *((shown.row_totals[i], sum(row)) for i, row in enumerate(counts)),
        *((shown.column_totals[j], sum(column)) for j, column in enumerate(columns)),
        (shown.total, sum(map(sum, counts))),
    ]
    return all(n >= 1 if seen is None else n == seen for seen, n in pairs)


def hidden_places(shown: Protected) -> list[tuple[str, int, int]]:
    places = [("cell", i, j) for i, row in enumerate(shown.cells) for j, n in enumerate(row) if n is None]
    places += [("row", i, 0) for i, n in enumerate(shown.row_totals) if n is None]
    places += [("column", j, 0) for j, n in enumerate(shown.column_totals) if n is None]
    return places + ([("total", 0, 0)] if shown.total is None else [])


def value_at(counts: Sequence[Sequence[int]], place: tuple[str, int, int]) -> int:
    kind, i, j = place
    if kind == "cell":
        return counts[i][j]
    if kind == "row":
        return sum(counts[i])
    if kind == "column":
        return sum(row[i] for row in counts)
    return sum(map(sum, counts))


def another_table_exists(shown: Protected, counts: Grid, place: tuple[str, int, int]) -> bool:
    """Search, cell by cell and without any theory, for a table that is shown alike but differs at a place."""
    free = [(i, j) for i, row in enumerate(shown.cells) for j, n in enumerate(row) if n is None]
    for deltas in product((0, 1, -1), repeat=len(free)):
        other = [row[:] for row in counts]
        for (i, j), delta in zip(free, deltas, strict=True):
            other[i][j] += delta
        if value_at(other, place) != value_at(counts, place) and shown_alike(shown, other):
            return True
    return False


tables = st.integers(1, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.integers(0, 4), st.integers(0, 30)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=3,
    )
)


@settings(max_examples=250, deadline=None)
@given(tables)
def test_each_hidden_figure_could_be_another(counts: Grid) -> None:
    shown = protect(people(counts))
    for place in hidden_places(shown):
        assert another_table_exists(shown, counts, place), (counts, shown, place)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_figure_about_fewer_than_five_people_is_shown(counts: Grid) -> None:
    shown = protect(people(counts))
    seen = [n for row in shown.cells for n in row] + [*shown.row_totals, *shown.column_totals, shown.total]
    assert not [n for n in seen if n is not None and 0 < n < LEAST_PEOPLE]
    assert shown_alike(shown, counts), "what is shown is true"


@given(tables)
def test_a_table_of_large_cells_is_shown_whole(counts: Grid) -> None:
    large = [[n + LEAST_PEOPLE for n in row] for row in counts]
    assert not protect(people(large)).hides


def test_a_single_small_cell_takes_others_with_it() -> None:
    shown = protect(people([[20, 3, 30], [40, 50, 60]]))
    assert shown.cells[0][1] is None
    assert sum(n is None for n in shown.cells[0]) >= 2, "else the row's total gives it away"
    assert sum(row[1] is None for row in shown.cells) >= 2, "else the column's total gives it away"
    assert (shown.row_totals, shown.column_totals, shown.total) == ((53, 150), (60, 53, 90), 203)


def test_two_ones_beside_a_shown_total_would_give_each_other_away() -> None:
    counts = [[1, 1, 20], [8, 8, 20]]
    shown = protect(people(counts))
    assert shown.cells[0][2] is None or shown.row_totals[0] is None


def test_many_counts_of_few_people_are_hidden() -> None:
    assert protect_list([Cell(40, 3), Cell(50, 20), Cell(60, 20)]).cells[0][0] is None


def test_a_list_with_a_small_figure_hides_a_second_one_or_its_total() -> None:
    shown = protect_list([Cell(2, 2), Cell(9, 9), Cell(30, 30)])
    assert shown.cells == ((None, None, 30),)
    assert shown.total == 41


def test_nothing_at_all_is_shown_as_nothing() -> None:
    shown = protect_list([Cell(0, 0), Cell(0, 0)])
    assert shown.cells == ((0, 0),)
    assert shown.total == 0
    assert not shown.hides


@pytest.mark.parametrize("cells", [[[Cell(1, 1)], [Cell(1, 1), Cell(2, 2)]], [[Cell(-1, 0)]], [[Cell(2, 3)]]])
def test_impossible_tables_are_refused(cells: list[list[Cell]]) -> None:
    with pytest.raises(ValueError):
        protect(cells)
