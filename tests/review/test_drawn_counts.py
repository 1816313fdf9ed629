"""Draws of counts, against the summary of the same draws and against what they must add up to."""

import numpy as np
import pandas as pd
from review.test_estimates import CROSSED, ONE, SEVERAL, crossed_example, played, said, statement

from textmine.review.counts.drawn import ALL, EVERYBODY, PANEL, draw_counts
from textmine.review.counts.estimates import estimate_counts

UNITS = ["respondents", "statements"]
GROUPS = {"": None, "insats": ("insats",), "effekt": ("effekt",), "ovrigt": ("ovrigt",)}


def test_the_draws_are_those_that_the_estimates_sum_up() -> None:
    table = crossed_example()
    summed = estimate_counts(table, CROSSED, draws=60, seed=3)
    drawn = draw_counts(table, CROSSED, GROUPS, draws=60, seed=3)
    for row in summed[summed["row"] != ""].itertuples():
        at = (
            EVERYBODY,
            UNITS.index(str(row.unit)),
            0,
            drawn.contexts.index(str(row.context)),
            drawn.rows.index(str(row.row)),
            drawn.groups.index(str(row.column)),
        )
        assert drawn.counted[at] == row.counted
        assert drawn.certain[at] == row.certain
        assert np.isclose(drawn.drawn[(slice(None), *at)].mean(), row.estimate)
    assert drawn.basis == summed["basis"].iloc[0]


def test_roles_together_count_each_respondent_once() -> None:
    def one(who: str, role: str) -> dict:
        return statement(
            who, area="norr", **said("role", role, 1.0), **said("category", "vard", 1.0)
        )

    table = pd.DataFrame([one("r1", "insats"), one("r1", "effekt"), one("r2", "effekt")])
    groups = {"båda": ("insats", "effekt"), "effekt": ("effekt",)}
    drawn = draw_counts(table, CROSSED, groups, draws=5)
    norr, vard = drawn.contexts.index("norr"), drawn.rows.index("vard")
    assert drawn.counted[0, :, 0, norr, vard].tolist() == [[2, 2], [3, 2]]
    assert drawn.counted[0, :, 0, norr, 0].tolist() == [[2, 2], [3, 2]]  # ALL rows
    assert drawn.now[drawn.who.index(("norr", "r2")), vard].tolist() == [True, True]


def test_kinds_add_up_to_all_where_each_respondent_is_of_one() -> None:
    table, _ = played(np.random.default_rng(0), 300)
    table["actor"] = np.where(table["respondent"].str.endswith("1"), "region", "kommun")
    drawn = draw_counts(table, ONE, {ALL: None}, by="actor", draws=20)
    assert drawn.kinds == [ALL, "kommun", "region"]
    assert (drawn.drawn[:, :, :, 0] == drawn.drawn[:, :, :, 1:].sum(axis=3)).all()
    assert (drawn.of[:, :, 0] == drawn.of[:, :, 1:].sum(axis=2)).all()


def test_the_panel_is_counted_by_itself() -> None:
    table, _ = played(np.random.default_rng(1), 200)
    chosen = table["respondent"].isin([f"r{i}" for i in range(10)])
    both = draw_counts(table, ONE, {ALL: None}, panel=chosen.to_numpy(), draws=20)
    alone = draw_counts(table[chosen], ONE, {ALL: None}, draws=20)
    assert (both.counted[PANEL] == alone.counted[EVERYBODY]).all()
    assert (both.of[PANEL] == alone.of[EVERYBODY]).all()
    assert (both.drawn[:, PANEL] <= both.drawn[:, EVERYBODY]).all()


def test_a_code_among_several_and_how_likely_it_is() -> None:
    rows = [
        statement("r1", **said("flags", ["a", "b"], 0.999)),
        statement("r2", **said("flags", [], 0.999)),
    ]
    drawn = draw_counts(pd.DataFrame(rows), SEVERAL, {ALL: None}, draws=200)
    assert drawn.rows == [ALL, "a", "b", "c"]
    assert drawn.counted[0, 0, 0, 0, :, 0].tolist() == [2, 1, 1, 0]
    likely = drawn.likely[drawn.who.index(("", "r1")), :, 0]
    assert likely[0] == 1
    assert 0.9 < likely[1] <= 1
    assert likely[3] < 0.1


def test_where_everything_is_decided_all_draws_are_alike() -> None:
    rows = [statement("r1", source="human", **said("role", "a", np.nan))]
    drawn = draw_counts(pd.DataFrame(rows), ONE, {ALL: None}, draws=7)
    assert drawn.drawn.shape[0] == 7
    assert (drawn.drawn == drawn.counted).all()
