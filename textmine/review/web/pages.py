"""The other pages: how far it has come, double coding, search, the log, what looks wrong."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from textmine.review.audit import audit
from textmine.review.double import add_sample, agreement, done_by
from textmine.review.queues import Queue
from textmine.review.web.forms import request_of, text
from textmine.review.web.page import CHANGE, Coder, Form, Shows
from textmine.review.web.room import Place, Room
from textmine.review.web.views import clock, codes_text, event_text, page_url, progress_view

_A_PAGE = 100  # lines of the log, hits of a search
_SAMPLE, _LARGEST_SAMPLE = 100, 2000


router = APIRouter()


@router.get("/laget")
def status(request: Request, coder: Coder, page: Shows) -> Response:
    """How far it has come."""
    with page.room.lock:
        page.room.desk.refresh()
        return page.html(request, "status.html", **_status(page.room, coder))


@router.get("/dubbelkodning")
def double(request: Request, coder: Coder, page: Shows) -> Response:
    """Double coding, and how far coders agree."""
    with page.room.lock:
        page.room.desk.refresh()
        return page.html(request, "double.html", n=_SAMPLE, **_double(page.room, coder))


@router.post("/dubbelkodning", dependencies=CHANGE)
def draw(request: Request, form: Form, coder: Coder, page: Shows) -> Response:
    """Draw a sample to be coded blind."""
    wanted, room = text(form, "n"), page.room
    size = int(wanted) if wanted.isdecimal() else 0
    with room.lock:
        room.desk.refresh()
        problem = ""
        if not 0 < size <= _LARGEST_SAMPLE:
            problem = f"Ange ett antal från 1 till {_LARGEST_SAMPLE}."
        elif add_sample(room.desk, coder, request_of(form), size) is None:
            problem = "Alla svar är redan dragna."
        if not problem:
            return RedirectResponse("/dubbelkodning", 303)
        message = {"kind": "error", "text": problem}
        shown = _double(room, coder)
        return page.html(request, "double.html", 422, n=_SAMPLE, message=message, **shown)


@router.get("/sok")
def search(request: Request, coder: Coder, page: Shows) -> Response:
    """Statements by word, respondent, code or name."""
    wanted = text(request.query_params, "q").strip()
    with page.room.lock:
        page.room.desk.refresh()
        found = _search(page.room, coder, wanted) if wanted else []
    more = len(found) > _A_PAGE
    return page.html(request, "search.html", q=wanted, results=found[:_A_PAGE], more=more)


@router.get("/logg")
def log(request: Request, coder: Coder, page: Shows) -> Response:
    """All that was done, the newest first."""
    before = text(request.query_params, "before")
    with page.room.lock:
        page.room.desk.refresh()
        last = int(before) if before.isdecimal() else None
        return page.html(request, "log.html", **_log(page.room, coder, last))


@router.get("/kontroll")
def check(request: Request, coder: Coder, page: Shows) -> Response:
    """Decisions and codes that are worth a second look."""
    with page.room.lock:
        page.room.desk.refresh()
        return page.html(request, "check.html", **_check(page.room, coder))


def _status(room: Room, coder: str) -> dict[str, Any]:
    dimensions = room.survey.codebook.dimensions
    progress = room.ledger.progress(Queue.DOUBT, coder)
    learner = room.learner
    lesson = learner.lesson if learner else None
    gains = [
        {"name": dimensions[name].name, **{k: gain[k] for k in ("before", "after", "n")}}
        for name, gain in (lesson.gains if lesson else {}).items()
    ]
    done = progress.done
    rows = [(0, done, progress.accuracy)]
    for hour, n, reached in room.ledger.hours():
        done += n
        rows.append((hour, done, reached))
    return {
        "progress": progress_view(room, Place(), progress),
        "dimensions": [dimension.name for dimension in dimensions.values()],
        "hours": [
            {"hour": hour, "done": n, "accuracy": [reached.get(name) for name in dimensions]}
            for hour, n, reached in rows
        ],
        "audits": [
            {"name": dimensions[name].name, "n": one.n, "wrong": one.wrong, "error": one.error}
            for name, one in audit(room.desk.standing, room.queues.audited()).items()
        ],
        "coders": [
            {"name": name, "n": n, "per_hour": round(pace) if pace else None}
            for name, n, pace in room.ledger.coders()
        ],
        "learning": {
            "state": learner.text() if learner else "Modellen lär inte i den här granskningen.",
            "decisions": 0,
            "gains": gains,
        },
    }


def _double(room: Room, coder: str) -> dict[str, Any]:
    dimensions = room.survey.codebook.dimensions
    found = agreement(room.desk)
    total = len(room.desk.standing.samples)
    samples = done_by(room.desk)
    return {
        "samples": [{"coder": c, "done": n, "total": total} for c, n in samples.items()]
        or ([{"coder": coder, "done": 0, "total": total}] if total else []),
        "disagreements": room.queues.n_left(Queue.DISPUTED, coder),
        "coders": found.coders,
        "shared": found.shared,
        "agreement": [
            {
                "name": dimensions[one.dimension].name,
                "n": one.n,
                "accuracy": one.people["accuracy"].rounded(),
                "kappa": one.people["kappa"].rounded(),
                "alpha": one.people["alpha"].rounded(),
                "machine_kappa": one.machine["kappa"].rounded(),
                "within": one.within,
            }
            for one in found.dimensions
        ],
        "by_code": [
            {
                "dimension": dimensions[one.dimension].name,
                "code": dimensions[one.dimension].code_name(code),
                "n": n,
                "agreement": share,
            }
            for one in found.dimensions
            for code, n, share in one.by_code
        ],
    }


def _search(room: Room, coder: str, wanted: str) -> list[dict[str, Any]]:
    """Find statements by a word of theirs, by respondent, by code or by name."""
    survey, standing = room.survey, room.desk.standing
    folded = wanted.casefold()
    named: dict[str, str] = {}  # the same codes again and again
    out = []
    for item in standing.all_items():
        passage = survey.passages[item.passage]
        words = passage.text[slice(*item.span)]
        decision = room.decision(item, coder)
        given = decision.codes if decision else item.codes
        key = f"{given} {passage.contexts}"
        if key not in named:
            named[key] = codes_text(survey, passage, given)
        codes = named[key]
        respondent = survey.respondent(passage.answers[0])
        where = (words, respondent, codes, *item.statement_ids)
        if not any(folded in one.casefold() for one in where):
            continue
        out.append(
            {
                "statement_id": item.statement_ids[0],
                "respondent": respondent,
                "area": survey.area_name(passage),
                "text": words,
                "codes": codes,
                "decided": decision.coder if decision else None,
                "url": page_url(item.passage, item.start),
            }
        )
        if len(out) > _A_PAGE:
            break
    return out


def _log(room: Room, coder: str, before: int | None) -> dict[str, Any]:
    """One page of the log, the newest first."""
    standing = room.desk.standing
    ids = sorted((n for n in standing.by_id if before is None or n < before), reverse=True)
    events = []
    for number in ids[:_A_PAGE]:
        event = standing.by_id[number]
        state = standing.state(event.passage)
        item = None
        if event.passage in room.survey.passages and event.start is not None:
            item = standing.at(event.passage, event.start)
        events.append(
            {
                "id": number,
                "at": clock(event.at),
                "coder": event.coder,
                "what": event_text(room, event, coder),
                "statement_id": item.statement_ids[0] if item else "",
                "url": page_url(item.passage, item.start) if item else None,
                "undone": bool(event.passage)
                and event.undoes is None
                and event.id not in state.active,
            }
        )
    return {"events": events, "more": len(ids) > _A_PAGE}


def _check(room: Room, coder: str) -> dict[str, Any]:
    """What the model, as it was before it learnt from the decisions, says of them."""
    lesson = room.learner.lesson if room.learner else None
    if lesson is None or not lesson.decided:
        return {"known": False, "contradictions": [], "confusions": [], "rare": [], "unclear": []}
    found, dimensions = lesson.check, room.survey.codebook.dimensions
    items = [room.item(*key) for key in lesson.decided]

    def words(row: int) -> str:
        item = items[row]
        return room.survey.passages[item.passage].text[slice(*item.span)] if item else ""

    def named(dimension: str, code: Any) -> str:
        several = [code] if isinstance(code, str) else code
        names = [dimensions[dimension].code_name(one) for one in several]
        return ", ".join(names) or "ingen"

    contradicted = []
    for line in found.contradictions.head(_A_PAGE).to_dict("records"):
        item = items[line["row"]]
        decision = room.decision(item, coder) if item else None
        name = line["dimension"]
        if item is None or decision is None or decision.codes[name] != line["given"]:
            continue  # it has been put right since
        contradicted.append(
            {
                "text": words(line["row"]),
                "dimension": dimensions[name].name,
                "given": named(name, line["given"]),
                "suggested": named(name, line["suggested"]),
                "prob": line["prob"],
                "coder": decision.coder,
                "url": page_url(item.passage, item.start),
            }
        )
    tables = {
        "confusions": (found.confusions, ("one", "other", "code")),
        "rare": (found.rare, ("code",)),
        "unclear": (found.unclear, ("code",)),
    }
    shown: dict[str, Any] = {"known": True, "contradictions": contradicted}
    for key, (table, codes) in tables.items():
        lines = table.to_dict("records")
        for line in lines:
            name = line["dimension"]
            line |= {code: named(name, line[code]) for code in codes if code in line}
            line["dimension"] = dimensions[name].name
            line["examples"] = [words(row) for row in line.get("examples", [])]
        shown[key] = lines
    return shown
