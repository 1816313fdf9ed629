"""Answers → statements, with exact offsets."""

from functools import cache

import pandas as pd
from spacy.language import Language
from tqdm import tqdm

from textmine.errors import TextmineError
from textmine.split.components import FACTORY, STATEMENTS
from textmine.split.swedish import blank_pipeline
from textmine.tables import N_STATEMENTS, make_statement_ids, require_text


@cache
def statement_pipeline() -> Language:
    """Make the pipeline that `split` uses: Swedish tokenizer and the shipped boundary model."""
    nlp = blank_pipeline()
    nlp.max_length = 20_000_000  # characters; there is no parser whose memory would suffer
    nlp.add_pipe(FACTORY)
    return nlp


def split_text(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the statements of one answer, in code points, end exclusive.

    Examples
    --------
    >>> text = "Vi startade en samtalsgrupp, och tog fram en rutin."
    >>> [text[start:end] for start, end in split_text(text)]  # doctest: +SKIP
    ['Vi startade en samtalsgrupp', 'tog fram en rutin.']
    """
    doc = statement_pipeline()(text)
    return [(span.start_char, span.end_char) for span in doc.spans[STATEMENTS]]


def split(
    answers: pd.DataFrame, *, unit: str = "answer", progress: bool = False
) -> pd.DataFrame:
    """Divide answers into statements.

    Parameters
    ----------
    answers
        A table with `text`, and `answer_id` if the statements are to be named after it.
    unit
        What a row of the table is: an `answer`, to be divided, or already a `statement`, kept
        whole.

    Returns
    -------
    DataFrame
        One row a statement in the order of the answers: `statement_id`, the answer's columns
        with its whole text as `answer_text`, `start`, `end` and `text`. An answer without any
        content ("-", blanks) gives no row.
    """
    require_text(answers, "answers")
    if unit not in ("answer", "statement"):
        raise TextmineError(f"unit '{unit}': allowed are 'answer' and 'statement'.")
    if "answer_id" not in answers:
        answers = answers.assign(answer_id=[f"s{i:05d}" for i in range(1, len(answers) + 1)])
    known: dict[str, list[tuple[int, int]]] = {}
    rows: list[int] = []
    spans: list[tuple[int, int]] = []
    texts = answers["text"].fillna("").astype(str).tolist()
    for row, text in enumerate(
        tqdm(texts, desc="splitting", unit="answer", disable=None if progress else True)
    ):
        if text not in known:
            known[text] = split_text(text) if unit == "answer" else _whole(text)
        spans += known[text]
        rows += [row] * len(known[text])
    statements = answers.iloc[rows].drop(columns="text").reset_index(drop=True)
    statements["answer_text"] = [texts[row] for row in rows]
    statements["start"] = [start for start, _ in spans]
    statements["end"] = [end for _, end in spans]
    statements["text"] = [
        texts[row][start:end] for row, (start, end) in zip(rows, spans, strict=True)
    ]
    statements.insert(0, "statement_id", make_statement_ids(statements))
    return statements


def count_statements(answers: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Add `n_statements` to an answers table."""
    counts = statements["answer_id"].value_counts()
    return answers.assign(
        **{N_STATEMENTS: answers["answer_id"].map(counts).fillna(0).astype("int64")}
    )


def _whole(text: str) -> list[tuple[int, int]]:
    """Take a text as one statement, without the blanks around it."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if end > start else []
