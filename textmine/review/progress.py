"""How far a review has come, how long the rest takes, and what it brings."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Reversible
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from textmine.review.desk import Desk
from textmine.review.events import Event, Kind
from textmine.review.queues import Queue, Queues, key_of
from textmine.review.standing import Key

PACE = 120  # statements in an hour, until the log tells
_RECENT = 50  # decisions that tell the pace
_LONGEST = 600.0  # seconds; whoever takes longer has gone for coffee
_HOURS = 8

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Progress:
    """Figures for a queue.

    Attributes
    ----------
    pace
        Statements an hour; None before anything is decided.
    accuracy
        Expected share of right codes over all statements, by dimension: those that people decided
        are right, the others as likely as the machine says.
    """

    done: int
    left: int
    pace: float | None
    accuracy: dict[str, float]

    @property
    def minutes_left(self) -> int:
        """Time that the rest takes one person."""
        return round(60 * self.left / (self.pace or PACE))


@dataclass
class Ledger:
    """Keeps the figures that progress needs, as arrays over statements."""

    queues: Queues
    probabilities: Mapping[Key, Mapping[str, float]] = field(default_factory=dict)
    _generation: int = -1
    _rows: dict[Key, int] = field(default_factory=dict)
    _weights: Floats = field(default_factory=lambda: np.zeros(0))
    _decided: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    _likely: dict[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk.listeners.append(self._update)

    @property
    def desk(self) -> Desk:
        """Whose figures these are."""
        return self.queues.desk

    def learn(self, probabilities: Mapping[Key, Mapping[str, float]]) -> None:
        """Take what a model that learns along says of its own codes."""
        self.probabilities = probabilities
        for name, likely in self._likely.items():
            for key, row in self._rows.items():
                if name in (known := probabilities.get(key, {})):
                    likely[row] = known[name]

    def progress(self, queue: Queue, coder: str) -> Progress:
        """Say how far a queue has come."""
        left = self.queues.n_left(queue, coder)
        if queue is Queue.DISPUTED:
            done = sum(e.kind is Kind.SETTLE for e in self.desk.standing.by_id.values())
        else:
            done = len(self.queues.order(queue, coder)) - left
        self._fill()
        return Progress(done, left, self.pace(), self._accuracy(self._decided))

    def pace(self, coder: str | None = None) -> float | None:
        """Decisions an hour, of one coder or of all; None if there are none."""
        everybody = self.desk.standing.by_id.values()
        events: Reversible[Event] = everybody if coder is None else self._of(coder)
        timed = (
            min(e.seconds, _LONGEST)
            for e in reversed(events)  # every answer of the page asks; a log may be long
            if e.seconds is not None and e.kind in (Kind.DECIDE, Kind.BLIND, Kind.SETTLE)
        )
        seconds = list(islice(timed, _RECENT))
        return 3600 / max(0.5, statistics.mean(seconds)) if seconds else None

    def hours(self) -> list[tuple[int, int, dict[str, float]]]:
        """What each further hour of one person would bring: hour, statements, accuracy after it."""
        self._fill()
        open_rows = [
            self._rows[key] for key in self.queues.open_keys(Queue.DOUBT, "") if key in self._rows
        ]
        an_hour = max(1, round(self.pace() or PACE))
        out = []
        decided = self._decided.copy()
        for hour in range(1, _HOURS + 1):
            rows = open_rows[(hour - 1) * an_hour : hour * an_hour]
            if not rows:
                break
            decided[rows] = True
            out.append((hour, len(rows), self._accuracy(decided)))
        return out

    def coders(self) -> list[tuple[str, int, float | None]]:
        """Who has decided how many statements, and at what pace."""
        counts: dict[str, int] = defaultdict(int)
        for event in self.desk.standing.by_id.values():
            if event.kind in (Kind.DECIDE, Kind.BLIND, Kind.SETTLE):
                active = self.desk.standing.state(event.passage).active
                counts[event.coder] += event.id in active
        return [(coder, n, self.pace(coder)) for coder, n in sorted(counts.items())]

    def _of(self, coder: str) -> list[Event]:
        return self.desk.standing.by_coder[coder]

    def _accuracy(self, decided: npt.NDArray[np.bool_]) -> dict[str, float]:
        out = {}
        for name, likely in self._likely.items():
            given = ~np.isnan(likely) | decided
            right = np.where(decided, 1.0, np.nan_to_num(likely))
            total = float(self._weights[given].sum())
            out[name] = float((right * self._weights)[given].sum()) / total if total else 1.0
        return out

    def _update(self, passages: set[str]) -> None:
        """Note which statements of some passages are decided."""
        if self._generation != self.desk.standing.generation:
            return
        for passage in passages:
            for item in self.desk.standing.items(passage):
                decided = self.desk.standing.decision(item) is not None
                self._decided[self._rows[key_of(item)]] = decided

    def _fill(self) -> None:
        """Make the arrays, unless they are as the statements are now."""
        standing = self.desk.standing
        if self._generation == standing.generation:
            return
        items = list(standing.all_items())
        self._rows = {key_of(item): row for row, item in enumerate(items)}
        self._weights = np.array([len(item.statement_ids) for item in items], np.float64)
        self._decided = np.array([standing.decision(i) is not None for i in items], np.bool_)
        for name in self.desk.survey.codebook.dimensions:
            said = [
                self.probabilities.get(key_of(i), {}).get(name, i.proposals[name][1]) for i in items
            ]
            self._likely[name] = np.array([np.nan if p is None else p for p in said], np.float64)
        self._generation = standing.generation
