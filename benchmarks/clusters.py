"""Groups of notes beside people's own: textmine, k-means, BERTopic and Turftopic.

    python benchmarks/clusters.py [SIB200_DIR] [--seeds 3] [--encoders teman e5-small]

All ways get the same vectors. Sets: the 714 dialogue notes on twelve areas of need, of which
`teman` knows the training part, and their test part, which it does not; two larger inquiries that
it knows nothing of; and, where its folder is given (train.tsv, test.tsv with `text` and
`category`), SIB-200 Swedish, which nothing was tuned on. Prints the adjusted Rand index with
people's sorting (mean and range over seeds), the share of notes left without a group, and seconds;
then what a guide brings (names with descriptions; examples as well, three draws); then how much of
a grouping another seed and nine tenths of the notes find again.

BERTopic and Turftopic are run where they are installed: `pip install bertopic turftopic`.
"""

import argparse
import importlib.util
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score

from textmine.clusters import Clusters
from textmine.embed.encoder import embed, load_encoder

CORPORA = Path(__file__).parents[1] / "corpora"
LARGE = ("ungas-psykiska-halsa-samordnare", "brukardialog-socialtjanst")
EXAMPLES, DRAWS = 5, 3
Labels = np.ndarray
Way = Callable[[pd.DataFrame, np.ndarray, int, int, str], Labels]


def read_sets(sib: Path | None) -> dict[str, pd.DataFrame]:
    """Notes with people's `group`, by the name of their set."""
    notes = pd.read_json(CORPORA / "notes.jsonl", lines=True)
    notes = notes[notes["group"] != "annat"]
    needs = notes[notes["inquiry"] == "behov-2020"]
    sets = {"behov-2020": needs, "behov-2020, test": needs[needs["part"] == "test"]}
    sets |= {name: notes[notes["inquiry"] == name] for name in LARGE}
    if sib:
        parts = [pd.read_csv(sib / f"{part}.tsv", sep="\t") for part in ("train", "test")]
        sets["SIB-200"] = pd.concat(parts).rename(columns={"category": "group"})
    return {name: table.reset_index(drop=True) for name, table in sets.items()}


def textmine(notes: pd.DataFrame, vectors: np.ndarray, k: int, seed: int, encoder: str) -> Labels:
    found = Clusters.fit(notes[["text"]], k, seed=seed, encoder=encoder)
    return pd.factorize(found.table()["cluster"])[0]


def k_means(notes: pd.DataFrame, vectors: np.ndarray, k: int, seed: int, encoder: str) -> Labels:
    return KMeans(k, n_init=10, random_state=seed).fit_predict(vectors)


def bertopic(notes: pd.DataFrame, vectors: np.ndarray, k: int, seed: int, encoder: str) -> Labels:
    from bertopic import BERTopic
    from umap import UMAP

    reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(umap_model=reducer, nr_topics=k + 1, language="multilingual")
    return np.array(model.fit_transform(notes["text"].tolist(), vectors)[0])


def bertopic_tuned(
    notes: pd.DataFrame, vectors: np.ndarray, k: int, seed: int, encoder: str
) -> Labels:
    """Tuned as its guide advises for few texts without outliers: k-means after UMAP."""
    from bertopic import BERTopic
    from umap import UMAP

    reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    means: Any = KMeans(k, n_init=10, random_state=seed)
    model = BERTopic(umap_model=reducer, hdbscan_model=means, language="multilingual")
    return np.array(model.fit_transform(notes["text"].tolist(), vectors)[0])


def turftopic(notes: pd.DataFrame, vectors: np.ndarray, k: int, seed: int, encoder: str) -> Labels:
    from turftopic import SemanticSignalSeparation

    model = SemanticSignalSeparation(k, encoder=_Given(vectors), random_state=seed)
    shares = model.fit_transform(notes["text"].tolist(), embeddings=vectors)
    return np.asarray(shares).argmax(axis=1)


class _Given:
    """Stands for an encoder whose vectors of texts are given; words have none."""

    def __init__(self, vectors: np.ndarray) -> None:
        self.dimensions = vectors.shape[1]

    def encode(self, texts: list[str], **_: Any) -> np.ndarray:
        return np.zeros((len(texts), self.dimensions), np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def unguided(sets: dict[str, pd.DataFrame], encoder: str, seeds: int) -> None:
    ways: dict[str, Way] = {"textmine": textmine, "k-means": k_means}
    if importlib.util.find_spec("bertopic"):
        ways |= {"BERTopic": bertopic, "BERTopic, k-means": bertopic_tuned}
    if importlib.util.find_spec("turftopic"):
        ways["Turftopic, S3"] = turftopic
    print(f"\nvectors of {encoder}; number of groups given")
    print(f"{'set':<32}{'way':<20}{'ARI':>6}{'range':>16}{'no group':>10}{'seconds':>9}")
    for name, notes in sets.items():
        vectors = embed(notes["text"].tolist(), load_encoder(encoder))
        gold = notes["group"].to_numpy()
        for way, group in ways.items():
            scores, without, began = [], [], time.perf_counter()
            for seed in range(seeds):
                labels = group(notes, vectors, len(set(gold)), seed, encoder)
                scores.append(adjusted_rand_score(gold, labels))
                without.append((labels < 0).mean())
            spent = (time.perf_counter() - began) / seeds
            spread = f"{min(scores):.2f} to {max(scores):.2f}"
            print(
                f"{name:<32}{way:<20}{np.mean(scores):>6.2f}{spread:>16}"
                f"{np.mean(without):>10.0%}{spent:>9.1f}",
                flush=True,
            )


def guided(sets: dict[str, pd.DataFrame], encoder: str) -> None:
    about = YAML(typ="safe").load((CORPORA / "inquiries.yaml").read_text(encoding="utf-8"))
    print(f"\nvectors of {encoder}; a guide. By cosine and logistic regression: the plain ways")
    print(f"{'set':<32}{'guide':<26}{'textmine':>16}{'plain':>16}   (ARI, share right)")
    for name, notes in sets.items():
        inquiry = name.split(",")[0]
        if inquiry not in about:
            continue
        groups = {key: g for key, g in about[inquiry]["groups"].items() if key != "annat"}
        gold = notes["group"].map({key: i for i, key in enumerate(groups)}).to_numpy()
        guide = [{"name": g["name"], "description": g["description"]} for g in groups.values()]
        reader = load_encoder(encoder)
        vectors = embed(notes["text"].tolist(), reader)
        centre = vectors.mean(axis=0)
        places = unit(vectors - centre)
        described = embed([f"{g['name']}: {g['description']}" for g in guide], reader)
        plain = (places @ unit(described - centre).T).argmax(axis=1)
        found = _by_guide(notes, guide, encoder)
        _print_guided(name, "names and descriptions", [(gold, found)], [(gold, plain)])
        draws, plains = [], []
        for draw in range(DRAWS):
            rng = np.random.default_rng(draw)
            shown = [
                rng.choice(np.flatnonzero(gold == i), min(EXAMPLES, sum(gold == i) // 2), False)
                for i in range(len(guide))
            ]
            ids = [
                {**g, "note_ids": [f"n{r}" for r in rows]}
                for g, rows in zip(guide, shown, strict=True)
            ]
            rows = np.concatenate(shown)
            others = np.setdiff1d(np.arange(len(gold)), rows)
            draws.append((gold[others], _by_guide(notes, ids, encoder)[others]))
            model = LogisticRegression(C=10, max_iter=1000).fit(places[rows], gold[rows])
            plains.append((gold[others], model.predict(places[others])))
        _print_guided(name, f"and {EXAMPLES} examples a group", draws, plains)


def _by_guide(notes: pd.DataFrame, guide: list[dict[str, Any]], encoder: str) -> Labels:
    table = pd.DataFrame({"note_id": [f"n{i}" for i in range(len(notes))], "text": notes["text"]})
    found = Clusters.fit(table, len(guide), guide, encoder=encoder)
    return found.table()["cluster"].str[1:].fillna("0").astype(int).to_numpy() - 1


def _print_guided(
    name: str, what: str, ours: list[tuple[Labels, Labels]], plain: list[tuple[Labels, Labels]]
) -> None:
    cells = []
    for several in (ours, plain):
        ari = np.mean([adjusted_rand_score(gold, found) for gold, found in several])
        right = np.mean([(gold == found).mean() for gold, found in several])
        cells.append(f"{ari:.2f}, {right:.0%}")
    print(f"{name:<32}{what:<26}{cells[0]:>16}{cells[1]:>16}", flush=True)


def stability(sets: dict[str, pd.DataFrame], encoder: str) -> None:
    print(f"\nvectors of {encoder}; ARI between groupings")
    print(f"{'set':<32}{'two seeds':>10}{'nine tenths':>12}{'same text apart':>17}")
    for name, notes in sets.items():
        k = notes["group"].nunique()
        twice = pd.concat([notes, notes.head(20)], ignore_index=True)
        first, second = (textmine(twice, np.empty(0), k, seed, encoder) for seed in (0, 1))
        apart = int((first[: len(notes)][:20] != first[len(notes) :]).sum())
        rows = np.sort(np.random.default_rng(0).choice(len(notes), len(notes) * 9 // 10, False))
        part = textmine(notes.iloc[rows].reset_index(drop=True), np.empty(0), k, 0, encoder)
        print(
            f"{name:<32}{adjusted_rand_score(first, second):>10.2f}"
            f"{adjusted_rand_score(first[rows], part):>12.2f}{apart:>17}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sib", nargs="?", type=Path, help="folder of SIB-200 Swedish")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--encoders", nargs="+", default=["teman", "e5-small"])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    sets = read_sets(arguments.sib)
    for encoder in arguments.encoders:
        unguided(sets, encoder, arguments.seeds)
        guided(sets, encoder)
    stability(sets, arguments.encoders[0])


if __name__ == "__main__":
    main()
