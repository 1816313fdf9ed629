"""The flow as a Sankey figure for the page: all numbers at a glance, more of each on demand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from textmine.report.drawing import svg
from textmine.report.drawing.flow_boxes import Cell, Grid, Rect, actors_of, counted
from textmine.report.drawing.flow_diagram import path_of
from textmine.report.drawing.flow_routes import Plan, Route, passed, places, route
from textmine.report.drawing.lettering import cut, wrap
from textmine.report.drawing.palette import colour
from textmine.report.findings.model import Box, Flow
from textmine.report.page.anchors import cell_anchor
from textmine.report.swedish import number, sentence

# To be put on the page once; without it the figure shows all but what hovering adds.
SANKEY_SCRIPT = (Path(__file__).parent / "sankey.js").read_text(encoding="utf-8")

_WIDTH, _SIDE = 900.0, 4.0
_NODE = 14.0
_LABEL, _NUMBER = 9.0, 8.0
_LABELS = 122.0  # room for them beside a node
_LINE, _NAME_LINES = 1.2, 3
_HEADS, _TOP, _FOOT = 10.0, 26.0, 52.0
_HEIGHT, _WIDEST_OF_ONE = 440.0, 7.0  # of all rows together; points for a respondent
_APART = 8.0  # between rows
_UNDER = 4.0  # between a node and what passes beneath it
_OPACITY = 0.4
# The colours of the page's text and ground, which may be light on dark.
_INK = "currentColor"
_GROUND = "Canvas"


def draw_sankey(flow: Flow, anchor: Callable[[str, str, str], str] = cell_anchor) -> str:
    """Draw the figure as SVG for a page: roles from left to right, categories beneath each other.

    Parameters
    ----------
    anchor
        Names the place on the page that shows the statements of (area, category, role).
    """
    planned, heights, rows = _plan(flow)
    grid = _lay_out(flow, heights, rows)
    routes = route(flow, grid, planned, edge=0)
    key = svg.key_of("sankey", flow.area, flow.actor)
    return svg.figure(
        (_WIDTH, grid.bottom + _FOOT),
        [
            *_heads(flow, grid),
            *_links(flow, routes),
            *_numbers(routes),
            *_nodes(flow, grid, anchor),
            *_foot(grid.bottom),
        ],
        key=key,
        title=f"Sankeydiagram: {flow.title}",
        description=flow.description,
        paper=False,
        role="group",
        marks={"data-sankey": key, "class": "sankey-figure"},
    )


def _plan(flow: Flow) -> tuple[Plan, dict[Cell, float], list[float]]:
    """Choose a scale; with it, the heights of the nodes and of the categories' rows."""
    place = places(flow)
    links = tuple(link for link in flow.links if link.respondents > 0)
    leaving, coming, passing = (dict.fromkeys(place, 0) for _ in range(3))
    for link in links:
        leaving[link.origin] += link.respondents
        coming[link.target] += link.respondents
        for column in passed(link, place):
            passing[link.origin[0], flow.roles[column][0]] += link.respondents
    sizes = {
        cell: max(leaving[cell], coming[cell], 0 if box.count.hidden else box.count.counted)
        for cell, box in flow.boxes.items()
    }
    rows = [
        max((sizes.get((code, role), 0) + passing[code, role] for role, _ in flow.roles), default=0)
        for code, _ in flow.categories
    ]
    scale = min(_WIDEST_OF_ONE, _HEIGHT / max(sum(rows), 1))
    # A node of very few is still there to be seen.
    heights = {cell: max(size * scale, 2.0) for cell, size in sizes.items()}
    return Plan(links, scale, 1, ()), heights, [row * scale + _UNDER for row in rows]


def _lay_out(flow: Flow, heights: dict[Cell, float], rows: list[float]) -> Grid:
    """Put the nodes of a category on a line, with room for what passes them beneath."""
    many = max(len(flow.roles), 1)
    step = (_WIDTH - 2 * _SIDE - _NODE - _LABELS) / max(many - 1, 1)
    lefts = [_SIDE + at * step for at in range(len(flow.roles))]
    bands, slots = [], {}
    top = _TOP
    for (code, name), row in zip(flow.categories, rows, strict=True):
        height = max(row, (1 + len(_name_lines(name))) * _LABEL * _LINE)
        bands.append(Rect(0, top, _WIDTH, height))
        for (role, _), left in zip(flow.roles, lefts, strict=True):
            slots[code, role] = Rect(left, top, _NODE, heights.get((code, role), 0.0))
        top += height + _APART
    columns = tuple((left, left + _NODE) for left in lefts)
    return Grid(tuple(bands), columns, slots, {}, {})


def _heads(flow: Flow, grid: Grid) -> Iterator[str]:
    for (_, name), (left, _) in zip(flow.roles, grid.columns, strict=True):
        yield svg.text(left, 12, name, _HEADS, bold=True, fill=_INK)


def _links(flow: Flow, routes: list[Route]) -> Iterator[str]:
    at = {code: place for place, (code, _) in enumerate(flow.categories)}
    for one in routes:
        said = (
            f"{_name(flow, one.link.origin)} och {_name(flow, one.link.target, lower=True)}\n"
            f"I samma svar hos {actors_of(one.link.respondents, flow.actor)}"
        )
        yield svg.tag(
            "path", svg.tag("title", escape(_spoken(said))),
            d=path_of(one.spots), fill="none", stroke=colour(at[one.link.origin[0]]),
            stroke_width=one.width, stroke_opacity=_OPACITY,
            data_ends=f"{_id(flow, one.link.origin)} {_id(flow, one.link.target)}", data_said=said,
        )  # fmt: skip


def _numbers(routes: list[Route]) -> Iterator[str]:
    """The number of a link at its end, where the link is wide enough to hold it."""
    for one in routes:
        x, y = one.spots[-1]
        if one.width >= _NUMBER:
            yield svg.text(
                x - 4, y + 0.36 * _NUMBER, number(one.link.respondents), _NUMBER, anchor="end",
                fill=_INK, pointer_events="none", halo=_GROUND,
            )  # fmt: skip


def _nodes(flow: Flow, grid: Grid, anchor: Callable[[str, str, str], str]) -> Iterator[str]:
    for at, (code, name) in enumerate(flow.categories):
        for role, _ in flow.roles:
            box = flow.boxes.get((code, role))
            if box is None:
                continue
            slot = grid.slots[code, role]
            x, y = slot.right + 5, slot.y + _LABEL
            said = _said(flow, box)
            drawn = [
                svg.tag("title", escape(_spoken(said))),
                svg.tag(
                    "rect", x=slot.x, y=slot.y, width=slot.width, height=slot.height,
                    fill=colour(at),
                ),
                svg.text(
                    x, y, counted(box.count, flow.actor), _LABEL, bold=True, fill=_INK,
                    halo=_GROUND,
                ),
                *(
                    svg.text(x, y + number * _LABEL * _LINE, line, _LABEL, fill=_INK, halo=_GROUND)
                    for number, line in enumerate(_name_lines(name), 1)
                ),
            ]  # fmt: skip
            yield svg.tag(
                "a", "".join(drawn), href=f"#{anchor(flow.area, code, role)}",
                aria_label=_spoken(said), data_node=_id(flow, (code, role)), data_said=said,
            )  # fmt: skip


def _name_lines(name: str) -> list[str]:
    room = _LABELS - 6
    return cut(wrap(name, room, _LABEL), _NAME_LINES, room, _LABEL)


def _foot(top: float) -> Iterator[str]:
    """Lines that tell of what is pointed at, and until then how to read the figure."""
    lines = (
        "Banden visar hur många som i samma svar redovisar båda; de visar inte att det ena har "
        "lett till det andra.",
        "Staplarnas höjd visar hur många som redovisar något. Är banden tillsammans bredare "
        "än så bestämmer de stapelns höjd.",
        "",
    )
    for at, line in enumerate(lines):
        yield svg.text(_SIDE, top + 20 + at * 13, line, _LABEL, fill=_INK, data_said_here=at)


def _said(flow: Flow, box: Box) -> str:
    """What a node stands for, and what the same answers tell of besides."""
    here = (box.category, box.role)
    said = f"{_name(flow, here)}: {counted(box.count, flow.actor)}"
    others = [
        (link.respondents, link.target if link.origin == here else link.origin)
        for link in flow.links
        if here in (link.origin, link.target)
    ]
    if others:
        told = "; ".join(f"{_other(flow, here, other)} {number(many)}" for many, other in others)
        lines = wrap(f"I samma svar: {told}", _WIDTH - 2 * _SIDE, _LABEL)
        said += "\n" + "\n".join(lines)
    return said


def _other(flow: Flow, here: Cell, there: Cell) -> str:
    """Name a cell beside another; its category only if that differs."""
    if here[0] == there[0]:
        return dict(flow.roles)[there[1]].lower()
    return _name(flow, there, lower=True)


def _name(flow: Flow, cell: Cell, *, lower: bool = False) -> str:
    category, role = cell
    name = f"{dict(flow.roles)[role].lower()} inom {dict(flow.categories)[category]}"
    return name if lower else sentence(name)


def _id(flow: Flow, cell: Cell) -> str:
    """A number for a cell; unlike codes it needs no care in attributes."""
    column, row = places(flow)[cell]
    return f"{column}-{row}"


def _spoken(said: str) -> str:
    """What is shown in lines as running text."""
    first, _, rest = said.partition("\n")
    return f"{first}. {rest.replace(chr(10), ' ')}.".replace(". .", ".")
