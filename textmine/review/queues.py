"""In which order statements come to a coder."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import takewhile

from textmine.codebook import Codebook
from textmine.coding.review import STRANGE
from textmine.review.counts.effect import effects_on_counts
from textmine.review.desk import Desk
from textmine.review.standing import Key, Standing
from textmine.review.survey import Item

QUALITY = 100  # statements of a quality sample; when they are done, as many again


class Queue(StrEnum):
    """What a coder may work through; the values stand in addresses.

    DOUBT holds what the error budget leaves to people, UNSURE all statements in the same order: to
    go on where the budget is wider than one wants. COUNTS holds all statements too, but those first
    whose review is expected to change the counts of respondents most: where the tables are what
    matters, it gets there with fewer decisions.
    """

    DOUBT = "tveksamma"
    COUNTS = "antalen"
    UNSURE = "osakrast"
    NEW = "nya-teman"
    QUALITY = "kvalitet"
    DISPUTED = "oenighet"
    BLIND = "blind"
    ALL = "alla"


NAMES = {
    Queue.DOUBT: "Att granska, mest tveksamt först",
    Queue.COUNTS: "Allt, det som påverkar antalen mest först",
    Queue.UNSURE: "Allt, mest tveksamt först",
    Queue.NEW: "Nya teman",
    Queue.QUALITY: "Kvalitetsprov",
    Queue.DISPUTED: "Oenigheter",
    Queue.BLIND: "Dubbelkodning, blint",
    Queue.ALL: "Alla utsagor i ordning",
}


_BY_DOUBT = (Queue.DOUBT, Queue.UNSURE)


@dataclass(frozen=True)
class Filters:
    """Parts of the survey that a coder keeps to; '' means all."""

    area: str = ""
    code: str = ""  # written 'role:effekt'
    respondent: str = ""

    def __bool__(self) -> bool:
        return bool(self.area or self.code or self.respondent)


@dataclass
class Queues:
    """The order of every queue, and what is open in it; kept up with the desk.

    Attributes
    ----------
    urgency
        Of statements, where learning has judged it: what comes first has the lowest. By default
        the machine's lowest probability.
    """

    desk: Desk
    urgency: Mapping[Key, float] = field(default_factory=dict)
    _open: dict[Queue, dict[Key, None]] = field(default_factory=dict)
    _orders: dict[Queue, list[Key]] = field(default_factory=dict)
    _generation: int = -1

    def __post_init__(self) -> None:
        self.desk.listeners.append(self.update)

    def learn(self, urgency: Mapping[Key, float]) -> None:
        """Take a new order of the doubtful ones."""
        self.urgency = urgency
        for queue in _BY_DOUBT:
            self._orders.pop(queue, None)

    def update(self, passages: Iterable[str]) -> None:
        """Look anew at what is open in some passages."""
        standing = self.desk.standing
        if standing.generation != self._generation:
            self._orders.clear()
            self._open.clear()
            self._generation = standing.generation
            return
        for passage in passages:
            for item in standing.items(passage):
                for queue, members in self._open.items():
                    if _belongs(queue, item, standing):
                        members[key_of(item)] = None
                    else:
                        members.pop(key_of(item), None)

    def next(self, queue: Queue, coder: str, filters: Filters, taken: set[Key]) -> Item | None:
        """Find the statement that a coder should see; what they left for later comes last.

        Parameters
        ----------
        taken
            Statements that others have in front of them.
        """
        standing = self.desk.standing
        later: dict[int, Item] = {}
        for key in self.order(queue, coder):
            if not self._is_open(queue, key, coder) or key in taken:
                continue
            item = standing.item(*key)
            if item is None or not self.matches(item, filters):
                continue
            skipped = standing.state(item.passage).skipped.get(item.span, {})
            if coder not in skipped:
                return item
            later[skipped[coder]] = item
        return later[min(later)] if later else None

    def order(self, queue: Queue, coder: str) -> list[Key]:
        """The statements of a queue in order; all but disputes, also those that are done."""
        if queue is Queue.BLIND:
            return self.desk.standing.samples
        if queue is Queue.DISPUTED:
            return list(self._members(queue))
        whole = self._whole(queue)
        return whole[: self._quality_size(whole)] if queue is Queue.QUALITY else whole

    def _whole(self, queue: Queue) -> list[Key]:
        """All statements that are ever in a queue, sorted."""
        if queue not in self._orders:
            members = [i for i in self.desk.standing.all_items() if _in_scope(queue, i)]
            if queue is not Queue.ALL:
                members.sort(key=lambda item: (self._place(queue, item), item.rank))
            self._orders[queue] = [key_of(item) for item in members]
        return self._orders[queue]

    def _place(self, queue: Queue, item: Item) -> float:
        if queue in _BY_DOUBT:
            doubtful = doubt(item, self.desk.survey.codebook)
            return self.urgency.get(key_of(item), doubtful)
        if queue is Queue.COUNTS:
            return -self._effects.get(key_of(item), 0.0)
        return -item.novelty if queue is Queue.NEW else 0.0

    @cached_property
    def _effects(self) -> Mapping[Key, float]:
        return effects_on_counts(self.desk.survey)

    def _quality_size(self, whole: list[Key]) -> int:
        """The size of the random sample: a hundred, and a hundred more when those are done."""
        size = QUALITY
        while size < len(whole) and not any(map(self._undecided, whole[size - QUALITY : size])):
            size += QUALITY
        return size

    def audited(self) -> set[Key]:
        """The random sample as far as it is decided: it tells how often the machine errs.

        Only up to its first open statement: of those after it the doubtful ones are decided
        sooner, by way of other queues, and would make the machine look worse than it is.
        """
        sample = self.order(Queue.QUALITY, "")
        return {*takewhile(lambda key: not self._undecided(key), sample)}

    def n_left(self, queue: Queue, coder: str) -> int:
        """How many statements of a queue are open to a coder."""
        if queue in (Queue.BLIND, Queue.QUALITY):
            return sum(self._is_open(queue, key, coder) for key in self.order(queue, coder))
        return len(self._members(queue))

    def matches(self, item: Item, filters: Filters) -> bool:
        """Tell whether a statement is in the part of the survey that a coder keeps to."""
        if not filters:
            return True
        survey = self.desk.survey
        passage = survey.passages[item.passage]
        if filters.area and filters.area != survey.area_name(passage):
            return False
        if filters.code and filters.code not in self._labels(item):
            return False
        return not filters.respondent or any(
            survey.respondent(row) == filters.respondent for row in passage.answers
        )

    def open_keys(self, queue: Queue, coder: str) -> list[Key]:
        """List the open statements of a queue in order."""
        return [key for key in self.order(queue, coder) if self._is_open(queue, key, coder)]

    def choices(self, queue: Queue, coder: str) -> dict[str, Counter[str]]:
        """Count the open statements of a queue by area, code and respondent."""
        survey, standing = self.desk.survey, self.desk.standing
        found = {"area": Counter[str](), "code": Counter[str](), "respondent": Counter[str]()}
        for key in self.open_keys(queue, coder):
            if (item := standing.item(*key)) is None:
                continue
            passage = survey.passages[item.passage]
            found["area"][survey.area_name(passage)] += 1
            found["code"].update(self._labels(item))
            found["respondent"].update({survey.respondent(row) for row in passage.answers})
        return found

    def _labels(self, item: Item) -> set[str]:
        """The codes in force, written 'role:effekt'."""
        decision = self.desk.standing.decision(item)
        codes = decision.codes if decision else item.codes
        return {
            f"{name}:{code}"
            for name, value in codes.items()
            for code in (value if isinstance(value, list) else [value])
            if code
        }

    def _undecided(self, key: Key) -> bool:
        item = self.desk.standing.item(*key)
        return item is not None and self.desk.standing.decision(item) is None

    def _is_open(self, queue: Queue, key: Key, coder: str) -> bool:
        if queue is Queue.BLIND:
            item = self.desk.standing.item(*key)
            if item is None:
                return False
            return coder not in self.desk.standing.state(item.passage).by_coder(item.span)
        if queue is Queue.QUALITY:
            return self._undecided(key)
        return key in self._members(queue)

    def _members(self, queue: Queue) -> dict[Key, None]:
        """The open statements of a queue."""
        if queue not in self._open:
            standing = self.desk.standing
            self._open[queue] = {
                key_of(item): None
                for item in standing.all_items()
                if _belongs(queue, item, standing)
            }
        return self._open[queue]


def key_of(item: Item) -> Key:
    """What a statement is found by."""
    return item.passage, item.start


def doubt(item: Item, codebook: Codebook) -> float:
    """The machine's lowest probability, over dimensions whose codes exclude each other."""
    single = [name for name, d in codebook.dimensions.items() if not d.multiple]
    given = (item.proposals[name][1] for name in single or codebook.dimensions)
    return min((prob for prob in given if prob is not None), default=0.0)


def _in_scope(queue: Queue, item: Item) -> bool:
    """Tell whether a statement is ever in a queue."""
    if queue is Queue.DOUBT:
        return item.flagged
    if queue is Queue.NEW:
        return item.novelty >= STRANGE
    if queue is Queue.QUALITY:
        return not item.flagged
    return True


def _belongs(queue: Queue, item: Item, standing: Standing) -> bool:
    """Tell whether a statement is open in a queue."""
    if queue is Queue.DISPUTED:
        return standing.disputed(item)
    if not _in_scope(queue, item) or standing.disputed(item):
        return False
    return standing.decision(item) is None
