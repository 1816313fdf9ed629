"""Small multiples: the same figure for each category, side by side on one scale."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from textmine.report.drawing import svg
from textmine.report.drawing.lettering import cut, one_line, wrap
from textmine.report.drawing.palette import ACCENT
from textmine.report.drawing.slope import heading, whole

# All in points.
_WIDTH = 160 * svg.MM
_BETWEEN = 12.0  # panels
_TITLE, _GROUP, _TEXT = 11.0, 9.0, 7.5
_LINE = 1.25
_PLOT, _ABOVE = 62.0, 11.0  # height of the bars; room for a value above the highest
_NAME_LINES = 3
_BAR = 0.62  # of the room that a bar has
_EARLIER, _LATER = "#aab8bd", "#6d858e"
_MARKED = ("#7fb0be", ACCENT)


@dataclass(frozen=True)
class Point:
    """A value with its interval; None where there is none."""

    label: str  # the survey: 2020
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Panel:
    """One small figure.

    Attributes
    ----------
    group
        Panels of one group, such as an area, stand together under its name; '' for none.
    name
        What the panel shows, such as a category.
    points
        From left to right; all panels have the same labels in the same order.
    marked
        The change is larger than errors of coding can explain.
    """

    group: str
    name: str
    points: tuple[Point, ...]
    marked: bool = False


def draw_multiples(
    panels: Sequence[Panel],
    title: str,
    *,
    unit: str = "",
    description: str = "",
    key: str = "",
    columns: int = 5,
    show: Callable[[float], str] = whole,
) -> str:
    """Draw bars with their intervals, 160 mm wide, as self-contained SVG.

    Parameters
    ----------
    panels
        Those of one group one after the other.
    unit
        What is counted, under the title: `Antal kommuner`.
    description
        Alternative text; made from the panels if it is empty.
    key
        Begins the ids, different for each figure of a page; made from the title if it is empty.
    columns
        Panels in a row.
    show
        Writes a value.
    """
    body = list(heading(title, unit, _WIDTH))
    y = len(body) * _TITLE * _LINE + 8
    wide = (_WIDTH - (columns - 1) * _BETWEEN) / columns
    most = max(
        (
            end
            for panel in panels
            for point in panel.points
            for end in (point.value, point.high)
            if end
        ),
        default=1.0,
    )
    for group, members in groupby(panels, key=lambda panel: panel.group):
        if group:
            y += _GROUP * _LINE
            name = one_line(group, _WIDTH, _GROUP, bold=True)
            body.append(svg.text(0, y, name, _GROUP, bold=True))
            body.append(_rule(0, _WIDTH, y + 4))
            y += 8
        of_group = list(members)
        for start in range(0, len(of_group), columns):
            row = of_group[start : start + columns]
            names = [
                cut(wrap(one.name, wide, _TEXT, bold=True), _NAME_LINES, wide, _TEXT, bold=True)
                for one in row
            ]
            height = max(map(len, names)) * _TEXT * _LINE
            for at, (panel, lines) in enumerate(zip(row, names, strict=True)):
                x = at * (wide + _BETWEEN)
                body += [
                    svg.text(x, y + (n + 0.9) * _TEXT * _LINE, line, _TEXT, bold=True)
                    for n, line in enumerate(lines)
                ]
                body += _bars(panel, x, y + height + _ABOVE, wide, most, show)
            y += height + _ABOVE + _PLOT + 26
    notes = [line for note in _notes(panels) for line in wrap(note, _WIDTH, _TEXT)]
    body += [
        svg.text(0, y + (at + 0.8) * _TEXT * 1.35, line, _TEXT, fill=svg.SOFT)
        for at, line in enumerate(notes)
    ]
    return svg.figure(
        (_WIDTH, y + len(notes) * _TEXT * 1.35 + 4),
        body,
        key=key or svg.key_of("multiples", title),
        title=title,
        description=description or _described(panels, unit, show),
    )


def _bars(
    panel: Panel, x: float, top: float, wide: float, most: float, show: Callable[[float], str]
) -> Iterator[str]:
    """A panel's bars from one base line, each with its value above and its survey below."""
    base = top + _PLOT
    yield _rule(x, x + wide, base)
    step = wide / max(len(panel.points), 1)
    dark, pale = (_MARKED[1], _MARKED[0]) if panel.marked else (_LATER, _EARLIER)
    for at, point in enumerate(panel.points):
        middle = x + (at + 0.5) * step
        peak = base
        if point.value is not None:
            peak = base - _PLOT * point.value / most
            yield svg.tag(
                "rect", x=middle - step * _BAR / 2, y=peak, width=step * _BAR, height=base - peak,
                fill=dark if at == len(panel.points) - 1 else pale, class_="bar",
            )  # fmt: skip
        if point.low is not None and point.high is not None:
            ends = base - _PLOT * point.low / most, base - _PLOT * point.high / most
            for stroke, thick in ((svg.PAPER, 2.4), (svg.INK, 0.9)):
                yield svg.tag(
                    "line", x1=middle, y1=ends[0], x2=middle, y2=ends[1], stroke=stroke,
                    stroke_width=thick,
                )  # fmt: skip
            peak = min(peak, ends[1])
        said = "–" if point.value is None else show(point.value)
        yield svg.text(middle, peak - 3, said, _TEXT, bold=True, anchor="middle")
        yield svg.text(middle, base + 10, point.label, _TEXT, anchor="middle", fill=svg.SOFT)


def _rule(from_x: float, to_x: float, y: float) -> str:
    return svg.tag("line", x1=from_x, y1=y, x2=to_x, y2=y, stroke=svg.LINE, stroke_width=0.6)


def _notes(panels: Sequence[Panel]) -> Iterator[str]:
    """How the figure is read; only what there is in it."""
    if any(panel.marked for panel in panels):
        yield "Mörka staplar: förändringen är större än vad fel i kodningen kan förklara."
    points = [point for panel in panels for point in panel.points]
    if any(None not in (point.low, point.high) for point in points):
        yield "Lodräta streck: 95 % intervall för fel i kodningen."
    if any(point.value is None for point in points):
        yield "–: uppgift saknas."


def _described(panels: Sequence[Panel], unit: str, show: Callable[[float], str]) -> str:
    """The figure in words."""
    said = [
        f"{', '.join(filter(None, (panel.group, panel.name)))}: "
        + ", ".join(
            f"{'–' if point.value is None else show(point.value)} för {point.label}"
            for point in panel.points
        )
        for panel in panels
    ]
    return ". ".join(filter(None, [unit, *said])) + "."
