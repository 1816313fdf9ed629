"""What learning from decisions brings: a coder adapted on half of a survey, scored on the rest.

    python benchmarks/adapting.py [SET]...        (some minutes on one core)

The sets are `2021` (on which the strength of the penalty was chosen), `2022`, `2020` (the corpus's
test part) and `report` (the report's own statements, where they are at hand). A set's answers are
halved at random, several times; statements of the one half are decided as the hand did, at random
or the most doubtful first, and the shipped coder learns from them. On the other half: accuracy of
role, and of category where the hand gave one, among the codes of its area; in brackets the worst
change of any draw. `error` is what is wrong in either dimension's codes among those that the
adapted coder would code alone in both, at an error budget of 10 % a dimension.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder

ROOT = Path(__file__).parents[1]
REPORT = ROOT.parent / "shared" / "report-statements" / "statements.jsonl"
SETS = ("2021", "2022", "2020", "report")
DIMENSIONS = ("role", "category")
DECISIONS = (20, 50, 200, 500)
DRAWS = 5
Figures = dict[str, float]


def read(name: str, coder: Coder) -> pd.DataFrame:
    if name == "report":
        rows = [json.loads(line) for line in REPORT.read_text(encoding="utf-8").splitlines()]
        return pd.DataFrame(rows).rename(columns={"id": "answer_id"}).assign(flags=None)
    table = read_coded(ROOT / "corpora" / f"answers-{name}.jsonl", coder.require_codebook())
    return table[table["part"] == "test"].reset_index(drop=True) if name == "2020" else table


def doubt(coder: Coder, table: pd.DataFrame, features: sparse.csr_matrix) -> np.ndarray:
    coded = coder.code(table, features=features)
    return coded[["role_prob", "category_prob", "level_prob"]].min(axis=1).to_numpy()


def score(coder: Coder, table: pd.DataFrame, features: sparse.csr_matrix) -> Figures:
    """Judge a coder on hand-coded statements."""
    figures: Figures = {}
    wrong = np.zeros(len(table), np.bool_)
    alone = np.ones(len(table), np.bool_)
    for name in DIMENSIONS:
        found = coder.probabilities(table, name, features=features)
        best = found.columns.to_numpy()[found.fillna(-1.0).to_numpy().argmax(axis=1)]
        known = table[name].notna().to_numpy()
        right = best == table[name].to_numpy(object)
        figures[name] = float(right[known].mean())
        wrong |= known & ~right
        alone &= found.max(axis=1).to_numpy() >= coder.learnt_.thresholds(0.10)[name]
    figures["alone"] = float(alone.mean())
    figures["error"] = float(wrong[alone].mean()) if alone.any() else 0.0
    return figures


def halves(table: pd.DataFrame, seed: int) -> tuple[np.ndarray, np.ndarray]:
    answers = pd.factorize(table["answer_id"])[0]
    order = np.random.default_rng(seed).permutation(answers.max() + 1)
    mine = np.isin(answers, order[: len(order) // 2])
    return np.flatnonzero(mine), np.flatnonzero(~mine)


def measure(coder: Coder, name: str) -> None:
    table = read(name, coder)
    features = coder.see(table)
    doubts = doubt(coder, table, features)
    print(f"\n{name}: {len(table):,} statements")
    print(f"{'':<28}{'role':>16}{'category':>18}{'alone':>9}{'error':>8}")
    for order in ("random", "most doubtful first"):
        found: dict[str, list[Figures]] = {}
        for seed in range(DRAWS):
            one, two = halves(table, seed)
            one = np.random.default_rng(seed).permutation(one)
            if order != "random":
                one = one[np.argsort(doubts[one], kind="stable")]
            other = table.iloc[two]
            found.setdefault("0", []).append(score(coder, other, features[two]))
            sizes = [n for n in DECISIONS if n < len(one)]
            for n in (*sizes, len(one)):
                rows = one[:n]
                adapted = coder.adapt(table.iloc[rows], features=features[rows])
                label = str(n) if n in sizes else f"all (about {len(table) // 2:,})"
                found.setdefault(label, []).append(score(adapted, other, features[two]))
        for label, several in found.items():
            line(f"{order}, {label}", pd.DataFrame(several), pd.DataFrame(found["0"]))


def line(label: str, found: pd.DataFrame, before: pd.DataFrame) -> None:
    shown = "".join(
        f"{found[name].mean():>10.1%} ({100 * (found[name] - before[name]).min():+.1f})"
        for name in DIMENSIONS
    )
    print(
        f"{label:<38}{shown}{found['alone'].mean():>8.0%}{found['error'].mean():>8.1%}", flush=True
    )


def main() -> None:
    coder = Coder.load()
    for name in sys.argv[1:] or SETS:
        if name != "report" or REPORT.is_file():
            measure(coder, name)


if __name__ == "__main__":
    main()
