"""The work page: a statement at a time, decided, skipped, redrawn, taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from textmine.errors import TextmineError
from textmine.review.desk import Action, Conflict
from textmine.review.events import Codes, Event, Kind, Span
from textmine.review.queues import NAMES, Queue, key_of
from textmine.review.survey import Item
from textmine.review.web.forms import (
    action_of,
    codes_of,
    comment_of,
    place_of,
    request_of,
    spans_of,
    text,
)
from textmine.review.web.page import CHANGE, Coder, Form, Page, Shows
from textmine.review.web.room import Place, Room
from textmine.review.web.views import Shown, item_view, progress_view

router = APIRouter()
_WITH_COMMENT = "-k"  # of a request: what was written beside the codes
_UNDONE = {
    Kind.DECIDE: "Beslutet är ångrat.",
    Kind.BLIND: "Kodningen är ångrad.",
    Kind.SETTLE: "Avgörandet är ångrat.",
    Kind.BORDERS: "Gränserna är som förut.",
    Kind.COMMENT: "Kommentaren är som förut.",
    Kind.SKIP: "Utsagan är inte längre överhoppad.",
}


def _message(words: str, kind: str = "ok") -> dict[str, str]:
    return {"kind": kind, "text": words}


@dataclass
class _Work:
    """Answers the requests of the work page; each holds the room while it does."""

    page: Page

    @property
    def room(self) -> Room:
        """Where the work is."""
        return self.page.room

    def here(self, values: Mapping[str, Any]) -> Item | None:
        """The statement that a request is about."""
        start = text(values, "start")
        return self.room.item(text(values, "passage"), int(start)) if start.isdecimal() else None

    def same(self, _: Place, action: Action) -> Item | None:
        """The statement that was in hand, to show it again."""
        return self.room.item(action.passage, action.start)

    def next_in(self, place: Place, action: Action) -> Item | None:
        """The statement that comes after one that is done."""
        if place.queue is Queue.ALL:  # read through in order
            return self.room.step(place, action.coder, (action.passage, action.start), 1)
        return self.room.next(place, action.coder)

    def decide(self, request: Request, form: Form, coder: str, kind: Kind) -> Response:
        """Give codes, and go on to the next statement."""
        desk = self.room.desk
        codes, words = codes_of(form, desk.survey.codebook), comment_of(form)

        def act(action: Action) -> Event:
            event = desk.decide(action, codes, kind)
            before = desk.standing.state(action.passage).comments.get(action.span, "")
            if "comment" in form and words.strip() != before:
                request = f"{action.request}{_WITH_COMMENT}"
                desk.comment(replace(action, request=request, version=event.version), words)
            return event

        return self.do(request, form, coder, act, self.next_in, codes=codes)

    def whole(self, request: Request, coder: str) -> Response:
        """The page with a statement in it."""
        room, values = self.page.room, request.query_params
        with room.lock:
            room.desk.refresh()
            place = place_of(values)
            item = self.here(values) or room.first(place, coder)
            queues = [
                {
                    "key": queue.value,
                    "name": name,
                    "n_left": room.queues.n_left(queue, coder),
                    "chosen": queue is place.queue,
                }
                for queue, name in NAMES.items()
            ]
            context = self.context(place, coder, item)
            return self.page.html(
                request, "review.html", queues=queues, filters=self.filters(place, coder), **context
            )

    def context(
        self,
        place: Place,
        coder: str,
        item: Item | None,
        message: dict[str, str] | None = None,
        shown: Shown = Shown(),  # noqa: B008 - it cannot be changed
    ) -> dict[str, Any]:
        """What `item.html` and `progress.html` need."""
        room = self.page.room
        if item is not None:
            room.hold(item, coder)
        progress = room.ledger.progress(place.queue, coder)
        return {
            "item": item_view(room, place, coder, item, shown) if item else None,
            "message": message,
            "held": progress.left if item is None and not place.filters else 0,
            "progress": progress_view(room, place, progress),
        }

    def answer(
        self,
        request: Request,
        place: Place,
        coder: str,
        item: Item | None,
        message: dict[str, str] | None = None,
        shown: Shown = Shown(),  # noqa: B008
        status: int = 200,
    ) -> Response:
        """The part of the page that changes."""
        context = self.context(place, coder, item, message, shown)
        return self.page.html(request, "answer.html", status, **context)

    def filters(self, place: Place, coder: str) -> list[dict[str, Any]]:
        """By what the queue can be narrowed."""
        room = self.page.room
        found = room.queues.choices(place.queue, coder)
        dimensions = room.survey.codebook.dimensions
        named = {
            f"{key}:{code}": f"{dimension.name}: {dimension.code_name(code)}"
            for key, dimension in dimensions.items()
            for code in dimension.codes
        }
        chosen = vars(place.filters)
        titles = {"area": "Område", "code": "Kod", "respondent": "Respondent"}
        out = []
        for key, title in titles.items():
            counts = found[key]
            if chosen[key] and chosen[key] not in counts:
                counts[chosen[key]] = 0
            order = list(named) if key == "code" else sorted(counts, key=str.casefold)
            options = [{"value": "", "name": "Alla", "chosen": not chosen[key], "n": None}]
            options += [
                {
                    "value": value,
                    "name": named.get(value, value),
                    "chosen": value == chosen[key],
                    "n": counts[value],
                }
                for value in order
                if value in counts and value
            ]
            out.append({"key": key, "name": title, "options": options})
        return out

    def do(
        self,
        request: Request,
        form: Form,
        coder: str,
        act: Callable[[Action], Event | None],
        after: Callable[[Place, Action], Item | None],
        *,
        codes: Codes | None = None,
        said: str | None = None,
    ) -> Response:
        """Do something, and show what comes after it, or why it could not be done."""
        room, place = self.page.room, place_of(form)
        with room.lock:
            room.desk.refresh()
            action = action_of(form, coder, room.survey)
            try:
                act(action)
            except TextmineError as error:
                here = room.item(action.passage, action.start)
                problem = _message(str(error), "error")
                return self.answer(request, place, coder, here, problem, Shown(codes))
            except Conflict as conflict:
                room.desk.refresh()
                here = room.item(action.passage, action.start)
                words = f"{conflict.event.coder} hann före. Välj vad som ska gälla."
                shown = Shown(codes, conflict.event)
                problem = _message(words, "conflict")
                return self.answer(request, place, coder, here, problem, shown, 409)
            room.worked()
            item = after(place, action)
            return self.answer(request, place, coder, item, _message(said) if said else None)

    def take_back(self, request: Request, form: Form, coder: str, *, again: bool) -> Response:
        """Undo or redo what a coder did last, and show the statement."""
        room, place = self.page.room, place_of(form)
        with room.lock:
            room.desk.refresh()
            desk = room.desk
            try:
                event = (desk.redo if again else desk.undo)(coder, request_of(form))
            except Conflict as conflict:
                here = room.item(conflict.event.passage, conflict.event.start or 0)
                words = f"Går inte att ångra: {conflict.event.coder} har bestämt om utsagan sedan."
                return self.answer(request, place, coder, here, _message(words, "error"))
            if event is None:
                words = "Det finns inget att göra om." if again else "Det finns inget att ångra."
                here = self.here(form) or room.next(place, coder)
                return self.answer(request, place, coder, here, _message(words))
            done = _original(desk.standing.by_id, event)
            here = room.item(event.passage, event.start or 0)
            words = "Gjort om." if again else _UNDONE[done.kind]
            return self.answer(request, place, coder, here, _message(words))


def _original(events: dict[int, Event], event: Event) -> Event:
    """The event that an UNDO is about in the end."""
    while event.undoes is not None:
        event = events[event.undoes]
    return event


async def _work(page: Shows) -> _Work:
    return _Work(page)


Work = Annotated[_Work, Depends(_work)]


@router.get("/")
def whole(request: Request, coder: Coder, work: Work) -> Response:
    """The page, with the next statement of a queue or the one that is asked for."""
    return work.whole(request, coder)


@router.get("/item")
def item(request: Request, coder: Coder, work: Work) -> Response:
    """A given statement."""
    if not request.headers.get("hx-request"):  # a link opened in a tab of its own
        return work.whole(request, coder)
    with work.room.lock:
        found = work.here(request.query_params)
        if found is None:
            raise HTTPException(404)
        return work.answer(request, place_of(request.query_params), coder, found)


@router.get("/step")
def step(request: Request, coder: Coder, work: Work) -> Response:
    """The statement before or after, decided or not."""
    values = request.query_params
    place, room = place_of(values), work.room
    by = -1 if text(values, "direction") == "previous" else 1
    with room.lock:
        room.desk.refresh()
        here = work.here(values)
        found = room.step(place, coder, key_of(here) if here else None, by)
        if found is not None:
            return work.answer(request, place, coder, found)
        words = "Det här är den första." if by < 0 else "Det här är den sista."
        return work.answer(request, place, coder, here, _message(words))


@router.get("/jump")
def jump(request: Request, coder: Coder, work: Work) -> Response:
    """A statement by its number in the queue, or by its name."""
    values = request.query_params
    place, to = place_of(values), text(values, "to").strip()
    with work.room.lock:
        found = work.room.find(place, coder, to)
        if found is not None:
            return work.answer(request, place, coder, found)
        words = _message(f"Det finns ingen utsaga ”{to}” i kön.", "error")
        return work.answer(request, place, coder, work.here(values), words)


@router.post("/decide", dependencies=CHANGE)
def decide(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Codes, given in sight of what the machine proposes."""
    return work.decide(request, form, coder, Kind.DECIDE)


@router.post("/blind", dependencies=CHANGE)
def blind(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Codes, given without seeing anybody's."""
    return work.decide(request, form, coder, Kind.BLIND)


@router.post("/settle", dependencies=CHANGE)
def settle(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Codes, given where coders differed."""
    return work.decide(request, form, coder, Kind.SETTLE)


@router.post("/skip", dependencies=CHANGE)
def skip(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Leave a statement for later."""
    return work.do(request, form, coder, work.room.desk.skip, work.next_in)


@router.post("/comment", dependencies=CHANGE)
def comment(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Write a comment."""
    words = comment_of(form)

    def act(action: Action) -> Event:
        return work.room.desk.comment(action, words)

    return work.do(request, form, coder, act, work.same, said="Kommentaren är sparad.")


@router.post("/borders", dependencies=CHANGE)
def borders(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Draw the statements of a passage anew."""
    spans, desk = spans_of(form), work.room.desk
    before: set[Span] = set()

    def act(action: Action) -> Event | None:
        before.update(one.span for one in desk.standing.items(action.passage))
        return desk.set_borders(action, spans)

    def first_changed(place: Place, action: Action) -> Item | None:
        items = desk.standing.items(action.passage)
        changed = (one for one in items if one.span not in before)
        return next(changed, None) or work.same(place, action)

    return work.do(request, form, coder, act, first_changed, said="Gränserna är sparade.")


@router.post("/undo", dependencies=CHANGE)
def undo(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Take back what the coder did last."""
    return work.take_back(request, form, coder, again=False)


@router.post("/redo", dependencies=CHANGE)
def redo(request: Request, form: Form, coder: Coder, work: Work) -> Response:
    """Do again what the coder took back last."""
    return work.take_back(request, form, coder, again=True)
