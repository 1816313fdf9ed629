"""A reviewer who answers from the hand codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textmine.review.desk import Action, Desk
from textmine.review.events import Span
from textmine.review.queues import Queue, Queues
from textmine.review.survey import Item

CODER = "facit"
_WHOLE = 0.6  # of a hand-coded statement must lie in the machine's for it to be in it

Statement = Mapping[str, Any]


def review_flagged(desk: Desk, hand: Mapping[str, Sequence[Statement]]) -> int:
    """Decide all that the machine left for review; give how many decisions that took.

    Where several hand-coded statements lie in what the machine took for one, its borders are drawn
    anew first. Statements of which the hand has nothing are left as the machine coded them.

    Parameters
    ----------
    hand
        The hand-coded statements by answer id.
    """
    flagged = [item for item in desk.standing.all_items() if item.flagged]
    return sum(_review(desk, item, hand) for item in flagged)


def review_most_telling(desk: Desk, hand: Mapping[str, Sequence[Statement]], decisions: int) -> int:
    """Decide some statements, those first that the counts hang on most."""
    order = Queues(desk).order(Queue.COUNTS, CODER)
    machine = [item for key in order if (item := desk.standing.item(*key))]
    done = 0
    for item in machine:
        if done >= decisions:
            break
        done += _review(desk, item, hand)
    return done


def _review(desk: Desk, item: Item, hand: Mapping[str, Sequence[Statement]]) -> int:
    """Decide one of the machine's statements, or the several that it should have been."""
    passage = desk.survey.passages[item.passage]
    answer_id = desk.survey.shown(passage.answers[0], "answer_id")
    truth = sorted(hand[answer_id], key=lambda one: one["start"])
    parts = _parts(item, truth)
    if len(parts) > 1:
        now = [one.span for one in desk.standing.items(item.passage)]
        drawn = sorted({*now, *parts} - {item.span})
        desk.set_borders(_action(desk, item.passage, item.span), drawn)
    decided = 0
    for span in parts:
        codes = _codes(span, truth)
        if codes is not None:
            desk.decide(_action(desk, item.passage, span), codes)
            decided += 1
    return decided


def _action(desk: Desk, passage: str, span: Span) -> Action:
    version = desk.standing.state(passage).version
    return Action(CODER, f"{CODER}-{desk.standing.last}", passage, version, *span)


def _overlap(span: Span, one: Statement) -> int:
    start, end = int(one["start"]), int(one["end"])
    return max(0, min(span[1], end) - max(span[0], start))


def _parts(item: Item, truth: Sequence[Statement]) -> list[Span]:
    """Divide a statement of the machine's where the hand has several in it."""
    inside = [
        one for one in truth if _overlap(item.span, one) > _WHOLE * (one["end"] - one["start"])
    ]
    if len(inside) < 2:
        return [item.span]
    begins = [item.start, *(one["start"] for one in inside[1:])]
    return list(zip(begins, [*begins[1:], item.end], strict=True))


def _codes(span: Span, truth: Sequence[Statement]) -> dict[str, Any] | None:
    """Codes of the hand-coded statement that a span has most in common with."""
    if not truth:
        return None
    best = max(truth, key=lambda one: _overlap(span, one))
    if not _overlap(span, best):
        return None
    return {name: best[name] for name in ("category", "role", "level", "flags")}
