"""The slope chart: what rose and what fell between two surveys, a line a category."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textmine.report.drawing import svg
from textmine.report.drawing.lettering import width, wrap
from textmine.report.drawing.palette import ACCENT
from textmine.report.drawing.spread import spread
from textmine.report.swedish import decimal

# All in points.
_WIDTH = 160 * svg.MM
_TITLE, _HEAD, _TEXT, _SMALL = 11.0, 9.0, 8.0, 7.5
_LINE = 1.25  # height of a line, of the font size
_NAMES, _VALUES, _CHANGES = 132.0, 30.0, 34.0  # widths of what stands beside the lines, at least
_LEAD, _GAP = 12.0, 4.0  # from a label to its value's place; around texts
_ASIDE, _MOST_ASIDE = 5.0, 50.0  # between the intervals of two lines; of all together
_LEAST, _A_ROW = 120.0, 30.0  # height of the plot: at least, and for each line
_PALE = "#8a9299"
_PERCENT = "\u00a0%"  # ends a share


@dataclass(frozen=True)
class _Frame:
    """Where the lines are: the heads' axes, and how values become heights."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    rows: int
    values: float  # width of what stands beside an axis

    def ends(self, at: int) -> tuple[float, float]:
        """Where a line begins and ends: beside the others, for all intervals to be seen."""
        aside = at * min(_ASIDE, _MOST_ASIDE / self.rows)
        return self.left + aside, self.right - aside

    def y(self, value: float) -> float:
        """How far down a value stands."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.bottom - share * (self.bottom - self.top)


@dataclass(frozen=True)
class SlopeRow:
    """One line of a slope chart.

    Attributes
    ----------
    name
        What the line stands for, such as a category.
    left, right
        The values; None where there is none: the line is left out, the other value stands.
    left_low, left_high, right_low, right_high
        The ends of the intervals; None where there is no interval.
    marked
        The change is larger than errors of coding can explain: the line is strong, others pale.
    """

    name: str
    left: float | None
    right: float | None
    left_low: float | None = None
    left_high: float | None = None
    right_low: float | None = None
    right_high: float | None = None
    marked: bool = False


def whole(value: float) -> str:
    """Write a value as a whole number."""
    return decimal(value, 0)


def draw_slope(
    rows: Sequence[SlopeRow],
    title: str,
    left_label: str,
    right_label: str,
    *,
    unit: str = "",
    description: str = "",
    key: str = "",
    show: Callable[[float], str] = whole,
) -> str:
    """Draw a slope chart, 160 mm wide, as self-contained SVG.

    Parameters
    ----------
    left_label, right_label
        The heads of the two sides: `2020`, `2021`.
    unit
        What is counted, under the title: `Antal kommuner`.
    description
        Alternative text; made from the rows if it is empty.
    key
        Begins the ids, different for each figure of a page; made from the title if it is empty.
    show
        Writes a value.
    """
    head = list(heading(title, unit, _WIDTH))
    top = len(head) * _TITLE * _LINE + 24
    names = [wrap(row.name, _NAMES, _TEXT, bold=row.marked) or [""] for row in rows]
    heights = [max(len(lines), 1) * _TEXT * _LINE + _GAP for lines in names]
    bottom = top + max(_LEAST, len(rows) * _A_ROW, sum(heights))
    ends = [
        value
        for row in rows
        for value in (
            row.left, row.right, row.left_low, row.left_high, row.right_low, row.right_high,
        )
        if value is not None
    ]  # fmt: skip
    shown = [_or_dash(value, show) for row in rows for value in (row.left, row.right)]
    values = _room(shown, _VALUES)
    changes = _room([change(row, show) for row in rows], _CHANGES)
    frame = _Frame(
        _NAMES + values + _LEAD + _GAP, _WIDTH - values - changes - _LEAD - _GAP,
        top, bottom, min(ends, default=0.0), max(ends, default=1.0), len(rows), values,
    )  # fmt: skip
    body = [
        *head,
        svg.text(frame.left, top - 8, left_label, _HEAD, bold=True, anchor="middle"),
        svg.text(frame.right, top - 8, right_label, _HEAD, bold=True, anchor="middle"),
    ]
    body += _left_labels(rows, names, heights, frame, show)
    body += _right_labels(rows, frame, show)
    for at in sorted(range(len(rows)), key=lambda at: rows[at].marked):  # strong lines lie on top
        body += _line(rows[at], at, frame)
    notes = [line for note in _notes(rows, show) for line in wrap(note, _WIDTH, _SMALL)]
    body += [
        svg.text(0, bottom + 20 + at * _SMALL * 1.35, line, _SMALL, fill=svg.SOFT)
        for at, line in enumerate(notes)
    ]
    return svg.figure(
        (_WIDTH, bottom + 14 + len(notes) * _SMALL * 1.35),
        body,
        key=key or svg.key_of("slope", title, left_label, right_label),
        title=title,
        description=description or _described(rows, left_label, right_label, unit, show),
    )


def heading(title: str, unit: str, room: float) -> Iterator[str]:
    """A figure's title, and under it what is counted; a line each."""
    lines = [(line, True) for line in wrap(title, room / 1.02, _TITLE, bold=True)]
    lines += [(line, False) for line in wrap(unit, room, _TEXT)]
    for at, (line, bold) in enumerate(lines):
        size = _TITLE if bold else _TEXT
        y = (at + 0.8) * _TITLE * _LINE
        yield svg.text(0, y, line, size, bold=bold, fill=svg.INK if bold else svg.SOFT)


def change(row: SlopeRow, show: Callable[[float], str]) -> str:
    """Write a change with its sign: `+13`; nothing where one of the values is missing.

    That of a share is in percentage points, which the notes tell: it has no unit.
    """
    if row.left is None or row.right is None:
        return ""
    by = show(row.right - row.left).removesuffix(_PERCENT)
    return f"+{by}" if row.right > row.left and by.strip("0,") else by


def _line(row: SlopeRow, at: int, frame: _Frame) -> Iterator[str]:
    """The line between two values, the values, and their intervals."""
    stroke, wide = (ACCENT, 2.0) if row.marked else (_PALE, 1.2)
    left, right = frame.ends(at)
    if row.left is not None and row.right is not None:
        yield svg.tag(
            "line", x1=left, y1=frame.y(row.left), x2=right, y2=frame.y(row.right),
            stroke=stroke, stroke_width=wide,
        )  # fmt: skip
    for x, value, low, high in (
        (left, row.left, row.left_low, row.left_high),
        (right, row.right, row.right_low, row.right_high),
    ):
        if low is not None and high is not None:
            yield svg.tag(
                "line", x1=x, y1=frame.y(low), x2=x, y2=frame.y(high), stroke=stroke,
                stroke_width=1.0, class_="interval",
            )  # fmt: skip
        if value is not None:
            yield svg.tag("circle", cx=x, cy=frame.y(value), r=wide + 0.8, fill=stroke)


def _left_labels(
    rows: Sequence[SlopeRow],
    names: Sequence[list[str]],
    heights: Sequence[float],
    frame: _Frame,
    show: Callable[[float], str],
) -> Iterator[str]:
    """The name of each line and its first value, beside the place where it begins."""
    firsts = [row.left if row.left is not None else row.right for row in rows]
    wanted = [frame.y(first) if first is not None else frame.bottom for first in firsts]
    middles = spread(wanted, heights, frame.top - _TEXT, frame.bottom + _TEXT)
    for at, (row, lines, y) in enumerate(zip(rows, names, middles, strict=True)):
        base = y + _TEXT * 0.36
        first_line = base - (len(lines) - 1) / 2 * _TEXT * _LINE
        for number, line in enumerate(lines):
            yield svg.text(
                _NAMES, first_line + number * _TEXT * _LINE, line, _TEXT, bold=row.marked,
                anchor="end",
            )  # fmt: skip
        yield svg.text(
            _NAMES + frame.values, base, _or_dash(row.left, show), _TEXT, bold=True, anchor="end"
        )
        if row.left is not None:
            yield _lead(_NAMES + frame.values + 2, y, frame.ends(at)[0], frame.y(row.left))


def _right_labels(
    rows: Sequence[SlopeRow], frame: _Frame, show: Callable[[float], str]
) -> Iterator[str]:
    """The second value and the change."""
    seconds = [row.right if row.right is not None else row.left for row in rows]
    wanted = [frame.y(second) if second is not None else frame.bottom for second in seconds]
    heights = [_TEXT * _LINE] * len(rows)
    middles = spread(wanted, heights, frame.top - _TEXT, frame.bottom + _TEXT)
    left = frame.right + _LEAD + _GAP
    for at, (row, y) in enumerate(zip(rows, middles, strict=True)):
        if row.right is None and row.left is None:
            continue
        base = y + _TEXT * 0.36
        yield svg.text(left, base, _or_dash(row.right, show), _TEXT, bold=True)
        yield svg.text(left + frame.values, base, change(row, show), _TEXT, bold=row.marked)
        if row.right is not None:
            yield _lead(left - 2, y, frame.ends(at)[1], frame.y(row.right))


def _room(shown: Sequence[str], least: float) -> float:
    """How wide a column of values is, with a gap beside it."""
    return max([least, *(width(one, _TEXT, bold=True) + 2 * _GAP for one in shown)])


def _lead(from_x: float, from_y: float, x: float, y: float) -> str:
    """A hairline from a label to what it names."""
    return svg.tag("line", x1=from_x, y1=from_y, x2=x, y2=y, stroke=svg.LINE, stroke_width=0.4)


def _or_dash(value: float | None, show: Callable[[float], str]) -> str:
    return "–" if value is None else show(value)


def _notes(rows: Sequence[SlopeRow], show: Callable[[float], str]) -> Iterator[str]:
    """How the figure is read; only what there is in it."""
    if any(row.marked for row in rows):
        yield "Mörk linje: förändringen är större än vad fel i kodningen kan förklara."
    if any(None not in (row.left_low, row.left_high) for row in rows):
        yield "Lodräta streck: 95-procentigt intervall för fel i kodningen."
    both = [row.right for row in rows if row.left is not None and row.right is not None]
    if any(show(value).endswith(_PERCENT) for value in both):
        yield "Talet längst till höger är förändringen i procentenheter."
    if any(None in (row.left, row.right) for row in rows):
        yield "–: uppgift saknas."


def _described(
    rows: Sequence[SlopeRow], left: str, right: str, unit: str, show: Callable[[float], str]
) -> str:
    """The figure in words."""
    said = []
    for row in rows:
        first, second = _or_dash(row.left, show), _or_dash(row.right, show)
        said.append(f"{row.name}: {first} för {left} och {second} för {right}")
    return ". ".join(filter(None, [unit, *said])) + "."
