"""What coders may do, and what the log says of it: one action, one event, nothing in silence.

Each action names the version of the passage that its coder saw. If somebody has meanwhile decided
anything about the same characters, the action is refused and the coder is shown what happened.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textmine.review.borders import propose, tidy_spans
from textmine.review.check import check_codes
from textmine.review.events import (
    NO_PASSAGE,
    UNDOABLE,
    Codes,
    Event,
    Kind,
    PassageState,
    Span,
    active_events,
    fold,
    gone_events,
    overlapping,
)
from textmine.review.log import Log
from textmine.review.standing import Key, Standing
from textmine.review.survey import Survey


@dataclass(frozen=True)
class Action:
    """Who does something to which statement, and what they saw of it."""

    coder: str
    request: str
    passage: str
    version: int
    start: int
    end: int
    queue: str = ""
    seconds: float | None = None

    @property
    def span(self) -> Span:
        """The statement."""
        return self.start, self.end


class Conflict(Exception):
    """Somebody has decided about the same statement since it was shown."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"event {event.id} came between")
        self.event = event


class Desk:
    """A survey under review: reads along with the log, and writes to it.

    Several desks, in several processes, may work on one log. One desk is for one thread at a time.

    Attributes
    ----------
    listeners
        Called with the passages that have changed.
    """

    def __init__(self, survey: Survey, log: Log) -> None:
        self.survey, self.log = survey, log
        self.standing = Standing(survey)
        self.listeners: list[Callable[[set[str]], None]] = []
        self.refresh()

    def refresh(self) -> None:
        """Take in what others have written; tell listeners which passages it is about."""
        if passages := self.standing.take(self.log.since(self.standing.last)):
            for listener in self.listeners:
                listener(passages)

    def decide(self, action: Action, codes: Codes, kind: Kind = Kind.DECIDE) -> Event:
        """Give a statement its codes: in sight of the machine's, blind, or to settle a dispute.

        Raises
        ------
        TextmineError
            If the codebook does not allow the codes.
        Conflict
            If somebody has decided about the statement since it was shown.
        """
        checked = check_codes(codes, self.survey.passages[action.passage], self.survey.codebook)

        def change(state: PassageState) -> tuple[dict[str, Any], dict[str, Any]]:
            own = state.blind.get(action.span, {}).get(action.coder)
            before = own if kind is Kind.BLIND else state.agreed(action.span)
            item = self.standing.item(action.passage, action.start)
            if before is not None:
                return {"codes": before.codes}, {"codes": checked}
            return {"machine": item.codes if item else {}}, {"codes": checked}

        return self._append(action, kind, change)

    def set_borders(self, action: Action, spans: Sequence[Span]) -> Event | None:
        """Draw the statements of a passage anew; None if nothing changed.

        Raises
        ------
        TextmineError
            If spans overlap, are empty, or lie outside the text.
        Conflict
            If somebody has decided about one of the changed statements since it was shown.
        """
        passage = self.survey.passages[action.passage]
        new = tidy_spans(spans, passage.text)
        old = [item.span for item in self.standing.items(action.passage)]
        if new == old:
            return None
        proposals = propose(self.survey, passage, new, set(new) - set(old))

        def change(state: PassageState) -> tuple[dict[str, Any], dict[str, Any]]:
            lost = [
                [*span, decision.codes]
                for span, decision in state.decisions.items()
                if span not in new
            ]
            before = {"spans": [list(span) for span in old], "codes": lost}
            after = {"spans": [list(span) for span in new], "proposals": proposals}
            return before, after

        moved = set(old) ^ set(new)
        whole = (min(start for start, _ in moved), max(end for _, end in moved))
        return self._append(action, Kind.BORDERS, change, about=whole)

    def comment(self, action: Action, text: str) -> Event:
        """Write a comment to a statement, '' to take it away."""

        def change(state: PassageState) -> tuple[dict[str, Any], dict[str, Any]]:
            return {"comment": state.comments.get(action.span, "")}, {"comment": text.strip()}

        return self._append(action, Kind.COMMENT, change)

    def skip(self, action: Action) -> Event:
        """Leave a statement for later."""
        return self._append(action, Kind.SKIP, lambda _: ({}, {}))

    def undo(self, coder: str, request: str) -> Event | None:
        """Take back what a coder did last; None if there is nothing left to take back.

        Raises
        ------
        Conflict
            If somebody else has since decided about the same statement.
        """
        return self._take_back(request, coder, self._last_done(coder))

    def redo(self, coder: str, request: str) -> Event | None:
        """Do again what a coder undid last; None if nothing was undone, or something done since."""
        return self._take_back(request, coder, self._last_undone(coder))

    def draw_sample(self, coder: str, request: str, size: int, keys: Sequence[Key]) -> Event:
        """Note which statements are to be coded blind."""

        def make(read: Callable[[str], list[Event]]) -> Event:
            action = Action(coder, request, NO_PASSAGE, 0, 0, 0)
            after = {"size": size, "statements": [list(key) for key in keys]}
            return self._event(action, Kind.SAMPLE, read(NO_PASSAGE), {}, after)

        return self._written(request, make)

    def write_all(self, make: Callable[[Callable[[str], list[Event]]], list[Event]]) -> list[Event]:
        """Append several events at once, or none (see `Log.append_all`)."""
        events = self.log.append_all(make)
        self.refresh()
        return events

    def _last_done(self, coder: str) -> Event | None:
        for event in reversed(self.standing.by_coder[coder]):
            if event.kind in UNDOABLE and event.id in self.standing.state(event.passage).active:
                return event
        return None

    def _last_undone(self, coder: str) -> Event | None:
        for event in reversed(self.standing.by_coder[coder]):
            if event.passage not in self.survey.passages:
                continue
            if event.kind is Kind.UNDO:
                gone = event.id in gone_events(self.standing.events[event.passage])
                again = self.standing.by_id[event.undoes or 0].kind is Kind.UNDO
                if not gone and not again:  # what was redone already is followed by what was before
                    return event
            elif event.kind in UNDOABLE and event.id in self.standing.state(event.passage).active:
                return None
        return None

    def _take_back(self, request: str, coder: str, target: Event | None) -> Event | None:
        """Append the UNDO of an event, unless others have built on it."""
        if target is None:
            return None
        done = self.standing.by_id[target.undoes] if target.undoes else target

        def make(read: Callable[[str], list[Event]]) -> Event:
            events = read(target.passage)
            after = [e for e in active_events(events) if e.id > target.id and e.coder != coder]
            if others := _built_on(done, after):
                raise Conflict(others[-1])
            action = Action(
                coder, request, target.passage, 0, target.start or 0, target.end or 0, target.queue
            )
            kind = {"kind": done.kind.value}
            return self._event(action, Kind.UNDO, events, kind, {}, undoes=target.id)

        return self._written(request, make)

    def _append(
        self,
        action: Action,
        kind: Kind,
        change: Callable[[PassageState], tuple[dict[str, Any], dict[str, Any]]],
        about: Span | None = None,
    ) -> Event:
        """Append an event, if nobody has decided about the same characters meanwhile."""

        def make(read: Callable[[str], list[Event]]) -> Event:
            events = read(action.passage)
            newer = [e for e in active_events(events) if e.version > action.version]
            drawn = [e for e in newer if e.kind is Kind.BORDERS]
            if kind is Kind.BORDERS:  # it says where all of the passage's statements are
                clash = drawn or overlapping(newer, about or action.span)
            elif kind in (Kind.DECIDE, Kind.SETTLE):
                clash = overlapping(newer, action.span)
            else:
                clash = overlapping(drawn, action.span)
            if clash:
                raise Conflict(clash[-1])
            before, after = change(fold(events))
            return self._event(action, kind, events, before, after)

        return self._written(action.request, make)

    def _written(
        self, request: str, make: Callable[[Callable[[str], list[Event]]], Event]
    ) -> Event:
        """Append, then read along: on return the event stands on disk and in view."""
        event = self.log.append(request, make)
        self.refresh()
        return event

    def _event(
        self,
        action: Action,
        kind: Kind,
        events: Sequence[Event],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        undoes: int | None = None,
    ) -> Event:
        of_statement = kind is not Kind.SAMPLE
        return Event(
            passage=action.passage,
            version=events[-1].version + 1 if events else 1,
            kind=kind,
            coder=action.coder,
            at=datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            model=self.survey.model,
            start=action.start if of_statement else None,
            end=action.end if of_statement else None,
            before=before,
            after=after,
            request=action.request,
            undoes=undoes,
            queue=action.queue,
            seconds=action.seconds,
        )


def _built_on(done: Event, later: Sequence[Event]) -> list[Event]:
    """Later events of others that presume an event, or stand in its place."""
    if done.kind in (Kind.COMMENT, Kind.SKIP, Kind.BLIND):
        return []
    if done.kind is not Kind.BORDERS:
        return overlapping(later, done.span)
    old, new = ({tuple(s) for s in part["spans"]} for part in (done.before, done.after))
    moved = [(start, end) for start, end in old ^ new]
    return [
        event
        for event in later
        if event.kind is Kind.BORDERS or any(overlapping([event], span) for span in moved)
    ]
