"""How a survey stands after the events so far: every statement, its borders and its decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from textmine.review.events import (
    NO_PASSAGE,
    Decision,
    Event,
    Kind,
    PassageState,
    Span,
    fold,
    same_codes,
)
from textmine.review.survey import Item, Survey

BY_MACHINE, AGREED, HUMAN = "machine", "agreed", "human"  # whose codes are in force

Key = tuple[str, int]  # passage, and where the statement begins

_EMPTY = PassageState()


@dataclass
class Standing:
    """A survey and what became of it, kept up with the log event by event.

    Attributes
    ----------
    last
        Id of the last event taken in.
    states
        By passage, for those that have events.
    samples
        Statements drawn to be coded blind.
    generation
        Grows when statements come or go.
    """

    survey: Survey
    last: int = 0
    states: dict[str, PassageState] = field(default_factory=dict)
    samples: list[Key] = field(default_factory=list)
    generation: int = 0
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[int, Event] = field(default_factory=dict)
    by_coder: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    _items: dict[str, list[Item]] = field(default_factory=dict)

    def take(self, events: Iterable[Event]) -> set[str]:
        """Take in further events, in order; give the passages that they are about.

        Events of passages that the survey does not hold (its answers have changed) are kept, and
        change nothing.
        """
        touched: set[str] = set()
        for event in events:
            if event.id <= self.last:
                continue
            self.last = event.id
            self.events[event.passage].append(event)
            self.by_id[event.id] = event
            self.by_coder[event.coder].append(event)
            touched.add(event.passage)
            if event.kind is Kind.SAMPLE:
                self.samples += [(passage, start) for passage, start in event.after["statements"]]
        touched.discard(NO_PASSAGE)
        for passage in touched & self.survey.passages.keys():
            before = [item.span for item in self.items(passage)]
            self.states[passage] = fold(self.events[passage])
            self._items.pop(passage, None)
            self.generation += before != [item.span for item in self.items(passage)]
        return touched & self.survey.passages.keys()

    def state(self, passage: str) -> PassageState:
        """How a passage stands."""
        return self.states.get(passage, _EMPTY)

    def items(self, passage: str) -> list[Item]:
        """The statements of a passage, in order, with today's borders."""
        if passage not in self.states:
            return self.survey.items.get(passage, [])
        if passage not in self._items:
            self._items[passage] = _redrawn(
                self.survey, passage, self.survey.items.get(passage, []), self.states[passage]
            )
        return self._items[passage]

    def all_items(self) -> Iterator[Item]:
        """All statements, in the order of the answers."""
        for passage in self.survey.passages:
            yield from self.items(passage)

    def item(self, passage: str, start: int) -> Item | None:
        """The statement that begins at a place."""
        return next((item for item in self.items(passage) if item.start == start), None)

    def at(self, passage: str, place: int) -> Item | None:
        """The statement at a place or after it; the last one if there is none after."""
        items = self.items(passage)
        return next((item for item in items if item.end > place), items[-1] if items else None)

    def decision(self, item: Item) -> Decision | None:
        """What people have decided, unless they differ."""
        state = self.states.get(item.passage)
        if state is None:  # nobody has touched it, as is the case with most
            return None
        return None if state.disputed(item.span) else state.agreed(item.span)

    def disputed(self, item: Item) -> bool:
        """Tell whether coders differ."""
        return item.passage in self.states and self.states[item.passage].disputed(item.span)

    def source(self, item: Item) -> str:
        """Whose codes are in force: the machine's, its own as a person kept them, or a person's."""
        decision = self.decision(item)
        if decision is None:
            return BY_MACHINE
        kept = not item.redrawn and same_codes(decision.codes, item.codes)
        return AGREED if kept else HUMAN


def _redrawn(survey: Survey, passage: str, machine: list[Item], state: PassageState) -> list[Item]:
    """Put the borders that people drew in the place of the machine's.

    Decided statements keep their borders even if the machine, on another run, draws others.
    """
    known = {item.span: item for item in machine}
    spans = state.spans
    if spans is None:
        held = {*state.decisions, *state.blind} - known.keys()
        if not held:
            return machine
        free = [s for s in known if not any(s[0] < e and b < s[1] for b, e in held)]
        spans = sorted([*held, *free])
    return [known.get(span) or _drawn(survey, passage, span, state) for span in spans]


def _drawn(survey: Survey, passage: str, span: Span, state: PassageState) -> Item:
    """Make a statement that the machine did not find."""
    start, end = span
    answers = survey.answers["answer_id"]
    proposals = state.proposals.get(span)
    if proposals is None:
        proposals = {
            name: [[] if dimension.multiple else None, None, None, None]
            for name, dimension in survey.codebook.dimensions.items()
        }
    ids = [f"{answers.iat[row]}-{start}:{end}" for row in survey.passages[passage].answers]
    return Item(
        passage, start, end, proposals, True, "Gränserna är ändrade", 0.0, ids, redrawn=True
    )
