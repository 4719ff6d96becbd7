"""Geometry of bars and of the flow between levels; what is hidden has one width, whatever it hides."""

from dataclasses import dataclass

from teduh.insight.tables import FigureList, Table, Words

#: The width drawn for a hidden figure, so that its size tells nothing.
HIDDEN_WIDTH = 64
BAR_ROW, BAR_HEIGHT = 46, 18


@dataclass(frozen=True)
class Bar:
    """One bar: its name above it, its figure behind it."""

    label: Words
    value: int | None
    y: int
    width: float


@dataclass(frozen=True)
class BarPicture:
    """Horizontal bars in a box of `width` times `height`."""

    width: int
    height: int
    bars: tuple[Bar, ...]


def bars_of(figures: FigureList, *, width: int = 330) -> BarPicture:
    """Return bars for a list of figures; the largest shown figure fills the width."""
    top = max((figure.value or 0 for figure in figures.figures), default=0) or 1
    room = width - 56
    bars = []
    for index, figure in enumerate(figures.figures):
        length = HIDDEN_WIDTH if figure.value is None else round(max(room * figure.value / top, 2), 1)
        bars.append(Bar(figure.label, figure.value, index * BAR_ROW, length))
    return BarPicture(width, BAR_ROW * len(bars), tuple(bars))


@dataclass(frozen=True)
class Stream:
    """A stream from one level to another; `path` runs along its middle."""

    path: str
    width: float
    tone: str
    hidden: bool
    words: str


@dataclass(frozen=True)
class Bank:
    """A level at one side of the picture."""

    label: Words
    tone: str
    y: float
    height: float
    total: int | None


@dataclass(frozen=True)
class FlowPicture:
    """From where to where people went; empty where there is nothing to draw."""

    width: int
    height: float
    left: tuple[Bank, ...]
    right: tuple[Bank, ...]
    streams: tuple[Stream, ...]


FLOW_WIDTH, LEFT_EDGE, RIGHT_EDGE, GAP, THICKEST, HIDDEN_STREAM = 360, 14, 346, 34.0, 46.0, 6.0


def flow_of(table: Table) -> FlowPicture:
    """Return the streams of a table from rows to columns."""
    codes = [row.code for row in table.rows]
    targets = codes[-len(table.columns) :]
    known = [cell for row in table.rows for cell in row.cells if cell]
    scale = THICKEST / max([*known, 1])

    def thick(cell: int | None) -> float:
        return HIDDEN_STREAM if cell is None else round(cell * scale, 2)

    left, right = [], []
    starts: dict[int, float] = {}
    y = 22.0
    for index, row in enumerate(table.rows):
        height = sum(thick(cell) for cell in row.cells)
        if not height:
            continue
        starts[index] = y
        left.append(Bank(row.label, row.code, y, height, row.total))
        y += height + GAP
    bottom = y
    y = 22.0
    ends: dict[int, float] = {}
    for column, code in enumerate(targets):
        height = sum(thick(row.cells[column]) for row in table.rows)
        if not height:
            continue
        ends[column] = y
        right.append(Bank(table.columns[column], code, y, height, table.column_totals[column]))
        y += height + GAP
    streams = []
    middle = (LEFT_EDGE + RIGHT_EDGE) / 2
    for index, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            width = thick(cell)
            if not width:
                continue
            begin, end = starts[index] + width / 2, ends[column] + width / 2
            starts[index] += width
            ends[column] += width
            bend = f"{middle:.0f} {begin:.1f} {middle:.0f} {end:.1f}"
            path = f"M{LEFT_EDGE} {begin:.1f}C{bend} {RIGHT_EDGE} {end:.1f}"
            streams.append(
                Stream(path, width, targets[column], cell is None, "" if cell is None else str(cell))
            )
    return FlowPicture(FLOW_WIDTH, max(bottom, y) - GAP + 8, tuple(left), tuple(right), tuple(streams))
