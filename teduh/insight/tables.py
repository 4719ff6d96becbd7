"""Protected tables with their words, as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from teduh.insight.suppress import Cell, Protected, protect

Words = str | Promise
#: Row code and column code.
Place = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One line of a table; None is hidden."""

    code: str
    label: Words
    cells: tuple[int | None, ...]
    total: int | None
    columns: tuple[Words, ...]

    @property
    def labelled(self) -> tuple[tuple[Words, int | None], ...]:
        """The cells with the names of their columns, for narrow screens on which each line is a card."""
        return tuple(zip(self.columns, self.cells, strict=True))


@dataclass(frozen=True)
class Table:
    """A table of figures that may be shown."""

    columns: tuple[Words, ...]
    rows: tuple[Row, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    hides: bool

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to count."""
        return self.total == 0

    @property
    def sums(self) -> tuple[tuple[Words, int | None], ...]:
        """The column totals with the names of their columns."""
        return tuple(zip(self.columns, self.column_totals, strict=True))


def cells_from(rows: Iterable[Mapping[str, object]], row: str, column: str) -> dict[Place, Cell]:
    """Return cells by their codes from grouped counts (`count`, `people`)."""
    found: dict[Place, Cell] = {}
    for line in rows:
        count, people = int(str(line["count"])), int(str(line["people"]))
        found[(str(line[row]), str(line[column]))] = Cell(count, min(people, count))
    return found


def table_of(found: Mapping[Place, Cell], rows: Mapping[str, Words], columns: Mapping[str, Words]) -> Table:
    """Return a protected table with every row and column, also those in which nothing was counted."""
    nothing = Cell(0, 0)
    shown: Protected = protect([[found.get((r, c), nothing) for c in columns] for r in rows])
    return Table(
        columns=tuple(columns.values()),
        rows=tuple(
            Row(code, label, shown.cells[i], shown.row_totals[i], tuple(columns.values()))
            for i, (code, label) in enumerate(rows.items())
        ),
        column_totals=shown.column_totals,
        total=shown.total,
        hides=shown.hides,
    )


@dataclass(frozen=True)
class Figure:
    """One figure of a list; None is hidden."""

    code: str
    label: Words
    value: int | None


@dataclass(frozen=True)
class FigureList:
    """Figures that add up to a total, protected together."""

    figures: tuple[Figure, ...]
    total: int | None
    hides: bool

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to count."""
        return self.total == 0

    def value(self, code: str) -> int | None:
        """Return one figure by its code."""
        return next(figure.value for figure in self.figures if figure.code == code)


def list_of(found: Mapping[str, Cell], labels: Sequence[tuple[str, Words]]) -> FigureList:
    """Return a protected list with every label, also those under which nothing was counted."""
    shown = protect([[found.get(code, Cell(0, 0)) for code, _ in labels]])
    return FigureList(
        figures=tuple(
            Figure(code, label, value) for (code, label), value in zip(labels, shown.cells[0], strict=True)
        ),
        total=shown.total,
        hides=shown.hides,
    )
