"""What browsers send, read and checked."""

import json
import math
import time
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request
from starlette.datastructures import FormData

from textmine.codebook import Codebook
from textmine.review.desk import Action
from textmine.review.events import Codes, Span
from textmine.review.queues import Filters, Queue
from textmine.review.survey import Survey
from textmine.review.web.room import Place

_LONGEST_SECONDS = 3600.0
_LONGEST_REQUEST = 60
_LONGEST_COMMENT = 4000


async def read_form(request: Request) -> FormData:
    """Read the fields of a form; files are not taken."""
    return await request.form(max_files=0)


def text(form: Mapping[str, Any], name: str) -> str:
    """A field's text, '' if it was not sent."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def place_of(values: Mapping[str, Any]) -> Place:
    """Read where a coder is."""
    queue = text(values, "queue")
    known = Queue(queue) if queue in {*Queue} else Queue.DOUBT
    return Place(known, Filters(*(text(values, key) for key in ("area", "code", "respondent"))))


def action_of(form: FormData, coder: str, survey: Survey) -> Action:
    """Read who does something to which statement.

    Raises
    ------
    HTTPException
        If it is about no statement of this survey; only a broken page sends that.
    """
    numbers = [text(form, name) for name in ("version", "start", "end")]
    passage = text(form, "passage")
    if passage not in survey.passages or not all(n.isdecimal() for n in numbers):
        raise HTTPException(404)
    version, start, end = map(int, numbers)
    return Action(
        coder,
        request_of(form),
        passage,
        version,
        start,
        end,
        place_of(form).queue.value,
        _seconds(text(form, "seconds")),
    )


def request_of(form: FormData) -> str:
    """Read the id of a request, or make one for a page without script."""
    return text(form, "request")[:_LONGEST_REQUEST] or f"{time.time_ns()}"


def codes_of(form: FormData, codebook: Codebook) -> Codes:
    """Read the codes that were chosen."""
    out: Codes = {}
    for name, dimension in codebook.dimensions.items():
        given = [str(value) for value in form.getlist(f"code.{name}") if value]
        out[name] = given if dimension.multiple else (given[0] if given else None)
    return out


def spans_of(form: FormData) -> list[Span]:
    """Read where statements begin and end."""
    try:
        spans = [(int(start), int(end)) for start, end in json.loads(text(form, "spans"))]
    except (ValueError, TypeError) as error:
        raise HTTPException(404) from error
    return spans


def comment_of(form: FormData) -> str:
    """Read a comment."""
    return text(form, "comment")[:_LONGEST_COMMENT]


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_SECONDS) if math.isfinite(seconds) else None
