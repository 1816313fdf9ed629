"""Learning along: after some decisions a process beside the page learns from them.

The results of the survey do not change by it: what changes is which statement comes next, and what
is proposed for it. (Next year's model learns by `textmine train --add`.)
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.review.check import applies_to
from textmine.review.estimates import Stability, stability
from textmine.review.events import Codes
from textmine.review.results import estimation_table
from textmine.review.standing import Key, Standing
from textmine.review.survey import Item, Survey
from textmine.review.training import decided_statements

EVERY = 20  # decisions between two lessons
_FEWEST = 20  # decisions to learn from
_BATCH = 40  # statements that are chosen to differ from each other
_POOL = 400  # most doubtful ones, of which a batch is chosen
_NEAREST = 3
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
    """

    keys: list[Key]
    codes: dict[str, list[str]]
    probabilities: dict[str, Floats]
    urgency: Floats
    decisions: int
    gains: dict[str, dict[str, Any]]
    stable: Stability

    def sureness(self, codebook: Codebook) -> dict[Key, dict[str, float]]:
        """How likely the proposed codes are, by statement and dimension."""
        best = {}
        for name, dimension in codebook.dimensions.items():
            given = np.nan_to_num(self.probabilities[name], nan=0.5 if dimension.multiple else 0.0)
            sure = np.maximum(given, 1 - given).prod(axis=1) if dimension.multiple else None
            best[name] = (given.max(axis=1) if sure is None else sure).tolist()
        return {key: {name: best[name][row] for name in best} for row, key in enumerate(self.keys)}


@dataclass
class Learner:
    """Has a process learn, and keeps what it learnt last.

    Attributes
    ----------
    on_lesson
        Called with each lesson.
    """

    survey: Survey
    on_lesson: Callable[["Lesson"], None]
    lesson: Lesson | None = None
    busy: bool = False
    broken: bool = False
    _vectors: Floats | None = None
    _rows: dict[Key, int] = field(default_factory=dict)
    _learnt_from: int = -EVERY
    _process: ProcessPoolExecutor | None = None
    _standing: Standing | None = None

    def start(self, standing: Standing, audited: Callable[[], set[Key]]) -> None:
        """Read all statements in the background, then learn for the first time."""
        self._standing = standing
        self._process = ProcessPoolExecutor(1, get_context("spawn"), initializer=_behind)
        reading = self._process.submit(_read, str(self.survey.folder))
        reading.add_done_callback(self._have_read)
        self.look(standing, audited)

    def look(self, standing: Standing, audited: Callable[[], set[Key]]) -> None:
        """Learn again, if enough has been decided since and the process is free."""
        decided = sum(len(state.decisions) for state in standing.states.values())
        if self._process is None or self.busy or self.broken:
            return
        if decided - self._learnt_from < EVERY and self.lesson is not None:
            return
        self.busy, self._learnt_from = True, decided
        table = estimation_table(standing, audited())
        job = self._process.submit(
            _learn, str(self.survey.folder), decided_statements(standing), table
        )
        job.add_done_callback(self._have_learnt)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            for child in list(getattr(self._process, "_processes", {}).values()):
                child.terminate()

    @property
    def stability(self) -> Stability | None:
        """What the stopping rule says, if it has been asked."""
        return self.lesson.stable if self.lesson else None

    def text(self) -> str:
        """Say in Swedish what has been learnt."""
        if self.broken:
            return "Modellen lär inte just nu; starta om granskningen om du vill att den ska det."
        if self.lesson is None:
            return "Modellen läser utsagorna; ordningen blir bättre när den är klar."
        if not self.lesson.decisions:
            return f"Modellen lär av besluten när {_FEWEST} är fattade."
        return f"Ordningen bygger på {self.lesson.decisions} beslut."

    def probabilities(self, key: Key, name: str) -> dict[str, float] | None:
        """How likely each code of a dimension is for a statement; None if it is not known."""
        if self.lesson is None or (row := self._rows.get(key)) is None:
            return None
        given = zip(self.lesson.codes[name], self.lesson.probabilities[name][row], strict=True)
        return {code: float(p) for code, p in given if not np.isnan(p)}

    def codes(self, key: Key) -> Codes | None:
        """The likeliest codes of a statement; None if they are not known."""
        if self.lesson is None or key not in self._rows:
            return None
        out: Codes = {}
        for name, dimension in self.survey.codebook.dimensions.items():
            likely = self.probabilities(key, name) or {}
            if dimension.multiple:
                out[name] = [code for code, p in likely.items() if p > 0.5]
            else:
                out[name] = max(likely, key=lambda c: likely[c]) if likely else None
        return out

    def nearest(self, item: Item) -> list[tuple[Item, float]]:
        """The coded statements most like one, those decided by people first."""
        row = self._rows.get((item.passage, item.start))
        if self._vectors is None or row is None or self._standing is None:
            return []
        likeness = self._vectors @ self._vectors[row]
        decided: list[tuple[Item, float]] = []
        alone: list[tuple[Item, float]] = []
        keys = list(self._rows)
        for other in np.argsort(-likeness, kind="stable").tolist():
            near = self._standing.item(*keys[other])
            if other == row or near is None or near.redrawn or near.passage == item.passage:
                continue
            people = self._standing.decision(near) is not None
            if people:
                decided.append((near, float(likeness[other])))
            elif not near.flagged and len(alone) < _NEAREST:
                alone.append((near, float(likeness[other])))
            if len(decided) == _NEAREST or likeness[other] < _ALIKE and len(alone) == _NEAREST:
                break
        return sorted((decided + alone)[:_NEAREST], key=lambda pair: -pair[1])

    def _have_read(self, reading: "Future[tuple[list[Key], Floats]]") -> None:
        if self._failed(reading):
            return
        keys, vectors = reading.result()
        self._rows = {key: row for row, key in enumerate(keys)}
        self._vectors = vectors

    def _have_learnt(self, job: "Future[Lesson]") -> None:
        self.busy = False
        if self._failed(job):
            return
        self.lesson = job.result()
        self.on_lesson(self.lesson)

    def _failed(self, job: "Future[Any]") -> bool:
        """Go on without learning if the process died; the review is worth more."""
        if job.cancelled():
            return True
        self.broken = job.exception() is not None
        return self.broken


_ALIKE = 0.5  # likeness under which no further decided statement is looked for


def _behind() -> None:
    """Let the page go first; take no interrupt that is meant for it."""
    import signal

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


@cache
def _reading(folder: str) -> _Read:
    """Load a survey and look at all its statements once."""
    survey = Survey.load(Path(folder))
    rows = []
    keys: list[Key] = []
    for passage in survey.passages.values():
        answer = survey.answers.iloc[passage.answers[0]].drop("text").to_dict()
        for item in survey.items.get(passage.key, []):
            place = {"start": item.start, "end": item.end, "text": passage.text[slice(*item.span)]}
            rows.append(answer | {"answer_text": passage.text} | place)
            keys.append((item.passage, item.start))
    table = pd.DataFrame(rows)
    return _Read(survey, keys, table, survey.coder.see(table))


def _read(folder: str) -> tuple[list[Key], Floats]:
    """Give the vectors of all statements, of length 1."""
    read = _reading(folder)
    return read.keys, _vectors(read)


def _vectors(read: _Read) -> Floats:
    width = read.survey.coder.learnt_.view.encoder.dimensions
    dense: Floats = read.features[:, :width].toarray().astype(np.float32)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    unit: Floats = dense / np.maximum(length, 1e-9)
    return unit


def _learn(folder: str, decided: pd.DataFrame, table: pd.DataFrame) -> Lesson:
    """Learn from decisions; judge all statements anew."""
    read = _reading(folder)
    coder, gains = read.survey.coder, {}
    if len(decided) >= _FEWEST and decided["answer_id"].nunique() >= _FEWEST // 2:
        coder = coder.adapt(decided)
        gains = coder.learnt_.provenance["adapted"][-1]["dimensions"]
    book = read.survey.codebook
    likely = {
        name: coder.probabilities(read.table, name, features=read.features)
        for name in book.dimensions
    }
    learnt = len(decided) if coder is not read.survey.coder else 0
    return Lesson(
        keys=read.keys,
        codes={name: list(frame.columns) for name, frame in likely.items()},
        probabilities={name: frame.to_numpy(np.float32) for name, frame in likely.items()},
        urgency=_urgency(likely, book, _vectors(read), _decided_rows(read, decided)),
        decisions=learnt,
        gains=gains,
        stable=stability(table, book),
    )


def _decided_rows(read: _Read, decided: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which statements people have decided."""
    known = set(zip(decided["answer_id"], decided["start"], strict=True))
    own = zip(read.table["answer_id"], read.table["start"], strict=True)
    return np.array([key in known for key in own], np.bool_)


def _urgency(
    likely: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    vectors: Floats,
    decided: npt.NDArray[np.bool_],
) -> Floats:
    """Order statements by doubt; the first ones also so that they differ from each other.

    Each next one of a batch is the most doubtful after taking off what is like those before it:
    doubt times distance, as in Brinker (2003), "Incorporating diversity in active learning".
    """
    sure = _sureness(likely, codebook)
    out = 1 + sure  # after the batch
    open_rows = np.flatnonzero(~decided)
    pool = open_rows[np.argsort(sure[open_rows], kind="stable")[:_POOL]]
    doubt = 1 - sure[pool]
    nearness = np.zeros(len(pool), np.float32)
    for place in range(min(_BATCH, len(pool))):
        best = int(np.argmax(np.where(np.isinf(nearness), -1, doubt * (1 - nearness))))
        out[pool[best]] = place / _BATCH
        near = (vectors[pool] @ vectors[pool[best]]).clip(0, 1)
        nearness = np.where(np.isinf(nearness), np.inf, np.maximum(nearness, near))
        nearness[best] = np.inf
    return out.astype(np.float32)


def _sureness(likely: Mapping[str, pd.DataFrame], codebook: Codebook) -> Floats:
    """The lowest probability of a proposed code, over the dimensions that apply."""
    single = [name for name, d in codebook.dimensions.items() if not d.multiple]
    n = len(next(iter(likely.values())))
    sure = np.ones(n, np.float32)
    chosen: list[Codes] = [{} for _ in range(n)]
    for name in single or list(likely):
        values = likely[name].to_numpy(np.float32)
        codes = list(likely[name].columns)
        known = np.nan_to_num(values, nan=-1.0)
        best = known.argmax(axis=1)
        for row in range(n):
            if not applies_to(chosen[row], codebook.dimensions[name]):
                continue
            chosen[row][name] = codes[best[row]]
            sure[row] = min(sure[row], max(known[row, best[row]], 0.0))
    return sure
