"""Answers → statements, with exact offsets."""

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from tqdm import tqdm

from textmine.errors import TextmineError
from textmine.hashing import file_hash
from textmine.shipped import BOUNDARIES, SPLITTER, find_model
from textmine.tables import N_STATEMENTS, make_statement_ids, require_text

if TYPE_CHECKING:
    from spacy.language import Language

Spans = list[tuple[int, int]]

_ONE_AT_A_TIME = threading.Lock()  # spaCy's tokenizer and vocabulary are not made for threads


@cache
def statement_pipeline() -> "Language":
    """Make the pipeline that `split` uses: Swedish tokenizer and the shipped boundary model."""
    # Here, because loading spaCy takes a second that a run with nothing to split need not spend.
    from textmine.splitting.components import FACTORY
    from textmine.splitting.swedish import blank_pipeline

    nlp = blank_pipeline()
    nlp.max_length = 20_000_000  # characters; there is no parser whose memory would suffer
    nlp.add_pipe(FACTORY, config={"model": SPLITTER})
    return nlp


@cache
def boundary_identity() -> str:
    """Hash of the shipped boundary model, for keys of what depends on it."""
    folder = find_model(SPLITTER, BOUNDARIES)
    if folder is None:
        raise TextmineError(f"The boundary model '{SPLITTER}' is missing; install anew.")
    return file_hash(folder / BOUNDARIES)


def split_text(text: str) -> Spans:
    """Offsets (start, end) of the statements of one answer, in code points, end exclusive.

    Examples
    --------
    >>> text = "Ny rutin; två kursdagar."
    >>> [text[start:end] for start, end in split_text(text)]
    ['Ny rutin', 'två kursdagar.']
    """
    with _ONE_AT_A_TIME:
        doc = statement_pipeline()(text)
    return [(span.start_char, span.end_char) for span in doc.spans["statements"]]


def split(answers: pd.DataFrame, *, unit: str = "answer", progress: bool = False) -> pd.DataFrame:
    """Divide answers into statements.

    Parameters
    ----------
    answers
        A table with `text`, and `answer_id` if the statements are to be named after it.
    unit
        What a row of the table is: an `answer`, to be divided, or already a `statement`, kept
        whole.
    progress
        Show a bar when the output is a terminal.

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
    divide = split_text if unit == "answer" else _whole
    known: dict[str, Spans] = {}
    texts = _texts(answers)
    for text in tqdm(texts, desc="splitting", unit="answer", disable=None if progress else True):
        if text not in known:
            known[text] = divide(text)
    return place_statements(answers, [known[text] for text in texts])


def place_statements(answers: pd.DataFrame, spans: Sequence[Spans]) -> pd.DataFrame:
    """Make a statements table from answers and the offsets of their statements."""
    if "answer_id" not in answers:
        answers = answers.assign(answer_id=[f"s{i:05d}" for i in range(1, len(answers) + 1)])
    texts = _texts(answers)
    rows = [row for row, several in enumerate(spans) for _ in several]
    flat = [span for several in spans for span in several]
    given = answers.drop(columns=["text", "statement_id"], errors="ignore")
    statements = given.iloc[rows].reset_index(drop=True)
    statements["answer_text"] = pd.Series([texts[row] for row in rows], dtype="string")
    statements["start"] = pd.Series([start for start, _ in flat], dtype="int64")
    statements["end"] = pd.Series([end for _, end in flat], dtype="int64")
    statements["text"] = pd.Series(
        [texts[row][start:end] for row, (start, end) in zip(rows, flat, strict=True)],
        dtype="string",
    )
    statements.insert(0, "statement_id", make_statement_ids(statements))
    return statements


def count_statements(answers: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Add `n_statements` to an answers table."""
    counts = statements["answer_id"].value_counts()
    return answers.assign(
        **{N_STATEMENTS: answers["answer_id"].map(counts).fillna(0).astype("int64")}
    )


def _texts(answers: pd.DataFrame) -> list[str]:
    """Texts of a table, nothing as ''."""
    return ["" if pd.isna(value) else str(value) for value in answers["text"]]


def _whole(text: str) -> Spans:
    """Take a text as one statement, without the blanks around it."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if end > start else []
