"""The boxes of a flow diagram: where they stand, and what is written in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from textmine.report.drawing.lettering import cut, one_line, width, wrap
from textmine.report.findings.model import Box, Count, Flow
from textmine.report.swedish import ACTOR_NOUNS, number, sentence

# All in points.
SIZES = (8.5, 8.0, 7.5, 7.0)  # of quotes; the first with which all is said, or the last
HEAD = 8.5  # size of a box's number
PAD = 5.0  # inside a box
GAP = 30.0  # between columns, for links
_SIDE = 5.0  # between a band's edge and what is in it
_APART = 5.0  # between bands
_NAMES, _NAME = 92.0, 8.0  # width of the column of categories' names, and their size
_INDENT = 11.0
_LEADING = 1.2
_BETWEEN = 2.5  # between quotes
_HEAD_LINE = 12.5
_QUOTES, _QUOTE_LINES, _CUT_LINES = 3, 6, 3  # most quotes; lines of one, and of one cut short
_FEWEST, _MOST = 2, 11  # lines that even the lowest box has room for; those of the highest
# Quotation marks within quotation marks.
_INNER = str.maketrans(dict.fromkeys('"”“„«»', "’"))

Cell = tuple[str, str]


@dataclass(frozen=True)
class Rect:
    """A rectangle; y goes down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Line:
    """A line of text: where it begins on its base line."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Grid:
    """Where everything of a diagram has its place.

    Attributes
    ----------
    bands
        Behind each category's boxes, top to bottom.
    columns
        Left and right edge of each role's boxes.
    slots
        By (category, role), also where there is no box.
    names, texts
        Lines by category and by cell.
    """

    bands: tuple[Rect, ...]
    columns: tuple[tuple[float, float], ...]
    slots: Mapping[Cell, Rect]
    names: Mapping[str, tuple[Line, ...]]
    texts: Mapping[Cell, tuple[Line, ...]]

    @property
    def bottom(self) -> float:
        """Where the last band ends."""
        return self.bands[-1].bottom if self.bands else 0.0


def lay_out(flow: Flow, frame: Rect, lanes: Sequence[float]) -> Grid:
    """Find a place for all boxes and as large a type as lets them say all they have.

    Parameters
    ----------
    frame
        What the bands may fill. They go beyond its lower edge if there are very many of them.
    lanes
        Height that each category's links need under its boxes.
    """
    columns = _columns(flow, frame)
    room = columns[0][1] - columns[0][0] - 2 * PAD
    names = {
        code: wrap(name, _NAMES - _INDENT - PAD, _NAME, bold=True) for code, name in flow.categories
    }
    above = 2 * _SIDE + 2 * PAD + _HEAD_LINE + (_QUOTES - 1) * _BETWEEN
    free = frame.height - sum(lanes) - len(lanes) * above - max(len(lanes) - 1, 0) * _APART
    for size in SIZES:
        wanted = [_wanted(flow, code, room, size) for code, _ in flow.categories]
        given = _share(wanted, int(free / (size * _LEADING)), _FEWEST)
        if given == wanted:
            break
    bands, slots, texts = [], {}, {}
    top = frame.y
    for (code, _), lines, lane in zip(flow.categories, given, lanes, strict=True):
        height = above - 2 * _SIDE + lines * size * _LEADING
        name_height = len(names[code]) * _NAME * _LEADING + 2 * PAD
        height = max(height, name_height - lane)
        bands.append(Rect(frame.x, top, frame.width, height + lane + 2 * _SIDE))
        for (role, _), (left, right) in zip(flow.roles, columns, strict=True):
            slot = slots[code, role] = Rect(left, top + _SIDE, right - left, height)
            if box := flow.boxes.get((code, role)):
                texts[code, role] = _written(box, slot, flow.actor, lines, size)
        top = bands[-1].bottom + _APART
    return Grid(
        tuple(bands), tuple(columns), slots,
        {
            code: tuple(
                Line(
                    frame.x + _INDENT, band.y + _SIDE + PAD + HEAD + n * _NAME * _LEADING,
                    line, _NAME, bold=True,
                )
                for n, line in enumerate(names[code])
            )
            for (code, _), band in zip(flow.categories, bands, strict=True)
        },
        texts,
    )  # fmt: skip


def lowest() -> float:
    """The height that any box has."""
    return 2 * PAD + _HEAD_LINE + (_QUOTES - 1) * _BETWEEN + _FEWEST * SIZES[-1] * _LEADING


def actors_of(n: int, actor: str) -> str:
    """Write a number of actors in figures: `18 regioner`."""
    one, many, _ = ACTOR_NOUNS.get(actor, ACTOR_NOUNS[""])
    return f"{number(n)}\u00a0{one if n == 1 else many}"


def counted(count: Count, actor: str) -> str:
    """Write the number of a box, or what stands for it if it is not to be shown."""
    if count.hidden:
        many = ACTOR_NOUNS.get(actor, ACTOR_NOUNS[""])[1]
        counts = any(sign.isdigit() for sign in count.label)  # färre än 5, not: visas inte
        return sentence(f"{count.label} {many}" if counts else count.label)
    return actors_of(count.counted, actor)


def excerpt(texts: Sequence[str], lines: int, room: float, size: float) -> list[list[str]]:
    """Choose what fits into so many lines: rather many texts than one, rather whole than cut.

    Returns
    -------
    list of list of str
        The lines of each chosen text, in quotation marks.
    """
    wrapped = _quoted(texts, room, size)
    for many in range(len(wrapped), 0, -1):
        choices = list(combinations(wrapped, many))
        for choice in choices:
            if sum(map(len, choice)) <= lines:
                return list(choice)
        for choice in choices:
            shares = _share([len(one) for one in choice], lines)
            fair = all(
                share >= min(len(one), _CUT_LINES)
                for share, one in zip(shares, choice, strict=True)
            )
            if fair or many == 1:
                return [
                    cut(one, share, room, size, tail="…”")
                    for share, one in zip(shares, choice, strict=True)
                ]
    return []


def _quoted(texts: Sequence[str], room: float, size: float) -> list[list[str]]:
    """Put the first texts in quotation marks, and break them into lines that are not too many."""
    lines = [wrap(f"”{text.translate(_INNER)}”", room, size) for text in texts[:_QUOTES] if text]
    return [cut(one, _QUOTE_LINES, room, size, tail="…”") for one in lines]


def _columns(flow: Flow, frame: Rect) -> list[tuple[float, float]]:
    many = max(len(flow.roles), 1)
    wide = (frame.width - _NAMES - _SIDE - (many - 1) * GAP) / many
    lefts = [frame.x + _NAMES + number * (wide + GAP) for number in range(many)]
    return [(left, left + wide) for left in lefts]


def _wanted(flow: Flow, category: str, room: float, size: float) -> int:
    """How many lines a category's boxes need to say all."""
    needs = [
        sum(map(len, _quoted(_texts(flow.boxes[category, role]), room, size)))
        for role, _ in flow.roles
        if (category, role) in flow.boxes
    ]
    return min(max([_FEWEST, *needs]), _MOST)


def _texts(box: Box) -> list[str]:
    return [quote.text for quote in box.quotes]


def _share(wanted: Sequence[int], free: int, fewest: int = 0) -> list[int]:
    """Deal out lines one by one to who has fewest and wants more; some are certain."""
    given = [min(want, fewest) for want in wanted]
    while sum(given) < free:
        open_ = [n for n, want in enumerate(wanted) if given[n] < want]
        if not open_:
            break
        given[min(open_, key=lambda n: given[n])] += 1
    return given


def _written(box: Box, slot: Rect, actor: str, lines: int, size: float) -> tuple[Line, ...]:
    """What stands in a box: the number of actors, and typical statements."""
    left, y = slot.x + PAD, slot.y + PAD + HEAD
    room = slot.width - 2 * PAD
    head = counted(box.count, actor)
    size_of_head = min(HEAD, max(HEAD * room / width(head, HEAD, bold=True), SIZES[-1]))
    head = one_line(head, room, size_of_head, bold=True)
    written = [Line(left, y, head, size_of_head, bold=True)]
    y += _HEAD_LINE - HEAD
    for quote in excerpt(_texts(box), lines, room, size):
        for line in quote:
            y += size * _LEADING
            written.append(Line(left, y, line, size))
        y += _BETWEEN
    return tuple(written)
