"""Flows to draw, and ways to look at what was drawn."""

from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from textmine.report.drawing.lettering import width
from textmine.report.findings.model import Box, Count, Flow, Link, Quote

SVG = "{http://www.w3.org/2000/svg}"
ROLES = (
    ("resurs", "Resurser"),
    ("aktivitet", "Aktiviteter"),
    ("mal", "Mål"),
    ("prestation", "Prestationer"),
    ("effekt", "Effekter"),
)
SHORT = "Två team kör ut varje torsdag"
LONG = (
    "Länets samverkansöverenskommelse om gemensam vård för personer med samsjuklighet har tagits "
    "fram tillsammans med brukarorganisationerna och antagits av samtliga nämnder under hösten"
)


def count(n: int, *, hidden: bool = False) -> Count:
    return Count(n, n, n, 40, n, hidden=hidden, label="färre än 5" if hidden else "")


def box(category: str, role: str, n: int, *texts: str, hidden: bool = False) -> Box:
    quotes = tuple(Quote(f"s{at}", text, "region") for at, text in enumerate(texts))
    return Box(category, role, count(n, hidden=hidden), quotes)


def flow_of(
    boxes: list[Box],
    links: tuple[Link, ...] = (),
    categories: tuple[tuple[str, str], ...] = (("team", "Mobila team"), ("kurs", "Utbildning")),
    *,
    title: str = "Mobila lösningar, regioner",
    actor: str = "region",
) -> Flow:
    return Flow(
        "mobila-losningar", actor, title, categories, ROLES,
        {(one.category, one.role): one for one in boxes}, links, 21,
        "Störst är aktiviteter inom mobila team, 12 regioner.",
    )  # fmt: skip


def small_flow() -> Flow:
    """Two categories with a link to the next column, one past two columns, and one across."""
    return flow_of(
        [
            box("team", "aktivitet", 12, SHORT, "Bussen står vid torget"),
            box("team", "effekt", 1, "Fler söker hjälp tidigt"),
            box("kurs", "resurs", 4, "80 000 kr till kurser"),
            box("kurs", "aktivitet", 7, LONG),
            box("kurs", "mal", 3, "Alla ska våga fråga", hidden=True),
        ],
        (
            Link(("team", "aktivitet"), ("team", "effekt"), 5, 6),
            Link(("kurs", "resurs"), ("kurs", "aktivitet"), 4, 4),
            Link(("kurs", "aktivitet"), ("kurs", "mal"), 10, 11),
            Link(("team", "aktivitet"), ("kurs", "mal"), 2, 2),
        ),
    )


def full_flow(rows: int = 5, n: int = 20, text: str = LONG) -> Flow:
    """Every box is filled with long statements, and each two that may be linked are."""
    categories = tuple(
        (f"k{row}", "Annat stöd till verksamhetsnära förbättringsarbete") for row in range(rows)
    )
    boxes = [box(code, role, n, text, text, text) for code, _ in categories for role, _ in ROLES]
    links = [
        Link((code, origin), (code, target), n - at, n)
        for code, _ in categories
        for at, ((origin, _), (target, _)) in enumerate(combinations(ROLES, 2))
    ]
    links += [
        Link((one, origin), (other, "effekt"), 1 + n // 5, n)
        for (one, _), (other, _) in combinations(categories, 2)
        for origin in ("resurs", "prestation")
    ]
    return flow_of(boxes, tuple(links), categories)


@dataclass(frozen=True)
class Drawn:
    """Boxes, links and lines of text of a figure."""

    width: float
    height: float
    boxes: list[tuple[float, float, float, float]]  # left, top, right, bottom
    links: list[ElementTree.Element]
    lines: list[ElementTree.Element]

    @staticmethod
    def of(svg: str) -> "Drawn":
        root = ElementTree.fromstring(svg)
        wide, high = map(float, root.attrib["viewBox"].split()[2:])
        boxes = [edges(one) for one in root.iter(f"{SVG}rect") if "rx" in one.attrib]
        links = [one for one in root.iter(f"{SVG}path") if "C" in one.attrib["d"]]
        return Drawn(wide, high, boxes, links, list(root.iter(f"{SVG}text")))

    @property
    def texts(self) -> list[str]:
        return [line.text or "" for line in self.lines]


def edges(rect: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, wide, high = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def extent(line: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a line of text."""
    size, x, y = (float(line.attrib[name]) for name in ("font-size", "x", "y"))
    wide = width(line.text or "", size, bold=line.attrib.get("font-weight") == "bold")
    left = x - wide * {"middle": 0.5, "end": 1.0}.get(line.attrib.get("text-anchor", ""), 0.0)
    return left, y - 0.75 * size, left + wide, y + 0.24 * size


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
