"""Decisions made in Excel, brought into the log: all of a workbook's, or none."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textmine.errors import TextmineError
from textmine.review.desk import Desk
from textmine.review.events import (
    Codes,
    Event,
    Kind,
    Span,
    active_events,
    fold,
    overlapping,
    same_codes,
)
from textmine.review.excel.sheet import Edit, read_edits, read_origin
from textmine.review.results import reviewed_statements
from textmine.review.standing import Standing
from textmine.review.survey import Item

QUEUE = "excel"
SHEET = "sheet"  # its codes go before those of the log, where they differ
_LISTED = 20


@dataclass(frozen=True)
class _Wish:
    """What a workbook says of a statement, beside what it said when it was written."""

    edit: Edit
    item: Item
    decided: bool
    commented: bool


@dataclass(frozen=True)
class _Clash:
    """Somebody has decided otherwise since the workbook was written."""

    wish: _Wish
    event: Event


def take_in(desk: Desk, path: Path, coder: str, prefer: str | None = None) -> int:
    """Bring the decisions of an edited workbook into the log.

    Parameters
    ----------
    path
        The workbook.
    coder
        Who edited it.
    prefer
        Where others have decided otherwise since the workbook was written: `sheet` puts the
        workbook's codes in the place of theirs, `log` keeps theirs; by default nothing is done.

    Returns
    -------
    int
        How many statements were decided or commented.

    Raises
    ------
    TextmineError
        If anything in the workbook is not allowed, or others have decided otherwise; then nothing
        of it has been brought in.
    """
    origin = read_origin(path)
    if origin.run is not None and origin.run != desk.survey.run.get("key"):
        raise TextmineError(
            f"{path} belongs to other results than those in {desk.survey.folder}: the answers have "
            "been coded anew, or it is of another survey. Use the workbook of these results."
        )
    then = Standing(desk.survey)
    known = sorted(desk.standing.by_id.items())
    then.take(event for number, event in known if number <= origin.log_position)
    edits = read_edits(path, desk.survey.codebook, reviewed_statements(then)).edits
    wishes = _wishes(then, edits, path)
    if not wishes:
        return 0
    clashes: list[_Clash] = []

    def make(read: Callable[[str], list[Event]]) -> list[Event]:
        out: list[Event] = []
        for wish in wishes:
            events = [*read(wish.item.passage), *(e for e in out if e.passage == wish.item.passage)]
            clash = _clash(wish, events, origin.log_position)
            if clash is not None and prefer is None:
                clashes.append(clash)
            if clash is None or (prefer == SHEET and clash.event.kind is not Kind.BORDERS):
                out += _events(desk, wish, events, coder)
            elif clash.event.kind is Kind.BORDERS and prefer == SHEET:
                clashes.append(clash)
        if clashes:
            raise _refusal(path, desk, clashes)
        return out

    done = desk.write_all(make)
    return len({(event.passage, event.start) for event in done})


def _wishes(then: Standing, edits: list[Edit], path: Path) -> list[_Wish]:
    """Find the statements; those of identical answers are one, and get the same codes."""
    by_id = {name: item for item in then.all_items() for name in item.statement_ids}
    chosen: dict[tuple[str, Span], _Wish] = {}
    for edit in edits:
        item = by_id[edit.statement_id]
        decision = then.decision(item)
        before = decision.codes if decision else item.codes
        comment = then.state(item.passage).comments.get(item.span, "")
        decided = edit.done or not same_codes(edit.codes, before)
        wish = _Wish(edit, item, decided, edit.comment != comment)
        other = chosen.get((item.passage, item.span))
        if other is not None and decided and other.decided:
            if not same_codes(edit.codes, other.edit.codes):
                raise TextmineError(
                    f"{path}, {edit.sheet} row {edit.row}: {edit.statement_id} and "
                    f"{other.edit.statement_id} (row {other.edit.row}) stand in identical answers "
                    "and must get the same codes. Nothing was applied."
                )
            continue
        if other is None or decided:
            chosen[item.passage, item.span] = wish
    return list(chosen.values())


def _clash(wish: _Wish, events: list[Event], position: int) -> _Clash | None:
    """Find a decision made since that says something else than the workbook."""
    if not wish.decided:
        return None
    since = [e for e in active_events(events) if e.id > position]
    newer = overlapping(since, wish.item.span)
    if not newer:
        return None
    state = fold(events)
    decision = state.agreed(wish.item.span)
    spans = state.spans
    gone = spans is not None and wish.item.span not in spans
    if not gone and decision is not None and same_codes(decision.codes, wish.edit.codes):
        return None
    return _Clash(wish, newer[-1])


def _events(desk: Desk, wish: _Wish, events: list[Event], coder: str) -> list[Event]:
    """Make the events of one wish, after those that its passage has; none if all is so already."""
    state, span = fold(events), wish.item.span
    out: list[Event] = []

    def add(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> None:
        out.append(
            Event(
                passage=wish.item.passage,
                version=state.version + len(out) + 1,
                kind=kind,
                coder=coder,
                at=datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
                model=desk.survey.model,
                start=span[0],
                end=span[1],
                before=before,
                after=after,
                request=uuid.uuid4().hex,
                queue=QUEUE,
            )
        )

    decision = state.agreed(span)
    codes: Codes = wish.edit.codes
    if wish.decided and (decision is None or not same_codes(decision.codes, codes)):
        known = {"codes": decision.codes} if decision else {"machine": wish.item.codes}
        add(Kind.DECIDE, known, {"codes": codes})
    comment = state.comments.get(span, "")
    if wish.commented and wish.edit.comment != comment:
        add(Kind.COMMENT, {"comment": comment}, {"comment": wish.edit.comment})
    return out


def _refusal(path: Path, desk: Desk, clashes: list[_Clash]) -> TextmineError:
    """Say which rows clash with what others decided."""
    book = desk.survey.codebook
    lines = []
    for clash in clashes[:_LISTED]:
        event, edit = clash.event, clash.wish.edit
        if event.kind is Kind.BORDERS:
            theirs = "drew its borders anew"
        else:
            differ = [
                f"{book.dimensions[name].name}: {code or 'none'}, here {edit.codes[name] or 'none'}"
                for name, code in event.after["codes"].items()
                if not same_codes({name: code}, {name: edit.codes[name]})
            ]
            theirs = f"decided {'; '.join(differ)}"
        lines.append(f"  {edit.sheet} row {edit.row} ({edit.statement_id}): {event.coder} {theirs}")
    if len(clashes) > _LISTED:
        lines.append(f"  and {len(clashes) - _LISTED} more")
    some = "1 statement" if len(clashes) == 1 else f"{len(clashes)} statements"
    return TextmineError(
        f"{path}: since this workbook was written, others have decided otherwise on {some}:\n"
        + "\n".join(lines)
        + "\nNothing was applied. Change these rows, or say whose codes go before: "
        "--prefer log keeps theirs, --prefer sheet puts the workbook's in their place (new borders "
        "always stay)."
    )
