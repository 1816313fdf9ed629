"""What is new and what is gone: areas and cells of one survey alone, and unusual statements."""

from dataclasses import dataclass

from textmine.coding.review import STRANGE
from textmine.comparing.cell import Change
from textmine.comparing.changes import Changes
from textmine.comparing.year import SurveyYear
from textmine.review.counts.drawn import ALL
from textmine.tables import NOVELTY


@dataclass(frozen=True)
class Theme:
    """A statement of the later survey unlike anything that the model has seen."""

    statement_id: str
    area: str
    respondent: str
    text: str
    novelty: float


@dataclass(frozen=True)
class News:
    """What only one survey has.

    Attributes
    ----------
    areas_new, areas_gone
        Keys of areas in which only one survey has respondents.
    cells_new, cells_gone
        Cells of all kinds of respondents together that are empty in the other survey; those of
        areas or codes that it lacks are left out. The largest first.
    themes
        The most unusual first.
    share_unusual
        Of the statements, earlier and later.
    """

    areas_new: tuple[str, ...]
    areas_gone: tuple[str, ...]
    cells_new: tuple[Change, ...]
    cells_gone: tuple[Change, ...]
    themes: tuple[Theme, ...]
    share_unusual: tuple[float, float]


def find_news(earlier: SurveyYear, later: SurveyYear, changes: Changes) -> News:
    """Find what came and went."""
    before, after = (
        {context for context, _ in drawn.who} for drawn in (changes.earlier, changes.later)
    )
    both = [
        cell
        for cell in changes.cells
        if cell.actor == ALL
        and cell.category != ALL
        and cell.area in before & after
        and (cell.area, cell.category) not in changes.only
    ]
    new = [c for c in both if not c.earlier.counted and c.later.counted]
    gone = [c for c in both if c.earlier.counted and not c.later.counted]
    order = [area for area, _ in changes.areas]
    return News(
        areas_new=tuple(area for area in order if area in after - before),
        areas_gone=tuple(area for area in order if area in before - after),
        cells_new=tuple(sorted(new, key=lambda c: -c.later.counted)),
        cells_gone=tuple(sorted(gone, key=lambda c: -c.earlier.counted)),
        themes=tuple(_themes(later)),
        share_unusual=(_unusual(earlier), _unusual(later)),
    )


def _themes(year: SurveyYear) -> list[Theme]:
    table = year.statements
    rows = zip(
        table["statement_id"].astype(str), year.contexts, year.who, table[NOVELTY], strict=True,
    )  # fmt: skip
    found = [
        Theme(name, area, year.names[who], year.texts[name], float(novelty))
        for name, area, who, novelty in rows
        if novelty >= STRANGE
    ]
    return sorted(found, key=lambda theme: (-theme.novelty, theme.statement_id))


def _unusual(year: SurveyYear) -> float:
    return float((year.statements[NOVELTY] >= STRANGE).mean()) if len(year.statements) else 0.0
