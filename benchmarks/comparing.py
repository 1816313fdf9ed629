"""How often the interval of a change holds the change that the hand codes show.

    python benchmarks/comparing.py        (ten minutes)

The shipped coder codes the answers of 2021 and 2022 and the test part of 2020, statements as they
were divided by hand; it saw none of them. Pairs of years, and pairs of random halves of respondents
of each year, are compared. Truth: the change of the hand codes' counts. The naive way takes the
counts as coded for true: its interval is a point, so that what counts is how often it is right; and
the naive interval of a difference of two shares (Newcombe), which holds errors of sampling that are
not there and none of coding.

Printed, over cells (area × category × group × kind of actor) that anybody is in: mean error of the
change as counted and as corrected, share of cells whose interval holds the true change, its mean
width, and of the cells marked as changed for sure, the share that truly changed in that direction.
With a quality sample, so many randomly chosen statements of each year as the column says (of halves
40 at most) are decided by the hand codes, and everything that was flagged.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from counts import coded, review, sample

from textmine.cluster.crosswalk import difference_interval
from textmine.coding.coder import Coder
from textmine.comparing.changes import compare_counts
from textmine.comparing.year import SurveyYear
from textmine.tables import REVIEW

SAMPLES = (None, 0, 100)  # None: nothing reviewed
PAIRS = (("2021", "2022"), ("2020", "2021"), ("2020", "2022"))
ROUNDS, HALVES, DRAWS = 3, 3, 200
KEYS = ["area", "category", "group", "actor"]


@dataclass(frozen=True)
class Set:
    """One year by machine and by hand."""

    machine: pd.DataFrame
    hand: pd.DataFrame

    def only(self, keep: np.ndarray) -> "Set":
        return Set(*(t[keep].reset_index(drop=True) for t in (self.machine, self.hand)))


def survey(table: pd.DataFrame, coder: Coder) -> SurveyYear:
    book = coder.require_codebook()
    return SurveyYear(Path(), "", {}, book, pd.DataFrame(), table, {}, {})


def reviewed(data: Set, coder: Coder, n: int | None, seed: int) -> SurveyYear:
    nothing = np.zeros(len(data.machine), np.bool_)
    audited = sample(data.machine, n, np.random.default_rng(seed)) if n else nothing
    flagged = data.machine[REVIEW].to_numpy(bool)
    decided = nothing if n is None else audited | flagged
    book = coder.require_codebook()
    return survey(review(data.machine, data.hand, book, decided, audited), coder)


def by_hand(data: Set, coder: Coder) -> SurveyYear:
    everything = np.ones(len(data.hand), np.bool_)
    book = coder.require_codebook()
    return survey(review(data.machine, data.hand, book, everything, everything), coder)


def score(earlier: Set, later: Set, coder: Coder, n: int | None, seed: int) -> pd.DataFrame:
    pair = [reviewed(data, coder, n, seed) for data in (earlier, later)]
    got = compare_counts(*pair, draws=DRAWS).table().set_index(KEYS)
    hand = [by_hand(data, coder) for data in (earlier, later)]
    truth = compare_counts(*hand, draws=1).table().set_index(KEYS)
    counted = ["counted_change", "earlier_counted", "later_counted"]
    table = got.join(truth[counted].add_suffix("_true"))
    filled = table[
        ["earlier_counted", "later_counted", "earlier_counted_true", "later_counted_true"]
    ].max(axis=1)
    return table[(filled > 0) & (table["earlier_of"] > 0) & (table["later_of"] > 0)].reset_index()


def report(what: str, n: int | None, tables: list[pd.DataFrame]) -> None:
    t = pd.concat(tables)
    true = t["counted_change_true"]
    held = true.between(t["low"] - 1e-9, t["high"] + 1e-9)
    exact = (t["counted_change"] == true).mean()
    share = true_share(t)
    naive = np.array([
        low - 1e-9 <= s <= high + 1e-9
        for s, (low, high) in zip(share, map(newcombe, t.itertuples()), strict=True)
    ])  # fmt: skip
    naive_width = np.mean([high - low for low, high in map(newcombe, t.itertuples())])
    held_share = share.between(t["share_low"] - 1e-9, t["share_high"] + 1e-9)
    marked = t[t["marked"]]
    right = np.sign(marked["change"]) == np.sign(marked["counted_change_true"])
    changed = t[t["counted_change"] != 0]
    naive_right = np.sign(changed["counted_change"]) == np.sign(changed["counted_change_true"])
    print(
        f"{what:<22}{'–' if n is None else n:>7}{len(t):>7}"
        f"{(t['counted_change'] - true).abs().mean():>8.2f}"
        f"{(t['change'] - true).abs().mean():>8.2f}"
        f"{held.mean():>9.1%}{(t['high'] - t['low']).mean():>7.2f}{exact:>8.1%}"
        f"{held_share.mean():>9.1%}{naive.mean():>9.1%}"
        f"{(t['share_high'] - t['share_low']).mean():>8.2f}{naive_width:>8.2f}"
        f"{len(marked):>8}{right.mean():>8.1%}{len(changed):>8}{naive_right.mean():>8.1%}",
        flush=True,
    )


def true_share(t: pd.DataFrame) -> pd.Series:
    later = t["later_counted_true"] / t["later_of"]
    return later - t["earlier_counted_true"] / t["earlier_of"]


def newcombe(row) -> tuple[float, float]:  # noqa: ANN001
    return difference_interval(row.earlier_counted, row.earlier_of, row.later_counted, row.later_of)


def halves(data: Set, seed: int) -> tuple[Set, Set]:
    who = data.hand["respondent"].astype(str)
    names = np.array(sorted(set(who)))
    chosen = set(np.random.default_rng(seed).permutation(names)[: len(names) // 2])
    first = who.isin(chosen).to_numpy()
    return data.only(first), data.only(~first)


def main() -> None:
    coder = Coder.load()
    data = {year: Set(*coded(year, coder)) for year in ("2020", "2021", "2022")}
    print(
        f"{'':<22}{'':>7}{'':>7}{'error of change':>16}{'numbers':>24}{'shares':>34}"
        f"{'marked':>16}{'as counted':>16}"
    )
    print(
        f"{'':<22}{'sample':>7}{'cells':>7}{'counted':>8}{'corr.':>8}{'held':>9}{'width':>7}{'exact':>8}"
        f"{'held':>9}{'naive':>9}{'width':>8}{'naive':>8}{'n':>8}{'right':>8}{'n':>8}{'right':>8}"
    )
    for n in SAMPLES:
        rounds = ROUNDS if n else 1
        for one, two in PAIRS:
            tables = [score(data[one], data[two], coder, n, seed) for seed in range(rounds)]
            report(f"{one} → {two}", n, tables)
        for year in data:
            pairs = [halves(data[year], seed) for seed in range(HALVES)]
            tables = [
                score(*pair, coder, n and min(n, 40), seed) for seed, pair in enumerate(pairs)
            ]
            report(f"{year}, halves", n, tables)


if __name__ == "__main__":
    main()
