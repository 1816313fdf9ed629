"""All that a comparison of two surveys says, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textmine.comparing.breaks import Break, find_breaks
from textmine.comparing.bridge_sheet import read_bridge
from textmine.comparing.changes import Changes, compare_counts
from textmine.comparing.mending import Mended, can_recode, mend_by_bridge, mend_by_model
from textmine.comparing.news import News, find_news
from textmine.comparing.respondents import Turn, turns
from textmine.comparing.year import SurveyYear, named_apart


@dataclass(frozen=True)
class Comparison:
    """Two surveys side by side.

    Attributes
    ----------
    names
        What the surveys are called, the earlier first.
    turns
        Cells that came and went for respondents who are in both; () where nobody is known.
    mended
        With the break in the series taken away, where that could be done.
    """

    earlier: SurveyYear
    later: SurveyYear
    names: tuple[str, str]
    breaks: tuple[Break, ...]
    changes: Changes
    news: News
    turns: tuple[Turn, ...]
    mended: Mended | None

    @property
    def area_names(self) -> Mapping[str, str]:
        """What areas are called, by key."""
        return dict(self.changes.areas)

    def category_name(self, area: str, category: str) -> str:
        """What a category is called in an area."""
        return dict(self.changes.categories.get(area, ())).get(category, category)

    def group_name(self, key: str) -> str:
        """What roles that are counted together are called."""
        return next((g.name for g in self.changes.groups if g.key == key), key)


def compare_surveys(
    earlier: SurveyYear,
    later: SurveyYear,
    *,
    bridge: Path | None = None,
    draws: int = 400,
    seed: int = 0,
) -> Comparison:
    """Compare two surveys.

    Parameters
    ----------
    bridge
        A bridge's workbook that a person has filled in. Without it the series is mended by the
        later model, where that alone is needed.

    Raises
    ------
    TextmineError
        If the surveys cannot be compared, or something is wrong with the bridge.
    """
    coded = read_bridge(bridge, earlier, later) if bridge else None
    changes = compare_counts(earlier, later, draws=draws, seed=seed)
    names = named_apart(earlier, later)
    mended = None
    if coded is not None:
        mended = mend_by_bridge(earlier, later, changes, coded, seed=seed)
    elif can_recode(earlier, later):
        mended = mend_by_model(earlier, later, changes, draws=draws, seed=seed)
    known = earlier.has_respondents and later.has_respondents
    return Comparison(
        earlier,
        later,
        names,
        tuple(find_breaks(earlier, later, names)),
        changes,
        find_news(earlier, later, changes),
        tuple(turns(earlier, later, changes)) if known else (),
        mended,
    )
