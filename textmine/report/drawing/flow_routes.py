"""The links of a flow diagram: how wide they are, and the ways they take beside the boxes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from textmine.report.drawing.flow_boxes import Cell, Grid, lowest
from textmine.report.drawing.lettering import width
from textmine.report.findings.model import Flow, Link
from textmine.report.swedish import number

LABEL = 7.0  # font size
_WIDEST, _WIDEST_OF_ONE = 12.0, 2.5  # points for the largest link, and for a respondent
_THINNEST = 0.5
_LANE, _LANE_EDGE = 16.0, 2.0
EDGE = 4.0  # free at the corners of a box
_LARGE = 0.2  # of the largest link, and of two at least: has its number
_TRIED = (0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75)  # of the way through a gap

Spot = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Which links are drawn, and how wide.

    Attributes
    ----------
    scale
        Points for a respondent.
    least
        Links of fewer respondents would be too thin to be seen and are left out.
    lanes
        By category, what its links need under its boxes.
    """

    links: tuple[Link, ...]
    scale: float
    least: int
    lanes: tuple[float, ...]


@dataclass(frozen=True)
class Route:
    """The way of a link: straight past boxes, curved in the gaps between columns.

    Attributes
    ----------
    spots
        Two for each curve: where it begins and ends.
    label
        The middle of its number, if it has one.
    """

    link: Link
    width: float
    spots: tuple[Spot, ...]
    label: Spot | None = None


def plan(flow: Flow) -> Plan:
    """Choose a scale with which all links fit at their boxes and under them."""
    place = places(flow)
    links = [link for link in flow.links if link.respondents > 0]
    at_box: dict[tuple[Cell, bool], int] = defaultdict(int)
    passing: dict[Cell, int] = defaultdict(int)
    for link in links:
        at_box[link.origin, True] += link.respondents
        at_box[link.target, False] += link.respondents
        for column in passed(link, place):
            passing[link.origin[0], flow.roles[column][0]] += link.respondents
    scale = min(
        [_WIDEST_OF_ONE]
        + [_WIDEST / link.respondents for link in links]
        + [(lowest() - 2 * EDGE) / sum_ for sum_ in at_box.values()]
        + [(_LANE - 2 * _LANE_EDGE) / sum_ for sum_ in passing.values()]
    )
    drawn = [link for link in links if link.respondents * scale >= _THINNEST]
    lanes = []
    for code, _ in flow.categories:
        sums = [sum_ for (category, _), sum_ in passing.items() if category == code]
        lanes.append(max(sums) * scale + 2 * _LANE_EDGE if sums else 0.0)
    least = min((n for n in range(1, 1000) if n * scale >= _THINNEST), default=1)
    return Plan(tuple(drawn), scale, least, tuple(lanes))


def route(flow: Flow, grid: Grid, planned: Plan, *, edge: float = EDGE) -> list[Route]:
    """Lead each link from box to box: through gaps, and under the boxes of columns it passes.

    Parameters
    ----------
    edge
        What is left free at the corners of a box.
    """
    place = places(flow)
    lanes = _lanes(flow, grid, planned, place)
    middles = {cell: slot.y + slot.height / 2 for cell, slot in grid.slots.items()}

    def next_y(link: Link) -> float:
        between = passed(link, place)
        return lanes[link, between[0]] if between else middles[link.target]

    def last_y(link: Link) -> float:
        between = passed(link, place)
        return lanes[link, between[-1]] if between else middles[link.origin]

    leaving = _ports(planned, grid, place, lambda link: link.origin, next_y, edge)
    coming = _ports(planned, grid, place, lambda link: link.target, last_y, edge)
    routes = []
    for link in planned.links:
        spots = [(grid.columns[place[link.origin][0]][1], leaving[link])]
        for column in passed(link, place):
            left, right = grid.columns[column]
            spots += [(left, lanes[link, column]), (right, lanes[link, column])]
        spots.append((grid.columns[place[link.target][0]][0], coming[link]))
        routes.append(Route(link, link.respondents * planned.scale, tuple(spots)))
    return sorted(routes, key=lambda one: -one.link.respondents)  # small links lie on large ones


def places(flow: Flow) -> dict[Cell, tuple[int, int]]:
    """Column and row of each cell."""
    return {
        (category, role): (column, row)
        for column, (role, _) in enumerate(flow.roles)
        for row, (category, _) in enumerate(flow.categories)
    }


def passed(link: Link, place: Mapping[Cell, tuple[int, int]]) -> range:
    """The columns between a link's ends."""
    return range(place[link.origin][0] + 1, place[link.target][0])


def _lanes(
    flow: Flow, grid: Grid, planned: Plan, place: Mapping[Cell, tuple[int, int]]
) -> dict[tuple[Link, int], float]:
    """Where links pass a column, under the box of the category they come from.

    Those that go farther, and come from farther, lie deeper: they cross fewer others.
    """
    lanes = {}
    for code, _ in flow.categories:
        for column in range(len(flow.roles)):
            passing = [
                link
                for link in planned.links
                if link.origin[0] == code and column in passed(link, place)
            ]
            passing.sort(key=lambda link: (place[link.target], -place[link.origin][0]))
            y = grid.slots[code, flow.roles[column][0]].bottom + 2 * _LANE_EDGE
            for link in passing:
                lanes[link, column] = y + link.respondents * planned.scale / 2
                y += link.respondents * planned.scale
    return lanes


def _ports(
    planned: Plan,
    grid: Grid,
    place: Mapping[Cell, tuple[int, int]],
    end: Callable[[Link], Cell],
    other_y: Callable[[Link], float],
    edge: float,
) -> dict[Link, float]:
    """Where links meet a box: one under the other, in the order of where they lead.

    Those that pass other columns meet it far down, as their way is under the boxes.
    """
    at_box: dict[Cell, list[Link]] = defaultdict(list)
    for link in planned.links:
        at_box[end(link)].append(link)
    ports = {}
    for cell, links in at_box.items():
        slot = grid.slots[cell]
        straight = sorted((x for x in links if not passed(x, place)), key=other_y)
        around = sorted((x for x in links if passed(x, place)), key=other_y)
        below = sum(link.respondents for link in around) * planned.scale
        above = sum(link.respondents for link in straight) * planned.scale
        top = slot.y + edge + (slot.height - 2 * edge - below - above) / 2
        for links_, y in ((straight, top), (around, slot.bottom - edge - below)):
            for link in links_:
                ports[link] = y + link.respondents * planned.scale / 2
                y += link.respondents * planned.scale
    return ports


def labelled(routes: Sequence[Route]) -> list[Route]:
    """Give the larger links their numbers, where these do not meet and few links are under them."""
    largest = max((one.link.respondents for one in routes), default=0)
    gaps = _gaps(routes)
    taken: list[tuple[float, float, float]] = []  # middle, and half of the width
    result = []
    for one in routes:
        spot = None
        if one.link.respondents >= max(2, _LARGE * largest):
            half = width(number(one.link.respondents), LABEL, bold=True) / 2 + 1
            free = [
                (_under(gaps[ends[0][0]], spot, t), order, spot)
                for ends in _curves(one)
                for order, t in enumerate(_TRIED)
                for spot in [_along(ends, t)]
                if all(
                    abs(x - spot[0]) >= half + other or abs(y - spot[1]) >= LABEL
                    for x, y, other in taken
                )
            ]
            if free:
                spot = min(free)[2]
                taken.append((*spot, half))
        result.append(replace(one, label=spot))
    return result


def _curves(one: Route) -> list[tuple[Spot, Spot]]:
    """The ends of a route's curves, one in each gap."""
    return list(zip(one.spots[::2], one.spots[1::2], strict=True))


def _gaps(routes: Sequence[Route]) -> dict[float, list[tuple[tuple[Spot, Spot], float]]]:
    """The curves in each gap, by where it begins, with their widths."""
    gaps: dict[float, list[tuple[tuple[Spot, Spot], float]]] = defaultdict(list)
    for one in routes:
        for ends in _curves(one):
            gaps[ends[0][0]].append((ends, one.width))
    return gaps


def _along(ends: tuple[Spot, Spot], t: float) -> Spot:
    """A point of a curve, at `t` from 0 to 1; curves of a gap have the same x at the same `t`."""
    (x0, y0), (x1, y1) = ends
    bent = 1.5 * t * (1 - t) + t**3  # x of a curve whose handles are in the middle
    return x0 + (x1 - x0) * bent, y0 + (y1 - y0) * (3 * t**2 - 2 * t**3)


def _under(gap: Sequence[tuple[tuple[Spot, Spot], float]], label: Spot, t: float) -> int:
    """How many links would lie under a number."""
    return sum(abs(_along(ends, t)[1] - label[1]) < (wide + LABEL) / 2 for ends, wide in gap)
