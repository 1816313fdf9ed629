"""A user's own codebook from a handful of examples, on a public test set: SIB-200 in Swedish.

    python benchmarks/few_shot.py ../shared/benchmarks/sib200-sv [--draws 10]

Seven topics of sentences from news and encyclopaedias, 8 examples a topic, several draws, and then
all examples; scored on the set's test part. Seconds are for learning from the examples, with the
encoder's loading, and for coding the test part. All use the same encoder (multilingual-e5-small):

* frozen encoder (float32) + logistic regression;
* SetFit with its own defaults, 20 iterations and 1 epoch, if it is there (`pip install setfit`): on
  the first draws only, since each takes many minutes;
* `textmine train` with bare codes (their names), and with a codebook that says in a line what
  each topic covers; and the same with `--tune encoder`.
"""

import argparse
import importlib.util
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import transformers

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.embed.build import sentence_transformer
from textmine.shipped import ENCODER, ENCODER_FILE, find_model

TOPICS = {
    "science/technology": "Vetenskap och teknik: forskning, fysik, kemi, biologi, datorer, rymden",
    "travel": "Resor: resmål, turism, transporter, hotell, flyg, råd till resenärer",
    "politics": "Politik: val, regeringar, partier, lagar, krig, diplomati, demonstrationer",
    "sports": "Sport: matcher, lag, idrottare, tävlingar, olympiska spel",
    "health": "Hälsa: sjukdomar, vård, medicin, läkare, smitta",
    "entertainment": "Nöje och kultur: film, musik, tv, kändisar, konst, fester",
    "geography": "Geografi: länder, städer, berg, floder, öar, klimat, natur",
}
PER_TOPIC = 8
Codes = Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]


def book(codes: object) -> Codebook:
    return Codebook.model_validate({"name": "sib", "dimensions": {"category": {"codes": codes}}})


def textmine(codebook: Codebook, tune: str = "head") -> Codes:
    def code(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
        coder = Coder(codebook, tune=tune).fit(train)
        return coder.code(test[["text"]])["category"].to_numpy(object)

    return code


def e5() -> Path:
    folder = find_model(ENCODER, ENCODER_FILE)
    assert folder is not None
    return folder


def frozen(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    model = sentence_transformer(e5())
    vectors = model.encode(train["text"].tolist(), show_progress_bar=False)
    found = model.encode(test["text"].tolist(), show_progress_bar=False)
    centre = vectors.mean(axis=0)
    head = LogisticRegression(max_iter=2000, C=10).fit(vectors - centre, train["category"])
    return head.predict(found - centre)


def setfit(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments
    from sklearn.linear_model import LogisticRegression

    model = SetFitModel(
        model_body=sentence_transformer(e5()),
        model_head=LogisticRegression(),
        labels=sorted(train["category"].unique()),
    )
    with tempfile.TemporaryDirectory() as scratch:
        arguments = TrainingArguments(
            output_dir=scratch,
            num_iterations=20,
            num_epochs=1,
            batch_size=16,
            report_to="none",
            save_strategy="no",
            show_progress_bar=False,
            seed=0,
        )
        data = pd.DataFrame({"text": train["text"], "label": train["category"]})
        Trainer(model, arguments, train_dataset=Dataset.from_pandas(data)).train()
    return np.array(model.predict(test["text"].tolist()), object)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="with train.tsv and test.tsv")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--setfit-draws", type=int, default=3)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    train, test = (pd.read_csv(options.folder / f"{p}.tsv", sep="\t") for p in ("train", "test"))
    ways: dict[str, Codes] = {
        "frozen encoder + logistic regression": frozen,
        "textmine train, bare codes": textmine(book(list(TOPICS))),
        "textmine train": textmine(book(TOPICS)),
        "textmine train --tune encoder": textmine(book(TOPICS), "encoder"),
    }
    if importlib.util.find_spec("setfit"):
        ways["SetFit"] = setfit
    print(f"{PER_TOPIC} examples a topic: accuracy (sd) on all draws, on the first, seconds a draw")
    first = min(options.setfit_draws, options.draws)
    for name, way in ways.items():
        right, seconds = [], []
        for seed in range(first if name == "SetFit" else options.draws):
            rng = np.random.default_rng(seed)
            by_topic = [np.flatnonzero(train["category"] == topic) for topic in sorted(TOPICS)]
            rows = np.concatenate([rng.choice(mine, PER_TOPIC, replace=False) for mine in by_topic])
            share, took = judge(way, train.iloc[rows].reset_index(drop=True), test)
            right.append(share)
            seconds.append(took)
        whole = f"{np.mean(right):.1%} ({np.std(right):.1%}) {len(right):>2}"
        print(
            f"{name:<42}{whole:>16}{np.mean(right[:first]):>8.1%} {first}{np.mean(seconds):>8.1f}",
            flush=True,
        )
    print(f"all {len(train)} examples")
    for name, way in ways.items():
        if name != "SetFit":  # hours
            share, took = judge(way, train, test)
            print(f"{name:<42}{share:>7.1%} {took:>14.1f}", flush=True)


def judge(way: Codes, train: pd.DataFrame, test: pd.DataFrame) -> tuple[float, float]:
    """Learn and code; give the share that is right, and the seconds it took."""
    began = time.perf_counter()
    found = way(train, test)
    took = time.perf_counter() - began
    return float((found == test["category"]).mean()), took


if __name__ == "__main__":
    main()
