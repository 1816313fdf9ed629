"""What all requests share: the desk, its queues and figures, and who has what in front of them."""

import threading
import time
from dataclasses import dataclass, field

from textmine.review.desk import Desk
from textmine.review.events import Codes, Decision, Kind
from textmine.review.learning import Learner
from textmine.review.lesson import Lesson
from textmine.review.log import Log
from textmine.review.progress import Ledger
from textmine.review.queues import Filters, Queue, Queues, key_of
from textmine.review.standing import Key
from textmine.review.survey import Item, Survey

_LEASE = 600.0  # seconds for which a statement is left to whoever has it open


@dataclass(frozen=True)
class Place:
    """Where a coder is: a queue, and the part of the survey that they keep to."""

    queue: Queue = Queue.DOUBT
    filters: Filters = field(default_factory=Filters)


class Room:
    """A review that is open to browsers. Hold `lock` while using it."""

    def __init__(self, survey: Survey, log: Log) -> None:
        self.survey, self.log = survey, log
        self.lock = threading.RLock()
        self.desk = Desk(survey, log)
        self.queues = Queues(self.desk)
        self.ledger = Ledger(self.queues)
        self.learner: Learner | None = None
        self._held: dict[str, Key] = {}

    def item(self, passage: str, start: int) -> Item | None:
        """A statement, or what now stands in its place."""
        if passage not in self.survey.passages:
            return None
        return self.desk.standing.item(passage, start) or self.desk.standing.at(passage, start)

    def next(self, place: Place, coder: str) -> Item | None:
        """The next open statement for a coder."""
        blind = place.queue is Queue.BLIND  # what one codes, another is to code as well
        taken = set() if blind else self.log.leased(coder, time.time())
        return self.queues.next(place.queue, coder, place.filters, taken)

    def first(self, place: Place, coder: str) -> Item | None:
        """Where a coder begins: the next open statement; of all, also if they are all decided."""
        item = self.next(place, coder)
        if item is None and place.queue is Queue.ALL:
            return self.step(place, coder, None, 1)
        return item

    def step(self, place: Place, coder: str, here: Key | None, by: int) -> Item | None:
        """The statement before or after one in a queue, decided or not; None at its end."""
        order = self.queues.order(place.queue, coder)
        at = order.index(here) if here in order else (-1 if by > 0 else len(order))
        at += by
        while 0 <= at < len(order):
            item = self.desk.standing.item(*order[at])
            if item is not None and self.queues.matches(item, place.filters):
                return item
            at += by
        return None

    def find(self, place: Place, coder: str, to: str) -> Item | None:
        """A statement by its number in a queue, or by its name."""
        order = self.queues.order(place.queue, coder)
        if to.isdecimal() and 0 < int(to) <= len(order):
            return self.desk.standing.item(*order[int(to) - 1])
        items = self.desk.standing.all_items()
        return next((item for item in items if to in item.statement_ids), None)

    def decision(self, item: Item, coder: str) -> Decision | None:
        """What people have decided, as far as a coder may know.

        What one coded blind is kept from the others until they have coded it, too.
        """
        standing = self.desk.standing
        decision = standing.decision(item)
        if decision is not None and decision.kind is Kind.BLIND:
            known = coder in standing.state(item.passage).by_coder(item.span)
            return decision if known else None
        return decision

    def worked(self) -> None:
        """Note that something was decided: after some decisions the machine learns from them."""
        if self.learner is not None:
            self.learner.look(self.desk.standing)

    def learnt(self, lesson: Lesson) -> None:
        """Take a lesson: a new order, and what the model now says of its own codes."""
        sure = lesson.sureness(self.survey.codebook)
        with self.lock:
            self.queues.learn(dict(zip(lesson.keys, lesson.urgency.tolist(), strict=True)))
            self.ledger.learn(sure)

    def hold(self, item: Item, coder: str) -> None:
        """Note that a coder has a statement in front of them."""
        key = key_of(item)
        if self._held.get(coder) != key:
            self.log.lease(*key, coder, time.time(), _LEASE)
            self._held[coder] = key

    def proposed(self, item: Item) -> Codes:
        """The codes that the machine proposes, after what it has learnt since."""
        learnt = self.learner.codes(key_of(item)) if self.learner else None
        return learnt if learnt is not None and not item.redrawn else item.codes

    def likely(self, item: Item, name: str) -> dict[str, float]:
        """How likely codes of a dimension are, as far as the machine has said."""
        learnt = self.learner.probabilities(key_of(item), name) if self.learner else None
        if learnt is not None and not item.redrawn:
            return learnt
        code, prob, second, second_prob = item.proposals[name]
        several = isinstance(code, list)
        known = {second: second_prob} | ({} if several else {code: prob})
        return {key: value for key, value in known.items() if key and value is not None}

    def nearest(self, item: Item) -> list[tuple[Item, float]]:
        """The three coded statements that are most like one, and how like they are (0 to 1).

        Those that people have decided come before those that the machine coded alone.
        """
        return self.learner.nearest(item) if self.learner else []

    def number(self, place: Place, coder: str, item: Item) -> int:
        """The place of a statement in a queue, from 1; 0 if it is not in it."""
        order = self.queues.order(place.queue, coder)
        key = key_of(item)
        return order.index(key) + 1 if key in order else 0
