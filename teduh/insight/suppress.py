"""Hide small cells of a table of counts so that none can be computed from the rest.

A figure that stands for fewer than five people is hidden, margins too. Then, while a hidden one follows
from what is still shown, the cheapest further figures are hidden (complementary suppression).

A table with its margins is a circulation: row i's total flows into node R(i), each inner cell from R(i) to
C(j), each column total from C(j) to Q, the grand total from Q to P, row totals out of P. What is shown is a
fixed flow. A hidden figure can have another value exactly if a cycle of hidden ones runs through it that can
take one more or one less. Readers know that a hidden figure is at least 1, because zeros are shown; cycles
respect that.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: A figure about fewer people than this is hidden.
LEAST_PEOPLE = 5

Node = tuple[str, int]
Edge = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """A count, and how many different people stand behind it; a person may be counted more than once."""

    count: int
    people: int


@dataclass(frozen=True)
class Protected:
    """A table that may be shown; None is hidden."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return (
            self.total is None
            or None in self.row_totals
            or None in self.column_totals
            or any(None in row for row in self.cells)
        )


class _Table:
    """The circulation: edges are cells and margins, by (row, column); the last of each are the margins."""

    def __init__(self, cells: Sequence[Sequence[Cell]]) -> None:
        self.rows, self.columns = len(cells), len(cells[0]) if cells else 0
        if any(len(row) != self.columns for row in cells):
            raise ValueError("every row needs the same number of cells")
        if any(
            cell.count < 0 or cell.people < 0 or cell.people > cell.count for row in cells for cell in row
        ):
            raise ValueError("counts are not negative, and people are not more than counts")
        self.value: dict[Edge, int] = {}
        self.people: dict[Edge, int] = {}
        everywhere = range(self.rows + 1)
        for i in everywhere:
            for j in range(self.columns + 1):
                part = [
                    cells[a][b]
                    for a in (range(self.rows) if i == self.rows else (i,))
                    for b in (range(self.columns) if j == self.columns else (j,))
                ]
                self.value[(i, j)] = sum(cell.count for cell in part)
                # The same person may stand in several cells; how many differ is not known: count the fewest.
                self.people[(i, j)] = max((cell.people for cell in part), default=0)
        self.hidden = {e for e, value in self.value.items() if value and self.people[e] < LEAST_PEOPLE}

    def ends(self, edge: Edge) -> tuple[Node, Node]:
        """Return where the flow of a cell begins and ends."""
        i, j = edge
        if i == self.rows and j == self.columns:
            return ("Q", 0), ("P", 0)
        if i == self.rows:
            return ("C", j), ("Q", 0)
        if j == self.columns:
            return ("P", 0), ("R", i)
        return ("R", i), ("C", j)

    def cheapest_way(self, edge: Edge, step: int) -> tuple[int, list[Edge]] | None:
        """Return the cheapest further cells to hide so that a cell may be one more (1) or one less (-1)."""
        if step < 0 and self.value[edge] <= 1:
            return None
        begin, end = self.ends(edge)
        if step > 0:
            begin, end = end, begin
        arcs = self._arcs(leaving_out=edge)
        best: dict[Node, int] = {begin: 0}
        came: dict[Node, tuple[Node, Edge]] = {}
        queue: list[tuple[int, Node]] = [(0, begin)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == end:
                break
            if cost > best[node]:
                continue
            for after, price, used in arcs[node]:
                if cost + price < best.get(after, 1 << 60):
                    best[after] = cost + price
                    came[after] = (node, used)
                    heapq.heappush(queue, (cost + price, after))
        if end not in best:
            return None
        way, node = [], end
        while node != begin:
            node, used = came[node]
            if used not in self.hidden:
                way.append(used)
        return best[end], way

    def _arcs(self, *, leaving_out: Edge) -> Mapping[Node, list[tuple[Node, int, Edge]]]:
        arcs: dict[Node, list[tuple[Node, int, Edge]]] = defaultdict(list)
        for edge, value in self.value.items():
            if edge == leaving_out or value == 0:
                continue
            price = 0 if edge in self.hidden else self._price(edge)
            begin, end = self.ends(edge)
            arcs[begin].append((end, price, edge))
            if value > 1:
                arcs[end].append((begin, price, edge))
        return arcs

    def _price(self, edge: Edge) -> int:
        """What hiding costs: what readers lose; a margin costs more than an inner cell of the same size."""
        is_margin = edge[0] == self.rows or edge[1] == self.columns
        return (1 + self.value[edge]) * (4 if is_margin else 1)

    def protect(self) -> None:
        """Hide further cells until no hidden one follows from the rest."""
        for edge in sorted(self.hidden):
            ways = [way for step in (1, -1) if (way := self.cheapest_way(edge, step)) is not None]
            # One more is always possible: over the row's, the column's and the grand total, none of them 0.
            # What is hidden on the way lies on the same cycle, so it needs no further company.
            self.hidden.update(min(ways)[1])


def protect(cells: Sequence[Sequence[Cell]]) -> Protected:
    """Return a table with its margins, small cells and what would give them away hidden.

    Raises ValueError for rows of unequal length or impossible counts.
    """
    table = _Table(cells)
    table.protect()

    def shown(i: int, j: int) -> int | None:
        return None if (i, j) in table.hidden else table.value[(i, j)]

    last_row, last_column = table.rows, table.columns
    return Protected(
        cells=tuple(tuple(shown(i, j) for j in range(last_column)) for i in range(last_row)),
        row_totals=tuple(shown(i, last_column) for i in range(last_row)),
        column_totals=tuple(shown(last_row, j) for j in range(last_column)),
        total=shown(last_row, last_column),
    )


def protect_list(cells: Sequence[Cell]) -> Protected:
    """Return one row of figures with its total, protected the same way."""
    return protect([cells])
