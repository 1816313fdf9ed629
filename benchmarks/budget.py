"""Whether the error budget is kept: realised error on answers that set no threshold.

    python benchmarks/budget.py        (about a minute)

The shipped coder codes the test part of `corpora/answers-2020.jsonl`, which it never saw. The
answers are halved at random 500 times: one half sets the threshold, as the model's held-out
evidence does, and the other tells how often what is coded alone was wrong. The promise: with 95 %
confidence no more than the budget.
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
SPLITS = 500


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
        answers = table["answer"].unique()
        for budget in BUDGETS:
            shares, errors = [], []
            for _ in range(SPLITS):
                half = rng.permutation(answers)[: len(answers) // 2]
                first = table["answer"].isin(half).to_numpy()
                evidence = table[first]
                threshold = Evidence(
                    evidence["probability"].to_numpy(), evidence["right"].to_numpy(bool)
                ).threshold(budget)
                rest = table[~first]
                alone = rest[rest["probability"] >= threshold]
                shares.append(len(alone) / len(rest))
                errors.append(1 - alone["right"].mean() if len(alone) else 0.0)
            over = np.mean(np.array(errors) > budget)
            print(
                f"{name:<10}{budget:>8.0%}{np.mean(shares):>13.0%}{np.mean(errors):>8.1%}"
                f"{over:>13.1%}"
            )


if __name__ == "__main__":
    main()
