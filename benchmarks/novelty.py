"""Whether `novelty` tells statements on unknown themes from others, beside ways that cost more.

    python benchmarks/novelty.py        (some minutes)

Area under the ROC curve, 0.5 for chance. Sets: the coded answers of 2021 and 2022, a third of whose
statements are on themes near to the codebook's but not in it (loneliness, people who fled the war,
prices), and `corpora/other-themes.jsonl`, where half are on themes far away (diet, bus lines). All
ways know the training part of 2020 only:

* `textmine`: the `novelty` column of the shipped coder;
* words: the mean distance in tf-idf to the ten nearest training statements;
* frozen encoder: the same with multilingual-e5-small's vectors, which doubles the time of coding;
* length: the number of characters, since statements on new themes happen to be longer.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from learning_curve import parts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder
from textmine.embed.encoder import embed, load_encoder

CORPORA = Path(__file__).parents[1] / "corpora"
SETS = ("answers-2021", "answers-2022", "other-themes")
NEAREST = 10


def distance(known: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Mean cosine distance to the nearest known rows, which are of length 1."""
    return 1 - np.sort(np.asarray(new @ known.T), axis=1)[:, -NEAREST:].mean(axis=1)


def unit(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    moved = vectors - centre
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def main() -> None:
    codebook = Codebook.load("psykisk-halsa-2020")
    train, _ = parts(codebook)
    known = embed(train["text"].tolist(), load_encoder())
    centre = known.mean(axis=0)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(train["text"])
    sparse = words.transform(train["text"])
    coder = Coder.load()
    print(f"{'':<16}{'novel':>12}{'textmine':>10}{'words':>8}{'encoder':>9}{'length':>8}")
    for name in SETS:
        table: pd.DataFrame = read_coded(CORPORA / f"{name}.jsonl", codebook)
        novel = table["novel"].to_numpy(bool)
        bare = table.drop(columns=list(codebook.dimensions))
        own = embed(table["text"].tolist(), load_encoder())
        scores = {
            "textmine": coder.code(bare)["novelty"],
            "words": distance(sparse.toarray(), words.transform(table["text"]).toarray()),
            "encoder": distance(unit(known, centre), unit(own, centre)),
            "length": table["text"].str.len(),
        }
        areas = [roc_auc_score(novel, score) for score in scores.values()]
        figures = "".join(
            f"{area:>{width}.2f}" for area, width in zip(areas, (10, 8, 9, 8), strict=True)
        )
        print(f"{name:<16}{novel.sum():>6} of {len(novel):<3}{figures}", flush=True)


if __name__ == "__main__":
    main()
