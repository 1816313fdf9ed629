"""The shipped coder beside simpler ones, and what each of its parts brings.

    python benchmarks/coding.py        (about five minutes; longer with SetFit)

All learn from the training part of `corpora/answers-2020.jsonl` and are scored on its test part
(voices that occur nowhere in training), statements as they were divided by hand. Role: accuracy and
Cohen's kappa over all statements. Category: accuracy where the hand gave one, among the codes of
its area; for the shipped coder also as it comes out, wrong where the role takes it away. Where the
report's own statements are at hand, they are coded too, out of their context. Last, the role from
16 statements a code, out of context, beside SetFit if it is installed (`pip install setfit`).
"""

import copy
import importlib.util
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from few_shot import setfit
from learning_curve import accuracy, bag_of_words, by_area, frozen, parts
from sklearn.metrics import cohen_kappa_score

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.embed.encoder import embed, load_encoder

ROOT = Path(__file__).parents[1]
FEW = 16
REPORT = ROOT.parent / "shared" / "report-statements" / "statements.jsonl"


def most_common(train: pd.DataFrame, target: pd.Series):  # noqa: ANN201
    code = target.mode()[0]
    return lambda rows: np.full(len(rows), code, object)


def nearest_definition(codebook: Codebook, name: str):  # noqa: ANN201
    """Zero-shot: the code whose definition lies nearest to the statement."""
    codes = codebook.dimensions[name].codes
    texts = [f"{code.name or key}: {code.definition}" for key, code in codes.items()]
    vectors = embed(texts, load_encoder())
    place = {key: i for i, key in enumerate(codes)}

    def fit(train: pd.DataFrame, target: pd.Series):  # noqa: ANN202
        known = sorted(target.unique())
        rows = vectors[[place[key] for key in known]]
        rows = rows - rows.mean(axis=0)
        return lambda found: np.array(known)[(np.stack(found["vector"]) @ rows.T).argmax(axis=1)]

    return fit


def line(name: str, role: float, kappa: float, category: float, out: float | None = None) -> None:
    shown = f"{out:.1%}" if out is not None else ""
    print(f"{name:<44}{role:>7.1%}{kappa:>7.2f}{category:>10.1%}{shown:>10}", flush=True)


def shipped_line(name: str, coder: Coder, test: pd.DataFrame) -> None:
    """Code the test part, and its categories also without regard to the role."""
    codebook = coder.require_codebook()
    bare = test.drop(columns=[*codebook.dimensions, "vector"], errors="ignore")
    coded = coder.code(bare)
    known = test["category"].notna()
    features = coder.learnt_.view.see(bare)
    everywhere = np.ones(len(test), np.bool_)
    free = coder.learnt_.dimensions["category"].predict(
        features, test["area"].to_numpy(object), everywhere
    )
    category = accuracy(pd.Series(free.code)[known], test.loc[known, "category"])
    out = accuracy(coded.loc[known, "category"], test.loc[known, "category"])
    kappa = cohen_kappa_score(test["role"].astype(str), coded["role"].astype(str))
    line(name, accuracy(coded["role"], test["role"]), kappa, category, out)


def without_words(coder: Coder) -> Coder:
    """Take the weights of words out of a coder's heads."""
    bare = copy.copy(coder)
    bare.learnt_ = replace(coder.learnt_, dimensions=copy.deepcopy(coder.learnt_.dimensions))
    width = coder.learnt_.view.encoder.dimensions
    for dimension in bare.learnt_.dimensions.values():
        for head in dimension.heads.values():
            head.weights[width:] = 0
    return bare


def from_few(codebook: Codebook, train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Learn the role from a few statements a code, each by itself, in several ways."""
    few = train.groupby("role").sample(FEW, random_state=0).reset_index(drop=True)
    alone = codebook.model_copy(update={"dimensions": {"role": codebook.dimensions["role"]}})

    def by_setfit() -> object:
        return setfit(few[["text", "role"]].rename(columns={"role": "category"}), test)

    def by_textmine(tune: str) -> object:
        coder = Coder(alone, tune=tune).fit(few[["text", "role"]])
        return coder.code(test[["text"]])["role"]

    ways = {
        "frozen encoder + logistic regression": lambda: frozen(few, few["role"])(test),
        "textmine train": lambda: by_textmine("head"),
        "textmine train --tune encoder": lambda: by_textmine("encoder"),
    }
    if importlib.util.find_spec("setfit"):
        ways["SetFit"] = by_setfit
    print(f"\nrole from {FEW} statements a code{'seconds':>36}")
    for name, way in ways.items():
        began = time.perf_counter()
        right = accuracy(pd.Series(np.asarray(way(), object)), test["role"])
        print(f"{name:<44}{right:>7.1%}{time.perf_counter() - began:>13.1f}", flush=True)


def main() -> None:
    codebook = Codebook.load("psykisk-halsa-2020")
    train, test = parts(codebook)
    print(f"{len(train):,} statements to learn from, {len(test):,} to be coded")
    print(f"{'':<44}{'role':>7}{'kappa':>7}{'category':>10}{'as it is':>10}")
    rivals = {
        "the commonest code": (most_common, most_common),
        "zero-shot: nearest definition": (
            nearest_definition(codebook, "role"),
            nearest_definition(codebook, "category"),
        ),
        "bag of words + linear SVM": (bag_of_words, bag_of_words),
        "frozen encoder + logistic regression": (frozen, frozen),
    }
    for name, (for_role, for_category) in rivals.items():
        line(name, **by_area(for_role, for_category, train, test))
    shipped_line("textmine train (head)", Coder(codebook).fit(train.drop(columns="vector")), test)
    coder = Coder.load()
    shipped_line("textmine, shipped (encoder tuned)", coder, test)
    shipped_line("  without its heads on words", without_words(coder), test)
    shipped_line("  without the question", coder, test.drop(columns="question"))
    shipped_line("  without the answer around", coder, test.drop(columns="answer_text"))
    if REPORT.is_file():
        rows = [json.loads(text) for text in REPORT.read_text(encoding="utf-8").splitlines()]
        report = pd.DataFrame(rows).rename(columns={"id": "statement_id"}).assign(flags=None)
        print(f"\nthe report's own statements, out of context ({len(report)})")
        shipped_line("textmine, shipped (encoder tuned)", coder, report)
    from_few(codebook, train, test)


if __name__ == "__main__":
    main()
