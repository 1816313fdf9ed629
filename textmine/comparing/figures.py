"""The figures of a comparison: a slope chart for each area, and small multiples of effects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textmine.codebook import folded
from textmine.comparing.cell import Change, Side
from textmine.comparing.comparison import Comparison
from textmine.comparing.wording import kind_name
from textmine.report.drawing.multiples import Panel, Point, draw_multiples
from textmine.report.drawing.slope import SlopeRow, draw_slope
from textmine.report.findings.logic import EFFECT
from textmine.report.swedish import percent
from textmine.review.counts.drawn import ALL

_FEWEST = 2  # respondents of a kind in either survey, for a figure of their shares


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes
    ----------
    name
        Of its file, without an ending.
    area
        Key of the area that it is about; None for all areas.
    """

    name: str
    area: str | None
    title: str
    svg: str


def draw_pictures(comparison: Comparison) -> list[Picture]:
    """Draw all figures."""
    return [*_slopes(comparison), *_multiples(comparison)]


def _slopes(comparison: Comparison) -> Iterator[Picture]:
    """One slope chart an area and kind of respondents: the first group of roles."""
    changes = comparison.changes
    group = changes.groups[0]
    for area, area_name in changes.areas:
        for kind in changes.actors or (ALL,):
            cells = _cells(comparison, area, group.key, kind)
            if len(cells) < 2:
                continue
            about = f"{area_name}: {_head(group.name, comparison)}" if area_name else group.name
            title = f"{about}, {kind_name(kind).lower()}" if kind != ALL else about
            yield Picture(
                _file("forandring", area, kind),
                area,
                title,
                draw_slope(
                    [_row(cell, comparison) for cell in cells],
                    title,
                    *comparison.names,
                    unit=_unit(kind),
                    key=_file("f", area, kind),
                    show=_show,
                ),
            )


def _multiples(comparison: Comparison) -> Iterator[Picture]:
    """All areas' effects, a figure a kind of respondents."""
    changes = comparison.changes
    group = next((group for group in changes.groups if group.key == EFFECT), None)
    for kind in changes.actors or (ALL,):
        if group is None:
            return
        cells = [
            cell for area, _ in changes.areas for cell in _cells(comparison, area, group.key, kind)
        ]
        if not cells:
            continue
        title = f"{group.name}, {kind_name(kind).lower()}" if kind != ALL else group.name
        panels = [
            Panel(
                comparison.area_names.get(cell.area, ""),
                comparison.category_name(cell.area, cell.category),
                tuple(
                    Point(label, *_estimate(side))
                    for label, side in zip(
                        comparison.names, (cell.earlier, cell.later), strict=True
                    )
                ),
                marked=cell.clear,
            )
            for cell in cells
        ]
        yield Picture(
            _file("effekter", kind),
            None,
            title,
            draw_multiples(panels, title, unit=_unit(kind), key=_file("m", kind), show=_show),
        )


def _cells(comparison: Comparison, area: str, group: str, kind: str) -> list[Change]:
    """Choose an area's categories that both codebooks have and anybody is in."""
    changes = comparison.changes
    found = (
        changes.cell(area, category, group, kind)
        for category, _ in changes.categories[area]
        if (area, category) not in changes.only
    )
    return [
        cell
        for cell in found
        if cell is not None and cell.filled and min(cell.earlier.of, cell.later.of) >= _FEWEST
    ]


def _row(cell: Change, comparison: Comparison) -> SlopeRow:
    left, right = _estimate(cell.earlier), _estimate(cell.later)
    name = comparison.category_name(cell.area, cell.category)
    return SlopeRow(name, left[0], right[0], *left[1:], *right[1:], marked=cell.clear)


def _estimate(side: Side) -> tuple[float, float, float]:
    """Share of the respondents, corrected for errors of coding, with its interval."""
    return side.estimate / side.of, side.low / side.of, side.high / side.of


def _unit(kind: str) -> str:
    of = {"region": "regionerna", "kommun": "kommunerna", "lan": "länen"}.get(kind, "de svarande")
    return f"Andel av {of} i området, rättad för kodningsfel, med 95-procentigt intervall"


def _head(name: str, comparison: Comparison) -> str:
    return name.lower() if comparison.changes.groups[0].key == "insats" else name


def _show(value: float) -> str:
    return percent(value)


def _file(*parts: str) -> str:
    plain = "-".join(part for part in parts if part)
    table = str.maketrans("åäö", "aao")
    return re.sub(r"[^a-z0-9-]+", "-", folded(plain).translate(table)).strip("-")
