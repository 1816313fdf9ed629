"""What more coded answers bring: three coders trained on 1/8, 1/4, 1/2 and all, scored on the rest.

    python benchmarks/learning_curve.py        (about ten minutes on two cores)

All learn from the training part of `corpora/answers-2020.jsonl` and are scored on its test part,
statements as they were divided by hand: bag of words (tf-idf and a linear SVM), the frozen encoder
with logistic regression on a statement's own vector, and `textmine`'s coder as `train` makes it.
A category is right if it is the hand's among the codes of its area. Prints a table and writes
`corpora/learning-curve.json`, which the data card shows.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder
from textmine.embed.encoder import embed, load_encoder

CORPORA = Path(__file__).parents[1] / "corpora"
SHARES = (1 / 8, 1 / 4, 1 / 2, 1)
Figures = dict[str, float]
Predict = Callable[[pd.DataFrame], np.ndarray]
Fit = Callable[[pd.DataFrame, pd.Series], Predict]


def parts(codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The corpus of 2020 in its two parts, each statement with its own centred `vector`."""
    statements = read_coded(CORPORA / "answers-2020.jsonl", codebook)
    vectors = embed(statements["text"].tolist(), load_encoder())
    statements["vector"] = list(vectors - vectors.mean(axis=0))
    test = statements["part"] == "test"
    return statements[~test], statements[test].reset_index(drop=True)


def accuracy(found: pd.Series, right: pd.Series) -> float:
    return float((found.astype(object) == right.astype(object)).mean())


def by_area(for_role: Fit, for_category: Fit, train: pd.DataFrame, test: pd.DataFrame) -> Figures:
    """Fit a role classifier, and one for the categories of each area."""
    role = for_role(train, train["role"])(test)
    known = test["category"].notna()
    category = pd.Series(index=test.index, dtype=object)
    for area, rows in test[known].groupby("area"):
        mine = train[(train["area"] == area) & train["category"].notna()]
        category[rows.index] = for_category(mine, mine["category"])(rows)
    return {
        "role": accuracy(pd.Series(role, index=test.index), test["role"]),
        "kappa": cohen_kappa_score(test["role"].astype(str), np.asarray(role).astype(str)),
        "category": accuracy(category[known], test.loc[known, "category"]),
    }


def bag_of_words(train: pd.DataFrame, target: pd.Series) -> Predict:
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
    model.fit(train["text"], target)
    return lambda rows: model.predict(rows["text"])


def frozen(train: pd.DataFrame, target: pd.Series) -> Predict:
    model = LogisticRegression(C=10, max_iter=2000).fit(np.stack(train["vector"]), target)
    return lambda rows: model.predict(np.stack(rows["vector"]))


def coder(train: pd.DataFrame, test: pd.DataFrame, codebook: Codebook) -> Figures:
    fitted = Coder(codebook).fit(train)
    coded = fitted.code(test.drop(columns=list(codebook.dimensions)))
    known = test["category"].notna()
    return {
        "role": accuracy(coded["role"], test["role"]),
        "category": accuracy(coded.loc[known, "category"], test.loc[known, "category"]),
    }


def main() -> None:
    codebook = Codebook.load("psykisk-halsa-2020")
    train, test = parts(codebook)
    order = np.random.default_rng(0).permutation(train["answer_id"].unique())
    rows = []
    for share in SHARES:
        some = train[train["answer_id"].isin(order[: round(len(order) * share)])]
        some = some.reset_index(drop=True)
        figures = {
            "bag of words + linear SVM": by_area(bag_of_words, bag_of_words, some, test),
            "frozen encoder + logistic regression": by_area(frozen, frozen, some, test),
            "textmine train": coder(
                some.drop(columns="vector"), test.drop(columns="vector"), codebook
            ),
        }
        for name, figure in figures.items():
            rows.append({"coder": name, "share": share, "statements": len(some), **figure})
            print(
                f"{name:<38}{share:>6.3f}{len(some):>7}  role {figure['role']:.3f}  "
                f"category {figure['category']:.3f}",
                flush=True,
            )
    text = json.dumps({"test": len(test), "rows": rows}, indent=1)
    (CORPORA / "learning-curve.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
