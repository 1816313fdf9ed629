"""Learning along: after some decisions a process beside the page learns from them.

The results of the survey do not change by it: what changes is which statement comes next, and what
is proposed for it. (Next year's model learns by `textmine train --add`.)
"""

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
import sqlalchemy as sa

from textmine.review.beside import learn_from_log
from textmine.review.counts.estimates import Stability
from textmine.review.events import Codes
from textmine.review.lesson import FEWEST, Floats, Lesson, go_behind, read_vectors
from textmine.review.standing import Key, Standing
from textmine.review.survey import Item, Survey

EVERY = 20  # decisions between two lessons
_NEAREST = 3
_LOOKED_AT = 300  # most like statements, of which those that people decided come first


@dataclass
class Learner:
    """Has a process learn, and keeps what it learnt last.

    Attributes
    ----------
    log
        Where the process finds the decisions.
    on_lesson
        Called with each lesson.
    """

    survey: Survey
    log: sa.URL
    on_lesson: Callable[["Lesson"], None]
    lesson: Lesson | None = None
    busy: bool = False
    broken: bool = False
    _vectors: Floats | None = None
    _keys: list[Key] = field(default_factory=list)
    _rows: dict[Key, int] = field(default_factory=dict)
    _learnt_from: int = -EVERY
    _process: ProcessPoolExecutor | None = None
    _standing: Standing | None = None

    def start(self, standing: Standing) -> None:
        """Read all statements in the background, then learn for the first time."""
        self._standing = standing
        self._process = ProcessPoolExecutor(1, get_context("spawn"), initializer=go_behind)
        reading = self._process.submit(read_vectors, str(self.survey.folder))
        reading.add_done_callback(self._have_read)
        self.look(standing)

    def look(self, standing: Standing) -> None:
        """Learn again, if enough has been decided since and the process is free."""
        decided = sum(len(state.decisions) for state in standing.states.values())
        if self._process is None or self.busy or self.broken:
            return
        if decided - self._learnt_from < EVERY and self.lesson is not None:
            return
        try:
            job = self._process.submit(learn_from_log, str(self.survey.folder), self.log)
        except BrokenProcessPool:  # it died while it had nothing to do
            self.broken = True
            return
        self.busy, self._learnt_from = True, decided
        job.add_done_callback(self._have_learnt)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            children = list((getattr(self._process, "_processes", None) or {}).values())
            self._process.shutdown(wait=False, cancel_futures=True)
            for child in children:
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
            return f"Modellen lär av besluten när {FEWEST} är fattade."
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
        for other in np.argsort(-likeness, kind="stable")[:_LOOKED_AT].tolist():
            near = self._standing.item(*self._keys[other])
            if near is None or near.redrawn or near.passage == item.passage:
                continue
            if self._standing.decision(near) is not None:
                decided.append((near, float(likeness[other])))
            elif not near.flagged:
                alone.append((near, float(likeness[other])))
            if len(decided) == _NEAREST:
                break
        return sorted((decided + alone)[:_NEAREST], key=lambda pair: -pair[1])

    def _have_read(self, reading: "Future[tuple[list[Key], Floats]]") -> None:
        if self._failed(reading):
            return
        self._keys, self._vectors = reading.result()
        self._rows = {key: row for row, key in enumerate(self._keys)}

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
