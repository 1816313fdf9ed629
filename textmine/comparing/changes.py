"""What changed between two surveys, cell by cell, beside what errors of coding could explain.

Draws of the two surveys' true codes are independent of each other. Where one model coded both, its
errors partly cancel in a difference, so that intervals are rather too wide than too narrow. They
hold errors of coding alone: respondents are taken to be all that there are, not a sample.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.comparing.cell import Change, PanelChange, Side, Span, figures_of
from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError, did_you_mean
from textmine.report.findings.logic import Logic, groups_of
from textmine.report.findings.model import Group
from textmine.report.swedish import ACTOR_NOUNS
from textmine.review.counts.drawn import ALL, EVERYBODY, PANEL, DrawnCounts, draw_counts

ACTOR = "actor"
RESPONDENTS, STATEMENTS = 0, 1  # places of the units
_LOW, _HIGH = 0.025, 0.975
_DRAWS = 400


@dataclass(frozen=True)
class Changes:
    """All cells, in the order of the codebook.

    Attributes
    ----------
    areas, categories
        (key, name); categories by area, those of the later survey first.
    only
        (area, category) that only one survey's codebook has, and which survey: `earlier`, `later`.
    """

    cells: tuple[Change, ...]
    areas: tuple[tuple[str, str], ...]
    categories: Mapping[str, tuple[tuple[str, str], ...]]
    groups: tuple[Group, ...]
    actors: tuple[str, ...]
    only: Mapping[tuple[str, str], str]
    earlier: DrawnCounts
    later: DrawnCounts
    _index: Mapping[tuple[str, str, str, str], Change] = field(repr=False, default_factory=dict)

    def cell(self, area: str, category: str, group: str, actor: str = ALL) -> Change | None:
        """Find a cell."""
        return self._index.get((area, category, group, actor))

    def of_area(self, area: str) -> list[Change]:
        """List an area's cells."""
        return [cell for cell in self.cells if cell.area == area]

    def table(self) -> pd.DataFrame:
        """All figures, a row a cell."""
        return pd.DataFrame([figures_of(cell) for cell in self.cells])


def compare_counts(
    earlier: SurveyYear, later: SurveyYear, *, draws: int = _DRAWS, seed: int = 0
) -> Changes:
    """Compare the counts of two surveys.

    Raises
    ------
    TextmineError
        If their codebooks have nothing in common that is counted.
    """
    _require_alike(earlier, later)
    groups = _groups(earlier, later)
    drawn = tuple(
        _draw(year, other, groups, draws, seed)
        for year, other in ((earlier, later), (later, earlier))
    )
    return put_together(earlier, later, *drawn, groups=groups)


def put_together(
    earlier: SurveyYear,
    later: SurveyYear,
    before: DrawnCounts,
    after: DrawnCounts,
    *,
    groups: Sequence[Group],
) -> Changes:
    """Set the draws of two surveys side by side."""
    contexts = [*after.contexts, *(c for c in before.contexts if c not in after.contexts)]
    kinds = _in_order({*after.kinds, *before.kinds})
    panel = before.counted.shape[0] > PANEL
    categories: dict[str, tuple[tuple[str, str], ...]] = {}
    only: dict[tuple[str, str], str] = {}
    cells = []
    for context in contexts:
        two = [_Of(year, drawn, context) for year, drawn in ((earlier, before), (later, after))]
        if not any(one.answered for one in two):
            continue
        named = two[1].categories | {
            code: name for code, name in two[0].categories.items() if code not in two[1].categories
        }
        categories[context] = tuple(named.items())
        for code in named:
            for one, side in zip(two, ("earlier", "later"), strict=True):
                if code not in one.categories:
                    only[context, code] = "later" if side == "earlier" else "earlier"
        for code in (ALL, *named):
            for group in groups:
                for kind in kinds:
                    pair = [side.figures(code, group.key, kind, panel=panel) for side in two]
                    if any(figures.of for figures in pair):
                        cells.append(_change((context, code, group.key, kind), *pair))
    areas = [(c, area_name(earlier, later, c)) for c in categories]
    index = {(c.area, c.category, c.group, c.actor): c for c in cells}
    return Changes(
        tuple(cells), tuple(areas), categories, tuple(groups),
        tuple(k for k in kinds if k != ALL), only, before, after, index,
    )  # fmt: skip


def _in_order(kinds: set[str]) -> list[str]:
    """All together, then the kinds of actors that reports know, then others."""
    known = [ALL, *(kind for kind in ACTOR_NOUNS if kind != ALL)]
    return [k for k in known if k in kinds] + sorted(kinds - set(known))


def area_name(earlier: SurveyYear, later: SurveyYear, context: str) -> str:
    """What an area is called, in the later survey if that knows it."""
    for year in (later, earlier):
        known = year.codebook.columns.get(year.layout.context or "", {})
        if context in known:
            return known[context].name or context
    return context


def _require_alike(earlier: SurveyYear, later: SurveyYear) -> None:
    one, two = earlier.layout, later.layout
    for what, mine, theirs in (
        ("rows", one.rows, two.rows),
        ("columns", one.columns, two.columns),
    ):
        if mine != theirs:
            raise TextmineError(
                f"{earlier.folder} counts '{mine}' as {what} and {later.folder} '{theirs}': the "
                f"codebooks {earlier.codebook.name} and {later.codebook.name} have too little in "
                f"common to be compared; {did_you_mean(str(mine), later.codebook.dimensions)}."
            )
    codes = [set(year.codebook.dimensions[year.layout.rows].codes) for year in (earlier, later)]
    if not codes[0] & codes[1] and not earlier.layout.columns:
        raise TextmineError(
            f"{earlier.folder} and {later.folder} have no code of '{one.rows}' in common."
        )


def _groups(earlier: SurveyYear, later: SurveyYear) -> tuple[Group, ...]:
    """What is counted: as the later codebook has it, and what only the earlier one had."""
    found: dict[str, Group] = {}
    for year in (later, earlier):
        for group in groups_of(year.codebook, Logic.of(year.codebook)):
            known = found.get(group.key)
            codes = dict.fromkeys([*(known.codes if known else ()), *group.codes])
            found[group.key] = Group(group.key, known.name if known else group.name, tuple(codes))
    return tuple(found.values())


def in_panel(year: SurveyYear, other: SurveyYear) -> npt.NDArray[np.bool_] | None:
    """Find the statements of respondents who are in the same area in the other survey too."""
    if not (year.has_respondents and other.has_respondents):
        return None
    there = set(zip(other.contexts, other.who, strict=True))
    return np.array([key in there for key in zip(year.contexts, year.who, strict=True)], np.bool_)


def _draw(
    year: SurveyYear, other: SurveyYear, groups: Sequence[Group], draws: int, seed: int
) -> DrawnCounts:
    return draw_counts(
        year.statements,
        year.codebook,
        {group.key: group.codes or None for group in groups},
        by=ACTOR,
        panel=in_panel(year, other),
        draws=draws,
        seed=year.seed(seed),
    )


@dataclass(frozen=True)
class _Figures:
    """One survey's figures of a cell: as coded, and in every draw."""

    counted: int
    certain: int
    of: int
    statements: int
    drawn: npt.NDArray[np.int32]  # (populations, units, draws)
    panel: tuple[int, int]  # how many there are in the panel, and in the cell


@dataclass(frozen=True)
class _Of:
    """One survey in an area."""

    year: SurveyYear
    drawn: DrawnCounts
    context: str

    @property
    def answered(self) -> bool:
        if self.context not in self.drawn.contexts:
            return False
        return bool(self.drawn.of[0, 0, 0, self.drawn.contexts.index(self.context)])

    @property
    def categories(self) -> dict[str, str]:
        """Codes that the codebook has there, and their names."""
        dimension = self.year.codebook.dimensions[self.year.layout.rows]
        by = dimension.by
        known = self.year.codebook.columns.get(by, {}) if by else {}
        if by and self.context and self.context not in known:
            return {}
        allowed = dimension.allowed(self.context) if by and self.context else dimension.codes
        return {code: dimension.code_name(code, self.context) for code in allowed}

    def figures(self, code: str, group: str, kind: str, *, panel: bool) -> _Figures:
        drawn = self.drawn
        populations = PANEL + 1 if panel else EVERYBODY + 1
        nothing = np.zeros((populations, 2, len(drawn.drawn)), np.int32)
        there = (
            self.context in drawn.contexts
            and kind in drawn.kinds
            and (code == ALL or code in drawn.rows)
        )
        if not there:
            return _Figures(0, 0, 0, 0, nothing, (0, 0))
        k, c = drawn.kinds.index(kind), drawn.contexts.index(self.context)
        r = 0 if code == ALL else drawn.rows.index(code)
        at = (k, c, r, drawn.groups.index(group))
        return _Figures(
            counted=int(drawn.counted[(EVERYBODY, RESPONDENTS, *at)]),
            certain=int(drawn.certain[(EVERYBODY, RESPONDENTS, *at)]),
            of=int(drawn.of[EVERYBODY, RESPONDENTS, k, c]),
            statements=int(drawn.counted[(EVERYBODY, STATEMENTS, *at)]),
            drawn=np.moveaxis(drawn.drawn[(slice(None), slice(None), slice(None), *at)], 0, -1),
            panel=(
                int(drawn.of[PANEL, RESPONDENTS, k, c]) if panel else 0,
                int(drawn.counted[(PANEL, RESPONDENTS, *at)]) if panel else 0,
            ),
        )


def _change(keys: tuple[str, str, str, str], one: _Figures, two: _Figures) -> Change:
    difference = two.drawn.astype(np.float64) - one.drawn
    panel = None
    if len(difference) > PANEL:
        panel = PanelChange(
            of=max(one.panel[0], two.panel[0]),
            earlier=one.panel[1],
            later=two.panel[1],
            respondents=_span(difference[PANEL, RESPONDENTS]),
        )
    share = None
    if one.of and two.of:
        of_all = [side.drawn[EVERYBODY, RESPONDENTS] / side.of for side in (one, two)]
        share = _span(of_all[1] - of_all[0])
    return Change(
        *keys,
        earlier=_side(one),
        later=_side(two),
        respondents=_span(difference[EVERYBODY, RESPONDENTS]),
        share=share,
        statements=_span(difference[EVERYBODY, STATEMENTS]),
        panel=panel,
    )


def _side(figures: _Figures) -> Side:
    span = _span(figures.drawn[EVERYBODY, RESPONDENTS].astype(np.float64))
    return Side(
        figures.counted, figures.certain, figures.of, figures.statements,
        span.value, span.low, span.high,
    )  # fmt: skip


def _span(drawn: npt.NDArray[np.float64]) -> Span:
    """Sum draws up. A quantile counts as many draws from above as from below."""
    mean = float(drawn.mean())
    low = float(np.quantile(drawn, _LOW, method="lower"))
    high = float(np.quantile(drawn, _HIGH, method="higher"))
    return Span(mean, min(low, mean), max(high, mean))
