"""What the corpora hold, measured: sizes, variety, giveaway words, agreement between codings.

`check.py` judges these figures, `card.py` prints them.
"""

from __future__ import annotations

import collections
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
ROUNDS = {
    1: range(1, 9),
    2: range(9, 16),
    3: range(16, 23),
    4: range(23, 36),
    5: (*range(36, 42), 50, 51),
    6: range(60, 68),
}
WORD = re.compile(r"\w+")
Row = dict[str, Any]
Codes = list[tuple[str, ...]]
Paired = tuple[Codes, Codes, list[str]]  # first and second codes, and their answers


def load(name: str) -> list[Row]:
    """Read one of the corpora's JSON lines files; nothing if it is not there."""
    path = HERE / name
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words(text: str) -> list[str]:
    """Words of a text, in small letters."""
    return [word.casefold() for word in WORD.findall(text)]


def runs(text: str, n: int) -> set[tuple[str, ...]]:
    """All sequences of n words."""
    found = words(text)
    return {tuple(found[i : i + n]) for i in range(len(found) - n + 1)}


def round_of(answer: Row) -> int:
    """The round of writing that an answer of 2020 comes from, by its author's number."""
    author = int(re.findall(r"\d+", answer["hand"])[0])
    return next(number for number, authors in ROUNDS.items() if author in authors)


def lengths(answers: Sequence[Row]) -> dict[str, float]:
    """Shares of answers by number of words."""
    sizes = np.array([len(a["text"].split()) for a in answers])
    return {
        "< 15": float((sizes < 15).mean()),
        "15–60": float(((sizes >= 15) & (sizes <= 60)).mean()),
        "> 60": float((sizes > 60).mean()),
    }


def statements_of(answers: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Give every statement with its answer."""
    for answer in answers:
        for statement in answer["statements"]:
            yield answer, statement


def cells(answers: Iterable[Row]) -> collections.Counter[tuple[str, str | None, str]]:
    """Count statements by area, category and role."""
    return collections.Counter(
        (a["area"], s["category"], s["role"]) for a, s in statements_of(answers)
    )


def variety(texts: Sequence[str], sample: int = 240, draws: int = 5) -> dict[str, float]:
    """How unlike each other texts are, on samples of a fixed size so that rounds compare.

    Returns
    -------
    dict
        Means over the draws. `distinct_3grams`: distinct sequences of three words in 1,000 words;
        `nearest`: mean similarity of a text to its nearest other one (cosine of character tf-idf);
        `openings`: share of texts whose first three words open another one too.
    """
    each = [_variety(texts, np.random.default_rng(seed), sample) for seed in range(draws)]
    return {name: float(np.mean([figures[name] for figures in each])) for name in each[0]}


def _variety(texts: Sequence[str], order: np.random.Generator, sample: int) -> dict[str, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    chosen = [texts[i] for i in order.permutation(len(texts))[:sample]]
    stream = [word for text in chosen for word in words(text)]
    windows = [stream[i : i + 1000] for i in range(0, len(stream) - 999, 1000)]
    distinct = [len(set(zip(w, w[1:], w[2:], strict=False))) for w in windows]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(chosen)
    similarity = (vectors @ vectors.T).toarray()
    np.fill_diagonal(similarity, 0)
    first = collections.Counter(tuple(words(text)[:3]) for text in chosen)
    return {
        "distinct_3grams": float(np.mean(distinct)),
        "nearest": float(similarity.max(axis=1).mean()),
        "openings": sum(n for n in first.values() if n > 1) / len(chosen),
    }


def near_duplicates(texts: Sequence[str], threshold: float = 0.8) -> list[tuple[int, int]]:
    """Pairs of texts of five words or more that are all but the same."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    long = [i for i, text in enumerate(texts) if len(words(text)) >= 5]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5)).fit_transform(
        [" ".join(words(texts[i])) for i in long]
    )
    found = []
    for at in range(0, len(long), 500):
        similarity = (vectors[at : at + 500] @ vectors.T).tocoo()
        near = similarity.data >= threshold
        for i, j in zip(similarity.row[near], similarity.col[near], strict=True):
            if at + i < j:
                found.append((long[at + int(i)], long[int(j)]))
    return found


def giveaways(
    answers: Sequence[Row], precision: float = 0.9, recall: float = 0.1
) -> list[tuple[str, str, float, float]]:
    """Word sequences (1 to 3 words) that alone give a role away: words, role, precision, recall."""
    roles: collections.Counter[str] = collections.Counter()
    seen: dict[tuple[str, ...], collections.Counter[str]] = collections.defaultdict(
        collections.Counter
    )
    for _, s in statements_of(answers):
        roles[s["role"]] += 1
        for n in (1, 2, 3):
            for run in runs(s["text"], n):
                seen[run][s["role"]] += 1
    found = []
    for run, counts in seen.items():
        role, n = counts.most_common(1)[0]
        if n / counts.total() > precision and n / roles[role] > recall:
            found.append((" ".join(run), role, n / counts.total(), n / roles[role]))
    return sorted(found)


def paired(dimension: str) -> Paired:
    """First and second codes of the statements that both coders divided alike, with the answer.

    The first codes are those from before anything was settled. A category or level counts where
    both coders gave one.
    """
    before = {
        (d["id"], d["start"], d["dimension"]): d["first"]
        for d in load("second/disagreements.jsonl")
        if d["dimension"] != "group"
    }
    years = sorted(path.name for path in HERE.glob("answers-*.jsonl"))
    now = {a["answer_id"]: a for name in years for a in load(name)}
    groups: list[str] = []
    first: list[tuple[str, ...]] = []
    second: list[tuple[str, ...]] = []
    for row in load("second/answers.jsonl"):
        answer = now[row["answer_id"]]
        ours = {(s["start"], s["end"]): s for s in answer["statements"]}
        for theirs in row["statements"]:
            mine = ours.get((theirs["start"], theirs["end"]))
            if mine is None:
                continue
            key = (row["answer_id"], theirs["start"], dimension)
            a, b = before.get(key, mine[dimension]), theirs[dimension]
            if dimension in ("category", "level") and (a is None or b is None):
                continue
            groups.append(row["answer_id"])
            first.append(tuple(a) if isinstance(a, list) else (a,))
            second.append(tuple(b) if isinstance(b, list) else (b,))
    return first, second, groups


def paired_notes() -> Paired:
    """First and second group of the notes that were sorted twice."""
    before = {
        d["id"]: d["first"] for d in load("second/disagreements.jsonl") if d["dimension"] == "group"
    }
    now = {n["note_id"]: n["group"] for n in load("notes.jsonl")}
    rows = load("second/notes.jsonl")
    ids = [row["note_id"] for row in rows]
    return [(before.get(i, now[i]),) for i in ids], [(row["group"],) for row in rows], ids


def splitting_agreement() -> dict[str, float]:
    """How far two splittings of the same answers agree, as `textmine` measures a splitter."""
    from textmine.coding.agreement import segmentation

    years = sorted(path.name for path in HERE.glob("answers-*.jsonl"))
    now = {a["answer_id"]: a for name in years for a in load(name)}
    anew = [row for row in load("second/answers.jsonl") if row["own_split"]]
    figures = segmentation(
        [now[row["answer_id"]]["text"] for row in anew],
        [_spans(now[row["answer_id"]]) for row in anew],
        [_spans(row) for row in anew],
    )
    return {"answers": len(anew), **figures}


def _spans(row: Row) -> list[tuple[int, int]]:
    return [(s["start"], s["end"]) for s in row["statements"]]
