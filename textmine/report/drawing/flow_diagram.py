"""The flow diagram of the logic model: resources to effects, a band a category, on an A4 page."""

from collections.abc import Iterator

from textmine.report.drawing import svg
from textmine.report.drawing.flow_boxes import HEAD, Grid, Line, Rect, actors_of, lay_out
from textmine.report.drawing.flow_routes import LABEL, Plan, Route, labelled, plan, route
from textmine.report.drawing.lettering import one_line, width, wrap
from textmine.report.drawing.palette import ACCENT, GROUND, ON_ACCENT, colour
from textmine.report.findings.model import Flow
from textmine.report.swedish import ACTOR_NOUNS, number

_WIDTH, _HEIGHT = 297 * svg.MM, 210 * svg.MM
_MARGIN = 20.0
_TITLE, _HEADS, _SMALL = 14.0, 9.0, 7.5
_TOP = _MARGIN + _TITLE + 8.0  # where the heads of the columns begin
_HEADS_HEIGHT, _POINT = 17.0, 5.0
_FOOT, _FOOT_LINE = 9.0, 9.75  # between bands and foot; its lines
_SAMPLE, _SAMPLE_GAP = 26.0, 5.0  # length of the link in the foot; around it
_OPACITY = 0.42


def draw_flow(flow: Flow) -> str:
    """Draw the diagram as self-contained SVG, as wide as an A4 on its side and no higher.

    It becomes higher only if there are more categories than a page has room for.
    """
    planned = plan(flow)
    foot = _told(flow, planned)
    below = _FOOT + len(foot) * _FOOT_LINE + _MARGIN
    top = _TOP + _HEADS_HEIGHT + 5
    frame = Rect(_MARGIN, top, _WIDTH - 2 * _MARGIN, _HEIGHT - top - below)
    grid = lay_out(flow, frame, planned.lanes)
    routes = labelled(route(flow, grid, planned))
    bottom = max(grid.bottom, top)
    return svg.figure(
        (_WIDTH, bottom + below),
        [
            *_head(flow, grid),
            *_bands(flow, grid),
            *_links(flow, routes),
            *_boxes(flow, grid),
            *_numbers(routes),
            *_foot(flow, planned, foot, bottom + _FOOT),
        ],
        key=svg.key_of("flow", flow.area, flow.actor),
        title=flow.title,
        description=flow.description,
    )


def _head(flow: Flow, grid: Grid) -> Iterator[str]:
    """The title, and the roles as arrows that lead on to the next."""
    base = f"Underlag: {actors_of(flow.respondents, flow.actor)}"
    room = _WIDTH - 2 * _MARGIN - width(base, _HEADS) - 20
    title = one_line(flow.title, room, _TITLE, bold=True)
    y = _MARGIN + _TITLE * 0.75
    yield svg.text(_MARGIN, y, title, _TITLE, bold=True)
    yield svg.text(_WIDTH - _MARGIN, y, base, _HEADS, anchor="end", fill=svg.SOFT)
    middle, end = _TOP + _HEADS_HEIGHT / 2, _TOP + _HEADS_HEIGHT
    for at, ((_, name), (left, right)) in enumerate(zip(flow.roles, grid.columns, strict=True)):
        notch = _POINT if at else 0
        tip = right + _POINT
        yield svg.tag(
            "path",
            d=_path("M {} {} H {} L {} {} L {} {} H {} L {} {} Z",
                    left, _TOP, right, tip, middle, right, end, left, left + notch, middle),
            fill=ACCENT,
        )  # fmt: skip
        shown = one_line(name, right - left - 12, _HEADS, bold=True)
        y = middle + _HEADS * 0.36
        yield svg.text(left + 12, y, shown, _HEADS, bold=True, fill=ON_ACCENT)


def _bands(flow: Flow, grid: Grid) -> Iterator[str]:
    for at, ((code, _), band) in enumerate(zip(flow.categories, grid.bands, strict=True)):
        yield svg.tag("rect", x=band.x, y=band.y, width=band.width, height=band.height, fill=GROUND)
        yield svg.tag("rect", x=band.x, y=band.y, width=4.0, height=band.height, fill=colour(at))
        yield from map(_line, grid.names[code])


def _links(flow: Flow, routes: list[Route]) -> Iterator[str]:
    at = {code: number for number, (code, _) in enumerate(flow.categories)}
    for one in routes:
        yield svg.tag(
            "path", d=path_of(one.spots), fill="none", stroke=colour(at[one.link.origin[0]]),
            stroke_width=one.width, stroke_opacity=_OPACITY,
        )  # fmt: skip


def _boxes(flow: Flow, grid: Grid) -> Iterator[str]:
    for at, (code, _) in enumerate(flow.categories):
        for role, _ in flow.roles:
            slot = grid.slots[code, role]
            if (code, role) in grid.texts:
                yield svg.tag(
                    "rect", x=slot.x, y=slot.y, width=slot.width, height=slot.height, rx=2.5,
                    fill=svg.PAPER, stroke=colour(at), stroke_width=0.8,
                )  # fmt: skip
                yield from map(_line, grid.texts[code, role])
            else:
                yield svg.text(
                    slot.x + 5, slot.y + 5 + HEAD, "Ej identifierat", _SMALL, fill=svg.SOFT
                )


def _numbers(routes: list[Route]) -> Iterator[str]:
    for one in routes:
        if one.label:
            yield svg.text(
                one.label[0], one.label[1] + LABEL * 0.36, number(one.link.respondents), LABEL,
                bold=True, anchor="middle", halo=svg.PAPER,
            )  # fmt: skip


def _told(flow: Flow, planned: Plan) -> list[str]:
    """How the figure is read, in lines; only what there is in it."""
    many = ACTOR_NOUNS.get(flow.actor, ACTOR_NOUNS[""])[1]
    told = [f"Rutorna visar hur många {many} som redovisar något, med typiska utsagor ur svaren."]
    if planned.links:
        told.append(
            "Banden visar hur många som i samma svar redovisar båda; de visar inte att det ena "
            "har lett till det andra."
        )
    if len(planned.links) < sum(link.respondents > 0 for link in flow.links):
        told.append(f"Band för färre än {number(planned.least)}\u00a0{many} är inte utritade.")
    if any(box.count.hidden for box in flow.boxes.values()):
        told.append("Små antal, och antal som skulle röja ett litet antal, visas inte.")
    room = _WIDTH - 2 * _MARGIN - _sample_width(flow, planned)
    return [line for one in told for line in wrap(one, room, _SMALL)]


def _foot(flow: Flow, planned: Plan, told: list[str], top: float) -> Iterator[str]:
    """How wide a link is, and how the figure is read."""
    if planned.links:
        middle = top + _SMALL * 0.64
        yield svg.tag(
            "path", d=_path("M {} {} H {}", _MARGIN, middle, _MARGIN + _SAMPLE), fill="none",
            stroke=svg.SOFT, stroke_width=_most(planned) * planned.scale, stroke_opacity=_OPACITY,
        )  # fmt: skip
        x = _MARGIN + _SAMPLE + _SAMPLE_GAP
        yield svg.text(x, middle + _SMALL * 0.36, _sample(flow, planned), _SMALL)
    left = _MARGIN + _sample_width(flow, planned)
    for at, line in enumerate(told):
        yield svg.text(left, top + _SMALL + at * _FOOT_LINE, line, _SMALL, fill=svg.SOFT)


def _most(planned: Plan) -> int:
    return max(link.respondents for link in planned.links)


def _sample(flow: Flow, planned: Plan) -> str:
    return f"= {actors_of(_most(planned), flow.actor)}"


def _sample_width(flow: Flow, planned: Plan) -> float:
    """How much of the foot's width the sample of a link takes."""
    if not planned.links:
        return 0.0
    return _SAMPLE + 4 * _SAMPLE_GAP + width(_sample(flow, planned), _SMALL)


def path_of(spots: tuple[tuple[float, float], ...]) -> str:
    """A way that is curved between the first two spots, straight to the next, and so on."""
    (x, y), *rest = spots
    drawn = [_path("M {} {}", x, y)]
    for at, (to_x, to_y) in enumerate(rest):
        middle = (x + to_x) / 2
        drawn.append(
            _path("H {}", to_x)
            if at % 2
            else _path("C {} {} {} {} {} {}", middle, y, middle, to_y, to_x, to_y)
        )
        x, y = to_x, to_y
    return " ".join(drawn)


def _path(form: str, *numbers: float) -> str:
    return form.format(*map(svg.fixed, numbers))


def _line(line: Line) -> str:
    return svg.text(line.x, line.y, line.text, line.size, bold=line.bold)
