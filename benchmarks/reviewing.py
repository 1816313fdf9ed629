"""What the order of review is worth: how many statements people review until the codes are right.

    python benchmarks/reviewing.py [SET]...        (a quarter of an hour on one core)

The sets are those of `adapting.py`: `2021` (on which the order was chosen), `2022`, `2020` (the
corpus's test part) and `report` (where it is at hand). A reviewer goes through the statements in an
order and answers as the hand did.

First table: statements reviewed until 95 % of all roles are right, and 90 % of the categories that
the hand gave (as they come out: wrong where the role takes them away), as a share of all and beside
the random order's. `kept`: the rest keeps the first machine's codes, as `textmine apply` leaves it.
`anew`: the rest is coded by the machine as it has learnt from the decisions, as a new run after
`textmine train --add` would do (learnt every twenty decisions where the order learns too, otherwise
at every fortieth of the set or twenty). Random: the mean of two hundred draws, `anew` of three.

The orders: by the machine's probability of the role; by its lowest probability in any dimension
that applies; by how many of its codes are expected to be wrong (`lesson.doubts`); the same, judged
anew by what was learnt every twenty decisions; and with batches whose statements differ from each
other (`lesson.urgency`), which is how the page orders. In the last rows what was flagged comes
before all else, as in the page's queue.

Second: the stopping rule. In the page's order, flagged statements alone, asked every twenty
decisions: when it first says stop. Beside it the counts of respondents (cells of area × category ×
role, filled in truth or as counted) before any review, at the stop, and with everything flagged
reviewed: mean distance from the hand's counts, also as corrected by `estimate_counts`, and the
share of cells further off than 1 respondent and 5 %. `foreseen`: at most this share of cells would
change by more than that if the rest of the flagged were reviewed; `was`: the share that then did.

Third: which order serves the counts. As many decisions as are flagged, spent on the flagged, in the
page's order over all, and in the order of `effects_on_counts`; then the share of cells within 10 %
or 1 respondent of the hand's, and the mean distance.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

import numpy as np
import pandas as pd
from adapting import REPORT, SETS, doubt, read
from counts import CELL, review
from scipy import sparse

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.review.counts.effect import effects_on_counts
from textmine.review.counts.estimates import estimate_counts, stability
from textmine.review.lesson import doubts, urgency
from textmine.review.survey import Item, Passage
from textmine.tables import REVIEW, dimension_columns

EVERY = 20  # decisions between two lessons
GOALS = {"role": 0.95, "category": 0.90}
WAYS = ("kept", "anew")
DRAWS, LEARNT_DRAWS = 200, 3
Likely = dict[str, pd.DataFrame]
Order = Callable[[Likely, np.ndarray], np.ndarray]  # likely codes, done → lowest comes first


@dataclass
class Survey:
    """A hand-coded set as the machine sees it."""

    name: str
    coder: Coder
    hand: pd.DataFrame
    features: sparse.csr_matrix

    @staticmethod
    def read(name: str, coder: Coder) -> "Survey":
        hand = read(name, coder)
        return Survey(name, coder, hand, coder.see(hand))

    @property
    def codebook(self) -> Codebook:
        return self.coder.require_codebook()

    @cached_property
    def machine(self) -> pd.DataFrame:
        bare = self.hand.drop(columns=list(self.codebook.dimensions))
        return self.coder.flag(self.coder.code(bare, features=self.features))

    @cached_property
    def flagged(self) -> np.ndarray:
        return self.machine[REVIEW].to_numpy(bool)

    @cached_property
    def first(self) -> Likely:
        return self.likely(self.coder)

    @cached_property
    def vectors(self) -> np.ndarray:
        dense = self.features[:, : self.coder.learnt_.view.encoder.dimensions].toarray()
        return dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)

    @cached_property
    def known(self) -> dict[str, np.ndarray]:
        return {name: self.hand[name].notna().to_numpy() for name in GOALS}

    def likely(self, coder: Coder) -> Likely:
        return {
            name: coder.probabilities(self.hand, name, features=self.features)
            for name in self.codebook.dimensions
        }

    def right(self, likely: Likely) -> dict[str, np.ndarray]:
        """Tell which codes come out as the hand gave them."""
        role, category = (
            likely[name].columns.to_numpy(object)[
                likely[name].fillna(-1.0).to_numpy().argmax(axis=1)
            ]
            for name in GOALS
        )
        coded = np.isin(role.astype(str), self.codebook.dimensions["category"].when["role"])
        return {
            "role": role == self.hand["role"].to_numpy(object),
            "category": coded & (category == self.hand["category"].to_numpy(object)),
        }

    def sessions(
        self, order: Order, every: int, *, learns: bool
    ) -> Iterator[tuple[np.ndarray, np.ndarray, Likely]]:
        """Review it all: what was done so far, what is next, and what the machine has learnt."""
        done: np.ndarray = np.empty(0, np.intp)
        learnt = self.first
        while len(done) < len(self.hand):
            is_done = np.isin(np.arange(len(self.hand)), done)
            place = order(learnt if learns else self.first, is_done)
            left = np.flatnonzero(~is_done)
            following = left[np.argsort(place[left], kind="stable")[:every]]
            yield done, following, learnt
            done = np.append(done, following)
            adapted = self.coder.adapt(self.hand.iloc[done], features=self.features[done])
            learnt = self.likely(adapted)


def accuracies(right: np.ndarray, known: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Share right before and after each of some rows is put right."""
    won = np.cumsum(known[rows] & ~right[rows])
    return ((right & known).sum() + np.append(0, won)) / known.sum()


def first_at(found: np.ndarray, goal: float) -> int | None:
    return int((found >= goal).argmax()) if (found >= goal).any() else None


def effort(survey: Survey, order: Order, *, learns: bool) -> dict[tuple[str, str], int]:
    """How many are reviewed until each goal is reached, in each way."""
    every = EVERY if learns else max(EVERY, len(survey.hand) // 40)
    found: dict[tuple[str, str], int] = {}
    first = survey.right(survey.first)
    for done, following, learnt in survey.sessions(order, every, learns=learns):
        for way, right in zip(WAYS, (first, survey.right(learnt)), strict=True):
            for name, goal in GOALS.items():
                now = right[name].copy()
                now[done] = True
                after = first_at(accuracies(now, survey.known[name], following), goal)
                if after is not None:
                    found.setdefault((way, name), len(done) + after)
        if len(found) == len(WAYS) * len(GOALS):
            break
    return found


def at_random(survey: Survey) -> dict[tuple[str, str], float]:
    rng = np.random.default_rng(0)
    draws = [rng.permutation(len(survey.hand)) for _ in range(DRAWS)]
    learnt = [
        effort(survey, lambda _, __, places=places: places, learns=False)
        for places in draws[:LEARNT_DRAWS]
    ]
    out: dict[tuple[str, str], float] = {
        ("anew", name): float(np.mean([found["anew", name] for found in learnt])) for name in GOALS
    }
    right = survey.right(survey.first)
    for name, goal in GOALS.items():
        several = [
            first_at(accuracies(right[name], survey.known[name], np.argsort(places)), goal)
            for places in draws
        ]
        out["kept", name] = float(np.mean(several))
    return out


def orders(survey: Survey) -> dict[str, tuple[Order, bool]]:
    """The orders by name, and whether they learn."""
    book = survey.codebook
    lowest = doubt(survey.coder, survey.hand, survey.features)

    def page(likely: Likely, done: np.ndarray) -> np.ndarray:
        return urgency(likely, book, survey.vectors, done)

    def flagged_first(order: Order) -> Order:
        return lambda likely, done: order(likely, done) + 10 * ~survey.flagged

    ways: dict[str, tuple[Order, bool]] = {
        "role least probable first": (lambda p, _: p["role"].max(axis=1).to_numpy(), False),
        "least probable dimension first": (lambda _, __: lowest, False),
        "most wrong codes expected first": (lambda p, _: -doubts(p, book), False),
        "  learning": (lambda p, _: -doubts(p, book), True),
        "  learning, different ones (the page)": (page, True),
    }
    for name in ("least probable dimension first", "  learning, different ones (the page)"):
        order, learns = ways[name]
        ways[f"flagged, then others: {name.strip()}"] = (flagged_first(order), learns)
    return ways


def efforts(survey: Survey) -> None:
    n = len(survey.hand)
    right = survey.right(survey.first)
    now = {k: right[k][survey.known[k]].mean() for k in GOALS}
    then = {k: (right[k] | survey.flagged)[survey.known[k]].mean() for k in GOALS}
    print(
        f"\n{survey.name}: {n:,} statements; right by the machine: role {now['role']:.1%}, "
        f"category {now['category']:.1%}; flagged {survey.flagged.mean():.1%}, and with those "
        f"reviewed: role {then['role']:.1%}, category {then['category']:.1%}"
    )
    heads = [f"{name} {goal:.0%}, {way}" for way in WAYS for name, goal in GOALS.items()]
    print(f"{'':<58}" + "".join(f"{head:>25}" for head in heads))
    base = at_random(survey)

    def line(name: str, found: dict[tuple[str, str], float]) -> None:
        cells = []
        for way in WAYS:
            for goal in GOALS:
                value = found[way, goal]
                times = f"× {value / base[way, goal]:.2f}" if base[way, goal] else ""
                cells.append(f"{value:>9.0f}{value / n:>8.1%}{times:>8}")
        print(f"{name:<58}" + "".join(cells), flush=True)

    line("random", base)
    for name, (order, learns) in orders(survey).items():
        line(name, dict(effort(survey, order, learns=learns)))


def stopping(survey: Survey) -> None:
    """When the stopping rule says stop, and how far the counts then are from the hand's."""
    order, learns = orders(survey)["flagged, then others: learning, different ones (the page)"]
    n, n_flagged = len(survey.hand), int(survey.flagged.sum())
    nobody, everybody = np.zeros(n, np.bool_), np.ones(n, np.bool_)
    everything = counts(survey, everybody)["counted"]
    after = counts(survey, survey.flagged)["counted"]

    def line(label: str, decided: np.ndarray, foreseen: float | None = None) -> None:
        found = counts(survey, decided).join([everything.rename("truth"), after.rename("after")])
        filled = (found["counted"] > 0) | (found["truth"] > 0)
        off = (found["counted"] - found["truth"]).abs()[filled]
        corrected = (found["estimate"] - found["truth"]).abs()[filled]
        far = share_apart(found["counted"], found["truth"])
        expected = ""
        if foreseen is not None:
            expected = f"{foreseen:>10.1%}{share_apart(found['counted'], found['after']):>7.1%}"
        print(
            f"{survey.name:<6}{label:<26}{decided.sum():>7}{decided.mean():>8.1%}"
            f"{(decided & survey.flagged).sum() / n_flagged:>10.0%}{filled.sum():>7}"
            f"{off.mean():>8.2f}{corrected.mean():>11.2f}{far:>9.1%}{off.max():>9.0f}{expected}",
            flush=True,
        )

    line("before review", nobody)
    for done, _, _ in survey.sessions(order, EVERY, learns=learns):
        decided = np.isin(np.arange(n), done[:n_flagged])
        table = review(survey.machine, survey.hand, survey.codebook, decided, nobody)
        said = stability(table, survey.codebook)
        if said.stable or len(done) >= n_flagged:
            label = "the rule says stop" if said.left else "never before all is done"
            line(label, decided, 1 - said.settled)
            break
    line("all flagged reviewed", survey.flagged)


def share_apart(one: pd.Series, two: pd.Series) -> float:
    """Share of cells, filled in either, that differ by more than 1 respondent and 5 %."""
    filled = (one > 0) | (two > 0)
    return float(((one - two).abs() > np.maximum(1, 0.05 * two))[filled].mean())


def counts(survey: Survey, decided: np.ndarray) -> pd.DataFrame:
    """Respondents by cell, as counted after some decisions and as estimated."""
    table = review(survey.machine, survey.hand, survey.codebook, decided, np.zeros_like(decided))
    found = estimate_counts(table, survey.codebook, draws=200)
    found = found.query("unit == 'respondents' and column != '' and row != ''")
    return found.set_index(CELL[:3])[["counted", "estimate"]]


def by_effect(survey: Survey) -> np.ndarray:
    """What each statement's review is expected to change in the counts."""
    machine, book = survey.machine, survey.codebook
    names = machine["respondent"].tolist()
    passages = {
        str(row): Passage(str(row), "", "", {"area": book.resolve("area", area)}, [row])
        for row, area in enumerate(machine["area"])
    }
    columns = {name: dimension_columns(name) for name in book.dimensions}
    rows = machine.astype(object).where(machine.notna(), None).to_dict("records")
    items = {
        str(at): [
            Item(
                str(at),
                0,
                1,
                {name: [row[column] for column in four] for name, four in columns.items()},
                flagged=False,
                reason=None,
                novelty=0.0,
                statement_ids=[],
            )
        ]
        for at, row in enumerate(rows)
    }
    found = effects_on_counts(
        SimpleNamespace(  # type: ignore[arg-type]
            codebook=book, passages=passages, items=items, respondent=lambda row: names[row]
        )
    )
    return np.array([found[str(row), 0] for row in range(len(rows))])


def telling(survey: Survey) -> None:
    """What as many decisions as are flagged do to the counts, by the order they are taken in."""
    n = int(survey.flagged.sum())
    order, learns = orders(survey)["  learning, different ones (the page)"]
    page = next(
        done for done, _, _ in survey.sessions(order, EVERY, learns=learns) if len(done) >= n
    )[:n]
    ways = {
        "before review": np.empty(0, np.intp),
        "the flagged": np.flatnonzero(survey.flagged),
        "the page's order over all": page,
        "by effect on the counts": np.argsort(-by_effect(survey), kind="stable")[:n],
    }
    everything = counts(survey, np.ones(len(survey.hand), np.bool_))["counted"]
    for name, rows in ways.items():
        found = counts(survey, np.isin(np.arange(len(survey.hand)), rows))["counted"]
        filled = (found > 0) | (everything > 0)
        off = (found - everything).abs()[filled]
        near = (off <= np.maximum(1, 0.1 * everything[filled])).mean()
        print(
            f"{survey.name:<6}{name:<28}{len(rows):>7}{filled.sum():>7}{near:>9.1%}{off.mean():>8.2f}",
            flush=True,
        )


def main() -> None:
    coder = Coder.load()
    names = [name for name in sys.argv[1:] or SETS if name != "report" or REPORT.is_file()]
    surveys = [Survey.read(name, coder) for name in names]
    for survey in surveys:
        efforts(survey)
    print(
        f"\n{'the stopping rule':<32}{'reviewed':>15}{'flagged':>10}{'cells':>7}{'off':>8}"
        f"{'corrected':>11}{'far off':>9}{'furthest':>9}{'foreseen':>10}{'was':>7}"
    )
    for survey in surveys:
        if survey.name != "report":  # names no respondents
            stopping(survey)
    print(f"\n{'what serves the counts':<34}{'reviewed':>7}{'cells':>7}{'near':>9}{'off':>8}")
    for survey in surveys:
        if survey.name != "report":
            telling(survey)


if __name__ == "__main__":
    main()
