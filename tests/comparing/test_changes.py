"""Changes between two surveys: figures, intervals, and what must hold of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from comparing.conftest import EARLIER, TONE, Row, write_results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textmine.comparing.changes import Changes, compare_counts
from textmine.comparing.news import find_news
from textmine.comparing.respondents import CAME, WENT, turns
from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError

GOLDEN = Path(__file__).parent / "golden" / "changes.csv"
SHOWN = ["area", "category", "group", "actor", "earlier_counted", "earlier_certain", "earlier_of",
         "later_counted", "later_of", "counted_change", "change", "low", "high", "share_change",
         "panel_of", "panel_earlier", "panel_later", "marked", "clear"]  # fmt: skip
INTERVALS = [f"{what}{end}" for what in ("", "share_", "statements_", "panel_")
             for end in ("low", "high")]  # fmt: skip


def compared(earlier: Path, later: Path, draws: int = 200) -> Changes:
    return compare_counts(SurveyYear.load(earlier), SurveyYear.load(later), draws=draws)


def test_every_figure_of_a_small_pair(pair: tuple[Path, Path]) -> None:
    table = compared(*pair).table()
    shown = table.loc[(table["earlier_counted"] > 0) | (table["later_counted"] > 0), SHOWN]
    got = shown.round(3).to_csv(index=False, lineterminator="\n")
    assert got == GOLDEN.read_text(encoding="utf-8")


def test_respondents_are_counted_once_and_roles_together(pair: tuple[Path, Path]) -> None:
    changes = compared(*pair)
    initiatives = changes.cell("norr", "vard", "insats")
    assert initiatives is not None
    # A by an activity, B by an output; in the later survey also C.
    assert (initiatives.earlier.counted, initiatives.later.counted) == (2, 3)
    anything = changes.cell("norr", "", "insats")
    assert anything is not None
    assert (anything.earlier.counted, anything.later.counted) == (3, 6)
    regions = changes.cell("norr", "vard", "insats", "region")
    assert regions is not None
    assert regions.earlier.of == 3
    flagged = changes.cell("norr", "skola", "insats", "kommun")
    assert flagged is not None
    assert (flagged.earlier.counted, flagged.earlier.certain) == (1, 0)


def test_a_survey_beside_itself_differs_nowhere(pair: tuple[Path, Path]) -> None:
    table = compared(pair[0], pair[0]).table()
    assert (table[["counted_change", "change", "low", "high"]] == 0).all(axis=None)
    assert (table[["panel_low", "panel_high", "statements_low", "statements_high"]] == 0).all(
        axis=None
    )
    assert not table["marked"].any()


def test_panel_is_those_in_the_area_both_times(pair: tuple[Path, Path]) -> None:
    cell = compared(*pair).cell("norr", "skola", "insats", "kommun")
    assert cell is not None
    assert cell.panel is not None
    # D and E are in both; G is new.
    assert (cell.panel.of, cell.panel.earlier, cell.panel.later) == (2, 1, 2)
    assert (cell.later.counted, cell.counted) == (3, 2)


def test_areas_of_one_survey_alone(pair: tuple[Path, Path]) -> None:
    earlier, later = (SurveyYear.load(folder) for folder in pair)
    changes = compare_counts(earlier, later, draws=50)
    assert [area for area, _ in changes.areas] == ["norr", "soder"]
    news = find_news(earlier, later, changes)
    assert news.areas_gone == ("soder",)
    assert news.areas_new == ()
    assert [(c.category, c.group) for c in news.cells_new] == []
    assert [(c.category, c.group) for c in news.cells_gone] == []
    hem = changes.cell("soder", "hem", "insats")
    assert hem is not None
    assert hem.share is None


def test_who_changed_and_how_surely(pair: tuple[Path, Path]) -> None:
    earlier, later = (SurveyYear.load(folder) for folder in pair)
    found = turns(earlier, later, compare_counts(earlier, later, draws=200))
    by_key = {(t.respondent, t.category, t.group): t for t in found}
    gone = by_key["Region A", "vard", "effekt"]
    assert (gone.what, gone.statement_id) == (WENT, "a1-1")
    assert gone.text == "Region A har gjort något om vard (1)"
    assert by_key["Region C", "vard", "insats"].what == CAME
    assert ("Kommun G", "skola", "insats") not in by_key  # in one survey alone
    certain = [t.certainty for t in found]
    assert certain == sorted(certain, reverse=True)
    assert certain[0] > 0.9


def test_no_areas_no_actors_no_respondents(make: Callable[..., Path]) -> None:
    rows: list[Row] = [("R 1", "", "glad", None, 0.9, False)] * 3
    more: list[Row] = [("R 1", "", "ledsen", None, 0.9, False)] * 3
    bare = {"book": TONE, "drop": ["area", "actor", "respondent", "question", "year"]}
    changes = compared(make("en", rows, **bare), make("tva", [*rows, *more], **bare))
    assert changes.actors == ()
    assert changes.areas == (("", ""),)
    cell = changes.cell("", "ledsen", "alla")
    assert cell is not None
    assert (cell.earlier.counted, cell.later.counted, cell.panel) == (0, 3, None)


def test_codebooks_without_anything_in_common_are_refused(make: Callable[..., Path]) -> None:
    one = make("en", EARLIER)
    two = make("tva", [("R 1", "", "glad", None, 0.9, False)], book=TONE)
    with pytest.raises(TextmineError, match="too little in common"):
        compared(one, two)


def test_a_model_that_is_gone_is_named(make: Callable[..., Path], tmp_path: Path) -> None:
    folder = make("en", EARLIER)
    next(tmp_path.glob("*/modell-provbok-1/model.json")).unlink()
    with pytest.raises(TextmineError, match="modell-provbok-1.*put that back"):
        SurveyYear.load(folder)


def test_a_shipped_codebook_stands_in_for_a_lost_model(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    folder = make("en", EARLIER, run={"codebook": "psykisk-halsa-2020 1.0"})
    next(tmp_path.glob("*/modell-provbok-1/model.json")).unlink()
    with pytest.raises(TextmineError, match="no column 'level'"):
        SurveyYear.load(folder)  # the codebook was found; these rows were coded by another


def test_a_number_that_falls_while_the_share_rises_is_not_clear(
    make: Callable[..., Path],
) -> None:
    said: list[Row] = [(f"Region {i}", "norr", "aktivitet", "vard", 0.99, False) for i in range(12)]
    other: list[Row] = [(f"Region {i}", "norr", "effekt", "vard", 0.99, False) for i in range(40)]
    changes = compared(make("a", [*said, *other]), make("b", said[:6], year=2021))
    cell = changes.cell("norr", "vard", "aktivitet", "region")
    assert cell is not None
    assert (cell.earlier.counted, cell.earlier.of) == (12, 40)
    assert (cell.later.counted, cell.later.of) == (6, 6)
    assert cell.marked
    assert cell.share is not None
    assert cell.share.sure
    assert not cell.clear


CELLS = [("aktivitet", "vard"), ("effekt", "vard"), ("prestation", "skola"), ("ovrigt", None)]


@st.composite
def surveys(draw: st.DrawFn) -> list[Row]:
    n = draw(st.integers(1, 6))
    rows = []
    for _ in range(n):
        role, category = draw(st.sampled_from(CELLS))
        who = draw(st.sampled_from(["Region A", "Region B", "Kommun C"]))
        prob = draw(st.sampled_from([0.4, 0.7, 0.95]))
        rows.append((who, "norr", role, category, prob, draw(st.booleans())))
    return rows


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=surveys(), two=surveys())
def test_swapped_surveys_flip_every_sign(
    tmp_path_factory: pytest.TempPathFactory, one: list[Row], two: list[Row]
) -> None:
    root = tmp_path_factory.mktemp("par")
    a, b = write_results(root / "a", one), write_results(root / "b", two, year=2021)
    keys = ["area", "category", "group", "actor"]
    there, back = (
        compared(*folders, draws=20).table().set_index(keys).sort_index()
        for folders in ((a, b), (b, a))
    )
    assert there.index.equals(back.index)
    for name in ("counted_change", "change", "statements_change", "panel_change"):
        pd.testing.assert_series_equal(
            there[name].astype(float), -back[name].astype(float), check_names=False
        )
    for low in INTERVALS[::2]:
        high = low.removesuffix("low") + "high"
        assert np.allclose(there[low].astype(float), -back[high].astype(float), equal_nan=True)
    assert there["marked"].equals(back["marked"])
    assert (there["low"] <= there["change"]).all()
    assert (there["change"] <= there["high"]).all()
