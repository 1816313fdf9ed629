"""Whether the error budget is kept: the error of thresholds that were set on random samples.

    python benchmarks/budget.py        (about a minute)

The shipped coder codes the test part of `corpora/answers-2020.jsonl`, which it never saw. Answers
are drawn from it (with replacement, as many as it has) 500 times to set a threshold, as the model's
held-out evidence does; all of it, the population they were drawn from, tells the error among what
is then coded alone. The promise: over the budget in at most 5 % of draws.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from textmine.coding.budget import Evidence
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder
from textmine.tables import dimension_columns

CORPUS = Path(__file__).parents[1] / "corpora" / "answers-2020.jsonl"
BUDGETS = (0.05, 0.10, 0.15, 0.20)
DRAWS = 500


def judged(test: pd.DataFrame, coder: Coder) -> dict[str, pd.DataFrame]:
    """Probability of each code given, whether it was right, and its answer."""
    codebook = coder.require_codebook()
    coded = coder.code(test.drop(columns=list(codebook.dimensions)))
    found = {}
    for name, dimension in codebook.dimensions.items():
        if dimension.multiple:
            right = [set(a) == set(b) for a, b in zip(coded[name], test[name], strict=True)]
        else:
            right = (coded[name].astype(object) == test[name].astype(object)).tolist()
        table = pd.DataFrame(
            {
                "answer": test["answer_id"],
                "probability": coded[dimension_columns(name)[1]],
                "right": right,
            }
        )
        # As the evidence has it: where both the hand and the coder gave a code.
        both = table["probability"].notna() & (test[name].notna() | dimension.multiple)
        found[name] = table[both]
    return found


def main() -> None:
    coder = Coder.load()
    statements = read_coded(CORPUS, coder.require_codebook())
    test = statements[statements["part"] == "test"].reset_index(drop=True)
    rng = np.random.default_rng(0)
    print(f"{'dimension':<10}{'budget':>8}{'coded alone':>13}{'error':>8}{'over budget':>13}")
    for name, table in judged(test, coder).items():
        rows = list(table.reset_index(drop=True).groupby("answer").indices.values())
        probability = table["probability"].to_numpy(float)
        right = table["right"].to_numpy(bool)
        for budget in BUDGETS:
            shares, errors = [], []
            for _ in range(DRAWS):
                drawn = np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])
                threshold = Evidence(probability[drawn], right[drawn]).threshold(budget)
                alone = probability >= threshold
                shares.append(alone.mean())
                errors.append(1 - right[alone].mean() if alone.any() else 0.0)
            over = np.mean(np.array(errors) > budget)
            print(
                f"{name:<10}{budget:>8.0%}{np.mean(shares):>13.0%}{np.mean(errors):>8.1%}"
                f"{over:>13.1%}"
            )


if __name__ == "__main__":
    main()
