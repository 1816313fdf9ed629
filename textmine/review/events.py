"""What happened to a passage, event by event, and how it stands after them.

A passage is a distinct answer: the same text, question and context. The log keeps events and never
changes them; how a passage stands is what remains when the events are gone through in order,
leaving out those that were undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Span = tuple[int, int]
Codes = dict[str, Any]  # dimension → code, None, or a list of codes


class Kind(StrEnum):
    """What an event is."""

    DECIDE = "decide"  # codes, given in sight of the machine's proposal
    BLIND = "blind"  # codes, given without seeing anybody's
    SETTLE = "settle"  # codes, given where coders differed
    BORDERS = "borders"  # where the passage's statements begin and end
    COMMENT = "comment"
    SKIP = "skip"
    UNDO = "undo"  # takes an event back; of an UNDO: gives it back
    SAMPLE = "sample"  # statements drawn to be coded blind; of no passage


UNDOABLE = frozenset(Kind) - {Kind.UNDO, Kind.SAMPLE}
NO_PASSAGE = ""


@dataclass(frozen=True)
class Event:
    """One line of the log; `id` is 0 until it stands there.

    Attributes
    ----------
    version
        Its place among the events of its passage, from 1.
    at
        Time, ISO 8601 in UTC.
    model
        Hash of the model whose proposals were shown.
    start, end
        The statement, in code points of the answer's text; None where it is of no statement.
    before, after
        What was in force and what is: `codes`, `spans`, `comment` …; never texts of answers.
    undoes
        The event that an UNDO takes back.
    request
        Made by who asks; the log takes each only once, so asking again does no harm.
    queue
        From where the statement came to the coder.
    seconds
        How long the coder had it in front of them, if known.
    """

    passage: str
    version: int
    kind: Kind
    coder: str
    at: str
    model: str
    start: int | None
    end: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    request: str
    undoes: int | None = None
    queue: str = ""
    seconds: float | None = None
    id: int = 0

    @property
    def span(self) -> Span:
        """The statement it is about."""
        if self.start is None or self.end is None:
            raise ValueError(f"event {self.id} is about no statement")
        return self.start, self.end


@dataclass(frozen=True)
class Decision:
    """Codes that a person gave a statement."""

    codes: Codes
    coder: str
    at: str
    event: int
    kind: Kind
    queue: str


@dataclass
class PassageState:
    """How a passage stands.

    Attributes
    ----------
    version
        Of its last event; 0 if there is none.
    spans
        Its statements as people drew them; None: as the machine did.
    proposals
        What the machine says of statements with new borders, by span and dimension: code,
        probability, runner-up and its probability.
    decisions
        In force, by statement.
    blind
        By statement and coder.
    comments
        By statement.
    skipped
        By statement: who left it for later, with the event.
    active
        Events that were not undone.
    """

    version: int = 0
    spans: list[Span] | None = None
    proposals: dict[Span, dict[str, list[Any]]] = field(default_factory=dict)
    decisions: dict[Span, Decision] = field(default_factory=dict)
    blind: dict[Span, dict[str, Decision]] = field(default_factory=dict)
    comments: dict[Span, str] = field(default_factory=dict)
    skipped: dict[Span, dict[str, int]] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)

    def agreed(self, span: Span) -> Decision | None:
        """The decision in force; without one, what all of several blind coders say."""
        if (decision := self.decisions.get(span)) is not None:
            return decision
        blind = list(self.blind.get(span, {}).values())
        if blind and all(same_codes(one.codes, blind[0].codes) for one in blind):
            return blind[-1]
        return None

    def disputed(self, span: Span) -> bool:
        """Tell whether coders differ and nobody has settled it."""
        decision = self.decisions.get(span)
        if decision is not None and decision.kind is Kind.SETTLE:
            newest = max((one.event for one in self.blind.get(span, {}).values()), default=0)
            if newest < decision.event:
                return False
        several = self.codings(span)
        return any(not same_codes(one, several[0]) for one in several[1:])

    def codings(self, span: Span) -> list[Codes]:
        """The codes that each coder gave."""
        return [one.codes for one in self.by_coder(span).values()]

    def by_coder(self, span: Span) -> dict[str, Decision]:
        """Each coder's coding: a blind one before one in sight of the machine's."""
        out: dict[str, Decision] = {}
        if (decision := self.decisions.get(span)) is not None:
            out[decision.coder] = decision
        return out | self.blind.get(span, {})


def same_codes(one: Codes, two: Codes) -> bool:
    """Compare codes; of a multi-label dimension in any order."""
    return _comparable(one) == _comparable(two)


def _comparable(codes: Codes) -> dict[str, object]:
    return {
        name: frozenset(value) if isinstance(value, list | tuple) else value
        for name, value in codes.items()
        if value is not None and value != []
    }


def gone_events(events: Sequence[Event]) -> set[int]:
    """Ids of a passage's events that were taken back; an UNDO may be, too."""
    gone: set[int] = set()
    for event in reversed(events):
        if event.undoes is not None and event.id not in gone:
            gone.add(event.undoes)
    return gone


def active_events(events: Sequence[Event]) -> list[Event]:
    """Leave out the events of a passage that were undone, and the undoing."""
    gone = gone_events(events)
    return [e for e in events if e.id not in gone and e.kind is not Kind.UNDO]


def fold(events: Sequence[Event]) -> PassageState:
    """Go through a passage's events, in the order of their versions."""
    state = PassageState(version=events[-1].version if events else 0)
    for event in active_events(events):
        state.active.add(event.id)
        _apply(state, event)
    return state


def _apply(state: PassageState, event: Event) -> None:
    """Let one event change how a passage stands."""
    match event.kind:
        case Kind.DECIDE | Kind.SETTLE:
            state.decisions[event.span] = _decision(event)
        case Kind.BLIND:
            state.blind.setdefault(event.span, {})[event.coder] = _decision(event)
        case Kind.COMMENT:
            state.comments[event.span] = event.after["comment"]
        case Kind.SKIP:
            state.skipped.setdefault(event.span, {})[event.coder] = event.id
        case Kind.BORDERS:
            _draw(state, event)
        case Kind.UNDO | Kind.SAMPLE:
            pass


def _draw(state: PassageState, event: Event) -> None:
    """Draw the statements anew; what was said of those that are gone goes with them."""
    state.spans = [(start, end) for start, end in event.after["spans"]]
    kept = set(state.spans)
    state.decisions = {s: v for s, v in state.decisions.items() if s in kept}
    state.blind = {s: v for s, v in state.blind.items() if s in kept}
    state.comments = {s: v for s, v in state.comments.items() if s in kept}
    state.skipped = {s: v for s, v in state.skipped.items() if s in kept}
    for start, end, proposal in event.after["proposals"]:
        state.proposals[start, end] = proposal


def _decision(event: Event) -> Decision:
    return Decision(
        dict(event.after["codes"]), event.coder, event.at, event.id, event.kind, event.queue
    )


def overlapping(events: Iterable[Event], span: Span) -> list[Event]:
    """Events that settle codes or borders of anything that shares characters with a span."""
    return [event for event in events if _touches(event, span)]


def _touches(event: Event, span: Span) -> bool:
    if event.kind is Kind.BORDERS:
        old = {tuple(s) for s in event.before["spans"]}
        new = {tuple(s) for s in event.after["spans"]}
        return any(start < span[1] and span[0] < end for start, end in old ^ new)
    if event.kind not in (Kind.DECIDE, Kind.SETTLE):
        return False
    start, end = event.span
    return start < span[1] and span[0] < end
