"""Statements coded by people, read from `corpora/` JSONL or from any table, a statement a row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.errors import TextmineError, did_you_mean
from textmine.read.answers import as_text, standard_answers
from textmine.read.columns import rename
from textmine.read.files import read_table

_STATEMENTS = "statements"


def read_coded(
    path: str | Path,
    codebook: Codebook,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read coded statements.

    Parameters
    ----------
    path
        JSONL of answers with a `statements` list (offsets, texts and codes), or a table in any
        format that answers come in, with one statement a row and one column a dimension. There an
        `answer_id` may recur: its statements are of one answer.
    codebook
        Its dimensions must each have a column (or key).
    columns, sheet
        As for `read_answers`.

    Returns
    -------
    DataFrame
        A statements table with the codes, one row a statement.

    Raises
    ------
    TextmineError
        If a statement's offsets do not give its text, or a dimension has no column.
    """
    raw = rename(read_table(Path(path), mapping=columns, sheet=sheet), columns, str(path))
    if _STATEMENTS in raw:
        table = _from_answers(standard_answers(raw, str(path)), str(path))
    else:
        table = _one_a_row(raw, str(path))
    for name in codebook.dimensions:
        if name not in table:
            raise TextmineError(
                f"{path}: no column '{name}', a dimension of the codebook {codebook.name}; "
                f"{did_you_mean(name, table.columns)}."
            )
    return table


def _one_a_row(raw: pd.DataFrame, source: str) -> pd.DataFrame:
    """Read a table of statements, of which several may be of one answer."""
    ids = raw["answer_id"].map(as_text) if "answer_id" in raw else None
    several = ids is not None and bool(ids.duplicated().any())
    table = standard_answers(raw.drop(columns="answer_id") if several else raw, source)
    made = table.pop("answer_id")
    if "statement_id" not in table:
        table.insert(0, "statement_id", made)
    if several:
        table.insert(1, "answer_id", pd.Series(ids, dtype="string").reset_index(drop=True))
    return table


def _from_answers(answers: pd.DataFrame, source: str) -> pd.DataFrame:
    """Unfold the lists of statements, checking each offset."""
    rows: list[dict[str, Any]] = []
    for record in answers.to_dict("records"):
        answer = {str(key): value for key, value in record.items()}
        whole = answer.pop("text")
        for number, statement in enumerate(answer.pop(_STATEMENTS) or [], start=1):
            text = whole[statement["start"] : statement["end"]]
            if text != statement.get("text", text):
                raise TextmineError(
                    f"{source}, answer {answer['answer_id']}, statement {number}: the text from "
                    f"{statement['start']} to {statement['end']} is {text[:40]!r}, not "
                    f"{statement['text'][:40]!r}."
                )
            rows.append(
                {
                    "statement_id": f"{answer['answer_id']}-{number}",
                    **answer,
                    "answer_text": whole,
                    **statement,
                    "text": text,
                }
            )
    if not rows:
        raise TextmineError(f"{source}: the answers hold no coded statements.")
    return pd.DataFrame(rows)
