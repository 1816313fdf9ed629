"""Where the names of groups stand on a map, so that all can be read."""

import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LINE = 1.25  # height of a line, of the font size
_PAD = 0.45  # white edge around a label, of the font size
_WIDTH, _WIDEST, _LINES = 20, 36, 3  # characters of a line, and if a word is long; lines

_EDGE = 0.03  # of the frame's width, free around the points
_STEP = 6.0  # between the places that are tried
_LOOKED = 300  # of the free places that are best before lines are looked at
_ROUNDS = 5
_NEAR = 8.0  # what lies so far from a label is seen to belong to it
# What a label would move how far to avoid:
_COVERING = 1400.0  # covering all points; a share of it for a share of them
_ASIDE = 0.15  # a unit between its middle and what it names
_CROSSING = 80.0  # a line through a label or across another line
_GROWTH = 1.1  # of a frame in which the labels find no room


@dataclass(frozen=True)
class Placed:
    """A map to scale with its labels; y goes up.

    Attributes
    ----------
    frame
        Width and height, in the unit of the labels.
    points, anchors
        The notes, and for each label the place that it names.
    centres, sizes
        The labels' boxes: middle; width and height.
    scale, origin
        `points` are `layout * scale + origin`.
    """

    frame: tuple[float, float]
    points: Floats
    anchors: Floats
    centres: Floats
    sizes: Floats
    scale: float
    origin: Floats

    def in_layout(self, places: Floats) -> Floats:
        """Coordinates of the layout for places in the frame."""
        back: Floats = (places - self.origin) / self.scale
        return back

    def leader(self, label: int) -> Floats | None:
        """Where on its edge a label's line starts; None if it stands near enough without one."""
        centre, size, anchor = self.centres[label], self.sizes[label], self.anchors[label]
        if not _led(centre, size, anchor):
            return None
        way = anchor - centre
        start: Floats = centre + way / np.abs(2 * way / size).max()
        return start


def wrap(name: str, tail: str = "") -> list[str]:
    """Break a name into as few lines as it needs, about as long; `tail` ends the last of them."""
    words = "".join(sign for sign in name if sign.isprintable() or sign.isspace()).split()
    shown, width = " ".join(words), min(max([_WIDTH, *map(len, words)]), _WIDEST)
    tried = [
        textwrap.wrap(shown, narrow, max_lines=_LINES, placeholder="…", break_on_hyphens=False)
        or [""]
        for narrow in range(width, width // 3, -1)
    ]
    as_good = [
        [*lines[:-1], lines[-1] + tail]
        for lines in tried
        if len(lines) == len(tried[0]) and " ".join(lines) == " ".join(tried[0])
    ]
    return min(as_good, key=lambda lines: max(map(len, lines)))


def measure(lines: Sequence[str], font_size: float) -> tuple[float, float]:
    """Width and height of a label, in the unit of the font size.

    As in DejaVu Sans, which comes with matplotlib and is wider than most fonts.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font, ruler = FontProperties(family="DejaVu Sans", size=font_size), TextToPath()
    with warnings.catch_warnings():
        # A sign that the font lacks is measured as the box that stands for it.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        widest = max(
            ruler.get_text_width_height_descent(line, font, ismath=False)[0] for line in lines
        )
    return widest + 2 * _PAD * font_size, (LINE * len(lines) + 2 * _PAD) * font_size


def place(
    layout: npt.ArrayLike,
    groups: Sequence[npt.NDArray[np.intp]],
    sizes: Sequence[tuple[float, float]],
    frame: tuple[float, float],
) -> Placed:
    """Fit points into a frame and find places for labels that overlap neither each other nor it.

    Parameters
    ----------
    layout
        (points, 2).
    groups
        For each label the rows that it names; at least one.
    sizes
        Width and height of each label.
    frame
        Width and height. It is made larger if the labels do not find room.
    """
    spots = np.asarray(layout, float).reshape(-1, 2)
    boxes = np.asarray(sizes, float).reshape(-1, 2)
    while True:
        scale, origin = _fit(spots, frame)
        points = spots * scale + origin
        anchors = np.array([_core(points[rows]) for rows in groups]).reshape(-1, 2)
        centres = find_room(anchors, boxes, frame, points)
        if centres is not None:
            return Placed(frame, points, anchors, centres, boxes, scale, origin)
        frame = (frame[0] * _GROWTH, frame[1] * _GROWTH)


def _fit(spots: Floats, frame: tuple[float, float]) -> tuple[float, Floats]:
    """Scale and origin that put points in the middle of a frame, as large as they can be."""
    size = np.asarray(frame)
    if not len(spots):
        return 1.0, size / 2
    low, high = spots.min(axis=0), spots.max(axis=0)
    room = size - 2 * _EDGE * frame[0]
    scale = float((room / np.maximum(high - low, 1e-6)).min()) if (high > low).any() else 1.0
    return scale, size / 2 - scale * (low + high) / 2


def _core(points: Floats) -> Floats:
    """The point next to the middle of all."""
    middle = np.median(points, axis=0)
    core: Floats = points[np.linalg.norm(points - middle, axis=1).argmin()]
    return core


def find_room(
    anchors: Floats, sizes: Floats, frame: tuple[float, float], points: Floats
) -> Floats | None:
    """Place labels near their anchors, off the points where that is near.

    Each in turn takes the best of the free places, the largest first; then each may move to a
    better one, given the others, some rounds long.

    Returns
    -------
    array or None
        Centres of the boxes, (labels, 2); None if one found no free place.
    """
    places, costs = [], []
    for size, anchor in zip(sizes, anchors, strict=True):
        spots = _places(size, frame)
        cost = (
            _gaps(spots, size, anchor)
            + _ASIDE * np.linalg.norm(spots - anchor, axis=1)
            + _COVERING * _covered(spots, size, frame, points)
        )
        best_first = cost.argsort(kind="stable")
        places.append(spots[best_first])
        costs.append(cost[best_first])
    order = np.argsort(-sizes.prod(axis=1), kind="stable")
    centres = np.full_like(sizes, np.nan)
    for _ in range(_ROUNDS):
        before = centres.copy()
        for label in order:
            others = np.flatnonzero(~np.isnan(centres[:, 0]))
            others = others[others != label]
            taken = _overlap(places[label], sizes[label], centres[others], sizes[others])
            free = np.flatnonzero(~taken)[:_LOOKED]
            if not len(free):
                return None
            spots = places[label][free]
            crossed = _crossings(
                spots, sizes[label], anchors[label],
                centres[others], sizes[others], anchors[others],
            )  # fmt: skip
            centres[label] = spots[(costs[label][free] + _CROSSING * crossed).argmin()]
        if np.array_equal(before, centres):
            break
    return centres


def _places(size: Floats, frame: tuple[float, float]) -> Floats:
    """Where the middle of a label may lie for all of it to be in the frame: a fine grid."""
    room = np.asarray(frame) - size
    if (room < 0).any():
        return np.empty((0, 2))
    x, y = (
        np.linspace(half, half + free, 1 + int(np.ceil(free / _STEP)))
        for half, free in zip(size / 2, room, strict=True)
    )
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _gaps(centres: Floats, sizes: Floats, anchors: Floats) -> Floats:
    """How far boxes are from their anchors; 0 where these lie in them."""
    beside = np.maximum(np.abs(centres - anchors) - sizes / 2, 0)
    gaps: Floats = np.linalg.norm(beside, axis=-1)
    return gaps


def _led(centres: Floats, sizes: Floats, anchors: Floats) -> Bools:
    """Which labels are so far from what they name that a line must lead to it."""
    far: Bools = _gaps(centres, sizes, anchors) > _NEAR
    return far


def _covered(spots: Floats, size: Floats, frame: tuple[float, float], points: Floats) -> Floats:
    """Share of the points that a label covers at each place, to the accuracy of the grid."""
    cells = np.ceil(np.asarray(frame) / _STEP).astype(int)
    limits = [(0.0, count * _STEP) for count in cells]
    held, _, _ = np.histogram2d(points[:, 0], points[:, 1], bins=cells, range=limits)
    below = np.pad(held.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    left, down = np.rint((spots - size / 2) / _STEP).astype(int).T
    right, up = np.rint((spots + size / 2) / _STEP).astype(int).T
    inside = below[right, up] - below[left, up] - below[right, down] + below[left, down]
    share: Floats = inside / max(len(points), 1)
    return share


def _overlap(spots: Floats, size: Floats, centres: Floats, sizes: Floats) -> Bools:
    """Which places of a label would overlap one of the boxes."""
    reach = (size + sizes) / 2 - 1e-9
    beside = np.abs(spots[:, :1] - centres[:, 0]) < reach[:, 0]
    above = np.abs(spots[:, 1:] - centres[:, 1]) < reach[:, 1]
    taken: Bools = np.any(beside & above, axis=1)
    return taken


def _crossings(
    spots: Floats, size: Floats, anchor: Floats, centres: Floats, sizes: Floats, anchors: Floats
) -> npt.NDArray[np.intp]:
    """Count, for each place of a label, lines through boxes and lines across lines."""
    led = _led(spots, size, anchor)
    others_led = _led(centres, sizes, anchors)
    through = led[:, None] & _meet(spots[:, None], anchor, centres, sizes)
    under = others_led & _meet(centres, anchors, spots[:, None], size)
    across = led[:, None] & others_led & _cross(spots[:, None], anchor, centres, anchors)
    count: npt.NDArray[np.intp] = (through.astype(int) + under + across).sum(axis=1)
    return count


def _meet(starts: Floats, ends: Floats, centres: Floats, sizes: Floats) -> Bools:
    """Which lines and boxes meet; shapes broadcast."""
    way = np.where(ends == starts, 1e-12, ends - starts)
    one, other = (centres - sizes / 2 - starts) / way, (centres + sizes / 2 - starts) / way
    enter = np.minimum(one, other).max(axis=-1)
    leave = np.maximum(one, other).min(axis=-1)
    meet: Bools = (enter <= leave) & (enter <= 1) & (leave >= 0)
    return meet


def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> Bools:
    """Which lines a–b cross lines c–d; shapes broadcast."""

    def side(start: Floats, end: Floats, point: Floats) -> Floats:
        way, to = end - start, point - start
        turned: Floats = way[..., 0] * to[..., 1] - way[..., 1] * to[..., 0]
        return turned

    crossed: Bools = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    return crossed
