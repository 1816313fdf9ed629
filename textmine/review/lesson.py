"""What the process beside the page works out from decisions: a new order, and what looks wrong."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from textmine.codebook import Codebook
from textmine.coding.contradictions import Check, check_codes
from textmine.coding.targets import applies
from textmine.review.counts.estimates import Stability, stability
from textmine.review.standing import Key
from textmine.review.survey import Survey

FEWEST = 20  # decisions to learn from
_BATCH = 40  # statements that are chosen to differ from each other
_POOL = 400  # most doubtful ones, of which a batch is chosen
_NICE = 10  # the page goes first

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lesson:
    """What the process beside gives back.

    Attributes
    ----------
    keys
        The statements with the machine's borders, in the survey's order.
    probabilities
        By dimension: (statements, codes), NaN where a code is not allowed.
    urgency
        (statements,); what should come first has the lowest.
    decisions
        From how many it has learnt.
    gains
        By dimension: held-out accuracy before and after, and of how many.
    stable
        How far further review would change the counts.
    check
        Decisions that the model as it was at first contradicts, and what that says of the codebook;
        its rows are places in `decided`.
    decided
        The statements that people had decided.
    """

    keys: list[Key]
    codes: dict[str, list[str]]
    probabilities: dict[str, Floats]
    urgency: Floats
    decisions: int
    gains: dict[str, dict[str, Any]]
    stable: Stability
    check: Check
    decided: list[Key]

    def sureness(self, codebook: Codebook) -> dict[Key, dict[str, float]]:
        """How likely the proposed codes are, by statement and dimension."""
        best = {}
        for name, dimension in codebook.dimensions.items():
            given = np.nan_to_num(self.probabilities[name], nan=0.5 if dimension.multiple else 0.0)
            sure = np.maximum(given, 1 - given).prod(axis=1) if dimension.multiple else None
            best[name] = (given.max(axis=1) if sure is None else sure).tolist()
        return {key: {name: best[name][row] for name in best} for row, key in enumerate(self.keys)}


def go_behind() -> None:
    """Let the page go first; take no interrupt that is meant for it."""
    threadpool_limits(1)  # a core is left to the page
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)


@dataclass
class _Read:
    """A survey as the process beside keeps it: its statements and their features."""

    survey: Survey
    keys: list[Key]
    table: pd.DataFrame
    features: Any
    rows: dict[tuple[str, int, int], int]


@cache
def _reading(folder: str) -> _Read:
    """Load a survey and look at all its statements once."""
    survey = Survey.load(Path(folder))
    rows = []
    keys: list[Key] = []
    for passage in survey.passages.values():
        answer = survey.answers.iloc[passage.answers[0]].drop("text").to_dict()
        for item in survey.items.get(passage.key, []):
            place = {
                "start": item.start,
                "end": item.end,
                "text": passage.original[slice(*item.span)],
            }
            rows.append(answer | {"answer_text": passage.original} | place)
            keys.append((item.passage, item.start))
    table = pd.DataFrame(rows)
    places = {place: row for row, place in enumerate(_places(table))}
    return _Read(survey, keys, table, survey.coder.see(table), places)


def read_vectors(folder: str) -> tuple[list[Key], Floats]:
    """Give the vectors of all statements, of length 1."""
    read = _reading(folder)
    return read.keys, _vectors(read)


def _vectors(read: _Read) -> Floats:
    width = read.survey.coder.learnt_.view.encoder.dimensions
    dense: Floats = read.features[:, :width].toarray().astype(np.float32)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    unit: Floats = dense / np.maximum(length, 1e-9)
    return unit


def learn(folder: str, decided: pd.DataFrame, table: pd.DataFrame) -> Lesson:
    """Learn from decisions; judge all statements anew."""
    read = _reading(folder)
    first, book = read.survey.coder, read.survey.codebook
    rows = [read.rows.get(key, -1) for key in _places(decided)]
    seen = _features(read, decided, rows)
    said = {name: first.probabilities(decided, name, features=seen) for name in book.dimensions}
    coder, gains = first, {}
    if len(decided) >= FEWEST and decided["answer_id"].nunique() >= FEWEST // 2:
        coder = first.adapt(decided, features=seen)
        gains = coder.learnt_.provenance["adapted"][-1]["dimensions"]
    likely = {
        name: coder.probabilities(read.table, name, features=read.features)
        for name in book.dimensions
    }
    done = np.zeros(len(read.keys), np.bool_)
    done[[row for row in rows if row >= 0]] = True
    answers = read.survey.answers["answer_id"].tolist()
    passages = {answers[p.answers[0]]: p.key for p in read.survey.passages.values()}
    return Lesson(
        keys=read.keys,
        codes={name: list(frame.columns) for name, frame in likely.items()},
        probabilities={name: frame.to_numpy(np.float32) for name, frame in likely.items()},
        urgency=urgency(likely, book, _vectors(read), done),
        decisions=len(decided) if coder is not first else 0,
        gains=gains,
        stable=stability(table, book),
        check=check_codes(decided.reset_index(drop=True), _reindexed(said), book),
        decided=[(passages[answer], start) for answer, start, _ in _places(decided)],
    )


def _places(table: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Where each statement stands: its answer, and its borders."""
    return list(zip(table["answer_id"].astype(str), table["start"], table["end"], strict=True))


def _features(read: _Read, decided: pd.DataFrame, rows: list[int]) -> Any:
    """Features of decided statements; only those with new borders need be looked at."""
    new = [at for at, row in enumerate(rows) if row < 0]
    old = [at for at, row in enumerate(rows) if row >= 0]
    known = read.features[[rows[at] for at in old]]
    if not new:
        return known
    both = sparse.vstack([known, read.survey.coder.see(decided.iloc[new])], format="csr")
    return both[np.argsort([*old, *new])]


def _reindexed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: table.reset_index(drop=True) for name, table in tables.items()}


def urgency(
    likely: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    vectors: Floats,
    decided: npt.NDArray[np.bool_],
) -> Floats:
    """Order statements by doubt; the first ones also so that they differ from each other.

    Each next one of a batch is the most doubtful after taking off what is like those before it:
    doubt times distance, as in Brinker (2003), "Incorporating diversity in active learning".

    Parameters
    ----------
    likely
        By dimension: the probability of each code, as `Coder.probabilities` gives it.
    codebook
        Says where each dimension applies.
    vectors
        (statements, dimensions), of length 1.
    decided
        Statements that are not to be in the batch.

    Returns
    -------
    array
        (statements,); below 1 in the batch.
    """
    doubt = doubts(likely, codebook)
    out = 2 - doubt  # after the batch
    open_rows = np.flatnonzero(~decided)
    pool = open_rows[np.argsort(-doubt[open_rows], kind="stable")[:_POOL]]
    nearness = np.zeros(len(pool), np.float32)
    for place in range(min(_BATCH, len(pool))):
        best = int(np.argmax(np.where(np.isinf(nearness), -1, doubt[pool] * (1 - nearness))))
        out[pool[best]] = place / _BATCH
        near = (vectors[pool] @ vectors[pool[best]]).clip(0, 1)
        nearness = np.where(np.isinf(nearness), np.inf, np.maximum(nearness, near))
        nearness[best] = np.inf
    return out.astype(np.float32)


def doubts(likely: Mapping[str, pd.DataFrame], codebook: Codebook) -> Floats:
    """Expect how many of each statement's proposed codes are wrong, as a share of the dimensions.

    A dimension is also wrong where it is coded but should not be, or the other way round: so doubt
    of the role counts for more than doubt of what hangs on it.

    Parameters
    ----------
    likely, codebook
        As for `urgency`.
    """
    single = [name for name, d in codebook.dimensions.items() if not d.multiple] or list(likely)
    n = len(likely[single[0]])
    chosen: dict[str, npt.NDArray[np.object_]] = {}
    applying: dict[str, Floats] = {}
    total = np.zeros(n, np.float32)
    for name in single:
        dimension, known = codebook.dimensions[name], likely[name].fillna(0.0)
        values = known.to_numpy(np.float32)
        right: Floats = values.max(axis=1)
        if dimension.multiple:
            right = np.maximum(values, 1 - values).prod(axis=1)
        applying[name] = np.ones(n, np.float32)
        for other, wanted in dimension.when.items():
            among = likely[other][list(wanted)].sum(axis=1).to_numpy(np.float32)
            applying[name] *= applying[other] * among
        coded = applies(chosen, dimension, n)
        chosen[name] = np.array(known.columns, object)[values.argmax(axis=1)]
        chosen[name][~coded] = None
        total += np.where(coded, 1 - applying[name] * right, applying[name])
    return total / np.float32(len(single))
