"""Where the statements of a passage begin and end, when people draw them."""

from collections.abc import Sequence

import pandas as pd

from textmine.errors import TextmineError
from textmine.review.events import Span
from textmine.review.survey import Passage, Survey
from textmine.tables import dimension_columns


def tidy_spans(spans: Sequence[Span], text: str) -> list[Span]:
    """Put spans in order and leave out the blanks at their edges.

    Raises
    ------
    TextmineError
        In Swedish, for the page: if there are none, or one is empty, outside, or overlaps another.
    """
    tidy: list[Span] = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(text):
            raise TextmineError(f"Gränserna {start}–{end} ligger utanför svarets text.")
        part = text[start:end]
        first = start + len(part) - len(part.lstrip())
        last = end - (len(part) - len(part.rstrip()))
        if first >= last:
            raise TextmineError("En utsaga kan inte vara tom.")
        if tidy and first < tidy[-1][1]:
            raise TextmineError("Två utsagor kan inte dela på samma ord.")
        tidy.append((first, last))
    if not tidy:
        raise TextmineError("Ett svar måste ha minst en utsaga.")
    return tidy


def propose(
    survey: Survey, passage: Passage, spans: Sequence[Span], wanted: set[Span]
) -> list[list[object]]:
    """Ask the machine what statements with new borders are.

    Parameters
    ----------
    spans
        All statements of the passage, since neighbours count.
    wanted
        Those of which to tell.

    Returns
    -------
    list
        [start, end, {dimension: [code, probability, runner-up, its probability]}].
    """
    row = passage.answers[0]
    carried = {c: survey.answers[c].iat[row] for c in survey.answers if c not in ("text",)}
    table = pd.DataFrame(
        [
            {
                **carried,
                "answer_text": passage.original,
                "start": s,
                "end": e,
                "text": passage.original[s:e],
            }
            for s, e in spans
        ]
    )
    coded = survey.coder.code(table)
    out: list[list[object]] = []
    for at, (start, end) in enumerate(spans):
        if (start, end) not in wanted:
            continue
        proposal = {}
        for name, dimension in survey.codebook.dimensions.items():
            four = [coded[column].iat[at] for column in dimension_columns(name)]
            proposal[name] = [_plain(value, multiple=dimension.multiple) for value in four]
            if dimension.multiple:
                proposal[name][0] = list(four[0]) if isinstance(four[0], list) else []
        out.append([start, end, proposal])
    return out


def _plain(value: object, *, multiple: bool) -> object:
    """A value as JSON has it."""
    if isinstance(value, list):
        return value if multiple else None
    if value is None or value is pd.NA or value != value:
        return None
    return value if isinstance(value, str) else round(float(str(value)), 4)
