"""Respondents that changed: which cells came and went for whom, the surest first."""

from collections.abc import Iterator
from dataclasses import dataclass

from textmine.comparing.changes import Changes
from textmine.comparing.year import SurveyYear
from textmine.report.findings.said import codes_of
from textmine.review.counts.drawn import ALL, DrawnCounts
from textmine.tables import SOURCE

CAME, WENT = "tillkom", "föll bort"
SURE = 0.95


@dataclass(frozen=True)
class Turn:
    """A respondent who reports something in one survey and not in the other.

    Attributes
    ----------
    what
        `CAME` or `WENT`.
    certainty
        Share of draws in which the respondent is in the cell in the one survey and not in the
        other.
    statement_id, text
        A statement that shows it, of the survey where it is reported.
    """

    respondent: str
    actor: str
    area: str
    category: str
    group: str
    what: str
    certainty: float
    statement_id: str
    text: str


def turns(earlier: SurveyYear, later: SurveyYear, changes: Changes) -> list[Turn]:
    """List what came and went for respondents who are in an area in both surveys.

    A category that only one survey's codebook has is left out. Surest first, then by name.
    """
    before, after = _places(changes.earlier), _places(changes.later)
    both = [key for key in after if key in before]
    examples = {CAME: _Examples(later), WENT: _Examples(earlier)}
    out = []
    for area, respondent in both:
        for category, _ in changes.categories[area]:
            if (area, category) in changes.only:
                continue
            for g, group in enumerate(changes.groups):
                now, likely = zip(
                    *(
                        _at(drawn, place[area, respondent], category, g)
                        for drawn, place in ((changes.earlier, before), (changes.later, after))
                    ),
                    strict=True,
                )
                if now[0] == now[1]:
                    continue
                what = CAME if now[1] else WENT
                certainty = likely[1] * (1 - likely[0]) if now[1] else likely[0] * (1 - likely[1])
                found = examples[what].find(area, respondent, category, group.codes)
                out.append(
                    Turn(
                        later.names[respondent], found.actor, area, category, group.key, what,
                        certainty, found.statement_id, found.text,
                    )
                )  # fmt: skip
    return sorted(out, key=lambda t: (-round(t.certainty, 6), t.respondent, t.area, t.category))


def only_in(one: DrawnCounts, other: DrawnCounts) -> list[tuple[str, str]]:
    """List (context, respondent) of one survey that the other does not have."""
    there = set(other.who)
    return sorted(key for key in one.who if key not in there)


def _places(drawn: DrawnCounts) -> dict[tuple[str, str], int]:
    return {key: at for at, key in enumerate(drawn.who)}


def _at(drawn: DrawnCounts, who: int, category: str, group: int) -> tuple[bool, float]:
    row = 0 if category == ALL else drawn.rows.index(category)
    return bool(drawn.now[who, row, group]), float(drawn.likely[who, row, group])


@dataclass(frozen=True)
class _Found:
    statement_id: str
    text: str
    actor: str


class _Examples:
    """Finds a statement that puts a respondent in a cell: one that people decided, if there is."""

    def __init__(self, year: SurveyYear) -> None:
        self._cells: dict[tuple[str, str, str], list[tuple[tuple[str, ...], bool, _Found]]] = {}
        for key, roles, human, found in _rows(year):
            self._cells.setdefault(key, []).append((roles, human, found))

    def find(self, area: str, respondent: str, category: str, codes: tuple[str, ...]) -> _Found:
        some = self._cells.get((area, respondent, category), [])
        fitting = [one for one in some if not codes or set(one[0]) & set(codes)]
        return min(fitting, key=lambda one: not one[1])[2]


def _rows(
    year: SurveyYear,
) -> Iterator[tuple[tuple[str, str, str], tuple[str, ...], bool, _Found]]:
    table, layout = year.statements, year.layout
    n = len(table)
    roles = table[layout.columns].tolist() if layout.columns else [None] * n
    actors = table["actor"].tolist() if "actor" in table else [""] * n
    rows = zip(
        year.contexts, year.who, table[layout.rows].tolist(), roles, actors,
        table["statement_id"].astype(str), table[SOURCE], strict=True,
    )  # fmt: skip
    for area, who, categories, role, actor, name, source in rows:
        shown = year.texts[name]
        kind = actor if isinstance(actor, str) else ""
        for category in codes_of(categories):
            yield (
                (area, who, category), codes_of(role), source != "machine",
                _Found(name, shown, kind),
            )  # fmt: skip
