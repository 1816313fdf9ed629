"""What the templates are given: a statement as people see it, in Swedish."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from textmine.report.cells import code_names
from textmine.review.check import allowed_codes, context_of
from textmine.review.events import Codes, Decision, Event, Kind, same_codes
from textmine.review.progress import Progress
from textmine.review.queues import Queue
from textmine.review.survey import Item, Passage, Survey
from textmine.review.web.room import Place, Room


@dataclass(frozen=True)
class Shown:
    """What is to be said beside a statement.

    Attributes
    ----------
    chosen
        Codes that the coder had chosen, where they were not taken.
    conflict
        Somebody was faster.
    """

    chosen: Codes | None = None
    conflict: Event | None = None


def item_view(room: Room, place: Place, coder: str, item: Item, shown: Shown) -> dict[str, Any]:
    """Put a statement together for `item.html`."""
    survey, standing = room.survey, room.desk.standing
    passage = survey.passages[item.passage]
    state = standing.state(item.passage)
    row = passage.answers[0]
    blind = place.queue is Queue.BLIND
    settle = not blind and standing.disputed(item)
    decision = state.blind.get(item.span, {}).get(coder) if blind else room.decision(item, coder)
    left = room.queues.n_left(place.queue, coder)
    view = {
        "passage": item.passage,
        "version": state.version,
        "start": item.start,
        "end": item.end,
        "statement_id": item.statement_ids[0],
        "number": room.number(place, coder, item),
        "left": left,
        "queue": place.queue.value,
        "respondent": survey.respondent(row),
        "actor": survey.shown(row, "actor"),
        "area": survey.area_name(passage),
        "question": survey.shown(row, "question"),
        "year": survey.shown(row, "year"),
        "alike": len(passage.answers) - 1,
        "pieces": _pieces(room, place, passage, item),
        "reason": None if blind else item.reason,
        "blind": blind,
        "settle": settle,
        "decided": _decided(room, item, decision),
        "comment": "" if blind else state.comments.get(item.span, ""),
        "dimensions": _dimensions(
            room, item, passage, decision, shown.chosen, blind=blind, settle=settle
        ),
        "nearest": [] if blind else _nearest(room, item, coder),
        "settle_codings": [
            {"coder": who, "codes": {name: _listed(c) for name, c in one.codes.items()}}
            for who, one in sorted(state.by_coder(item.span).items())
        ]
        if settle
        else [],
        "conflict": None,
    }
    if shown.conflict is not None:
        view["conflict"] = _conflict(survey, passage, shown)
    return view


def item_url(place: Place, passage: str, start: int) -> str:
    """Where a statement is to be seen."""
    query = {"passage": passage, "start": start, "queue": place.queue.value}
    query |= {k: v for k, v in vars(place.filters).items() if v}
    return f"/item?{urlencode(query)}"


def page_url(passage: str, start: int) -> str:
    """The whole page with a statement, whatever the queue."""
    query = {"passage": passage, "start": start, "queue": Queue.ALL.value}
    return f"/?{urlencode(query)}"


def progress_view(room: Room, place: Place, progress: Progress) -> dict[str, Any]:
    """Put the figures together for `progress.html`."""
    dimensions = room.survey.codebook.dimensions
    learner = room.learner
    flagged = place.queue is Queue.DOUBT  # the stopping rule is about these
    stability = learner.stability if learner and flagged else None
    return {
        "done": progress.done,
        "left": progress.left,
        "total": progress.done + progress.left,
        "minutes_left": progress.minutes_left if progress.left else None,
        "pace": progress.pace,
        "accuracy": [
            {"name": dimensions[name].name, "now": now} for name, now in progress.accuracy.items()
        ],
        "stable": stability.stable if stability else None,
        "stable_text": stability.text() if stability else "",
        "learnt_text": learner.text() if learner else "",
    }


def codes_text(survey: Survey, passage: Passage, codes: Codes) -> str:
    """Name codes in one line: 'Aktivitet · Kompetens'."""
    names = []
    for name, dimension in survey.codebook.dimensions.items():
        context = context_of(passage, dimension)
        if text := code_names(codes.get(name), dimension, context):
            names.append(text)
    return " · ".join(names) or "inga koder"


def clock(at: str) -> str:
    """A time of the log as people here read it: '22 november 14.05'."""
    local = datetime.datetime.fromisoformat(at).astimezone()
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%H.%M}"


_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()
)

_DONE = {
    Kind.DECIDE: "beslutade",
    Kind.BLIND: "kodade blint",
    Kind.SETTLE: "avgjorde",
    Kind.BORDERS: "ändrade gränser",
    Kind.COMMENT: "kommenterade",
    Kind.SKIP: "hoppade över",
    Kind.UNDO: "ångrade",
    Kind.SAMPLE: "drog ett urval att koda blint",
}


def event_text(room: Room, event: Event, coder: str) -> str:
    """Say what an event did; what others coded blind stays with them until it is settled."""
    what = _DONE[event.kind]
    passage = room.survey.passages.get(event.passage)
    if event.kind is Kind.UNDO:
        undone = room.desk.standing.by_id.get(event.undoes or 0)
        if undone is not None and undone.kind is Kind.UNDO:
            return "gjorde om det ångrade"
        return f"ångrade: {_DONE[undone.kind]}" if undone else what
    if event.kind is Kind.SAMPLE:
        return f"{what}: {len(event.after['statements'])} utsagor"
    if event.kind is Kind.BORDERS:
        return f"{what}: {len(event.before['spans'])} → {len(event.after['spans'])} utsagor"
    if passage is None or "codes" not in event.after:
        return what
    if event.kind is Kind.BLIND and event.coder != coder:
        return what
    after = codes_text(room.survey, passage, event.after["codes"])
    before = event.before.get("codes") or event.before.get("machine") or {}
    if same_codes(before, event.after["codes"]):
        return f"{what}: {after} (som förut)" if "codes" in event.before else f"bekräftade: {after}"
    return f"{what}: {codes_text(room.survey, passage, before)} → {after}"


def _pieces(room: Room, place: Place, passage: Passage, item: Item) -> list[dict[str, Any]]:
    """Cut the answer into statements and what stands between."""
    standing = room.desk.standing
    pieces: list[dict[str, Any]] = []
    at = 0

    def between(end: int) -> None:
        if end > at:
            text = passage.text[at:end]
            pieces.append({"text": text, "kind": "between", "start": at, "end": end})

    for one in standing.items(passage.key):
        between(one.start)
        pieces.append(
            {
                "text": passage.text[slice(*one.span)],
                "kind": "this" if one.span == item.span else "other",
                "start": one.start,
                "end": one.end,
                "statement_id": one.statement_ids[0],
                "url": item_url(place, passage.key, one.start),
                "decided": standing.decision(one) is not None,
            }
        )
        at = one.end
    between(len(passage.text))
    return pieces


def _dimensions(
    room: Room,
    item: Item,
    passage: Passage,
    decision: Decision | None,
    chosen: Codes | None,
    *,
    blind: bool,
    settle: bool,
) -> list[dict[str, Any]]:
    """List the codes of each dimension: what the machine says, and what would be saved."""
    out = []
    proposed = {} if blind else room.proposed(item)
    in_force = chosen or (decision.codes if decision else proposed)
    if settle and not chosen:  # only what nobody disputes: the rest is to be chosen
        in_force = _undisputed(room.desk.standing.state(item.passage).codings(item.span))
    for name, dimension in room.survey.codebook.dimensions.items():
        context = context_of(passage, dimension)
        likely = {} if blind else room.likely(item, name)
        second = None if blind else _second(likely, _listed(proposed.get(name)))
        options = []
        for number, key in enumerate(allowed_codes(passage, dimension), start=1):
            about = dimension.codes[key]
            options.append(
                {
                    "code": key,
                    "name": dimension.code_name(key, context),
                    "definition": about.definition,
                    "include": about.include,
                    "exclude": about.exclude,
                    "prob": likely.get(key),
                    "chosen": key in _listed(in_force.get(name)),
                    "proposed": key in _listed(proposed.get(name)),
                    "second": key == second,
                    "number": number,
                }
            )
        out.append(
            {
                "key": name,
                "name": dimension.name,
                "multiple": dimension.multiple,
                "when": {other: list(codes) for other, codes in dimension.when.items()},
                "options": options,
            }
        )
    return out


def _undisputed(codings: list[Codes]) -> Codes:
    """The codes of those dimensions in which all coders gave the same."""
    first, *others = codings
    return {
        name: value
        for name, value in first.items()
        if all(same_codes({name: value}, {name: other.get(name)}) for other in others)
    }


def _second(likely: dict[str, float], proposed: list[str]) -> str | None:
    """The likeliest code of those that are not proposed."""
    others = {code: prob for code, prob in likely.items() if code not in proposed}
    return max(others, key=lambda code: others[code]) if others else None


def _nearest(room: Room, item: Item, coder: str) -> list[dict[str, Any]]:
    """Statements that are like this one, with their codes."""
    out = []
    for near, likeness in room.nearest(item):
        passage = room.survey.passages[near.passage]
        decision = room.decision(near, coder)
        codes = decision.codes if decision else near.codes
        out.append(
            {
                "text": passage.text[slice(*near.span)],
                "codes": codes_text(room.survey, passage, codes),
                "by": "person" if decision else "machine",
                "likeness": likeness,
                "url": page_url(near.passage, near.start),
            }
        )
    return out


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _decided(room: Room, item: Item, decision: Decision | None) -> dict[str, str] | None:
    if decision is None:
        return None
    source = "" if decision.kind is Kind.BLIND else room.desk.standing.source(item)
    return {"coder": decision.coder, "at": clock(decision.at), "source": source}


def _conflict(survey: Survey, passage: Passage, shown: Shown) -> dict[str, str]:
    event = shown.conflict
    if event is None:
        raise ValueError("there is no conflict to show")
    theirs = "ändrade gränserna"
    if event.kind is not Kind.BORDERS:
        theirs = codes_text(survey, passage, event.after["codes"])
    yours = codes_text(survey, passage, shown.chosen) if shown.chosen else "ändrade gränser"
    return {"coder": event.coder, "at": clock(event.at), "codes": theirs, "yours": yours}
