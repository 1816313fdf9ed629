"""Answers tables: the standard columns, stable ids, and matched respondents."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from textmine.errors import TextmineError
from textmine.hashing import text_hash
from textmine.read.columns import rename
from textmine.read.files import read_table
from textmine.read.respondents import match_respondents
from textmine.tables import ANSWER_COLUMNS


def read_answers(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read free-text survey answers, one a row.

    Parameters
    ----------
    path
        An .xlsx, .csv, .tsv, .jsonl, .parquet or .sav file.
    columns
        Which column is which where the names do not say: `{"text": "Beskriv insatsen"}`.
    sheet
        The sheet of a workbook; needed only when several hold a text column.

    Returns
    -------
    DataFrame
        `answer_id`, the other standard columns that the file has, `respondent_code`, and the
        file's further columns, in that order. `text` is never null and never changed.

    Raises
    ------
    TextmineError
        If the file cannot be read, holds no text column, or repeats an answer id.

    Examples
    --------
    >>> answers = read_answers("svar-2021.xlsx")  # doctest: +SKIP
    """
    path = Path(path)
    table = rename(read_table(path, mapping=columns, sheet=sheet), columns, str(path))
    return standard_answers(table, str(path))


def standard_answers(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Give a table with recognised columns its ids, types, respondents and column order."""
    answers = table.reset_index(drop=True)
    answers["text"] = [as_text(value) for value in answers["text"]]
    for column in ("respondent", "actor", "area", "question"):
        if column in answers:
            texts = [as_text(value).strip() or None for value in answers[column]]
            answers[column] = pd.Series(texts, dtype="string")
    if "year" in answers:
        answers["year"] = _years(answers["year"])
    answers["answer_id"] = _ids(answers, source)
    answers = match_respondents(answers)
    for column in answers.columns.difference([*ANSWER_COLUMNS, "statements"]):
        if answers[column].dtype == object:
            answers[column] = plain_column(answers[column])
    order = [column for column in ANSWER_COLUMNS if column in answers]
    return answers[order + [column for column in answers if column not in order]]


def as_text(value: object) -> str:
    """Write a cell as text: whole numbers without decimals, nothing as ''."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float) and value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A lone surrogate can be neither encoded nor written.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _years(values: pd.Series) -> pd.Series:
    """Whole years where every cell is a number or blank, else the texts as they are."""
    texts = pd.Series([as_text(value).strip() or None for value in values], dtype="string")
    numbers = pd.to_numeric(texts, errors="coerce")
    if numbers.isna().equals(texts.isna()) and (numbers.dropna() % 1 == 0).all():
        return numbers.astype("Int64")
    return texts


def plain_column(values: pd.Series) -> pd.Series:
    """Give a column one type that a parquet file can hold: numbers or texts."""
    # Parquet gives lists as arrays.
    values = pd.Series(
        [v.tolist() if isinstance(v, np.ndarray) else v for v in values], dtype=object
    )
    kinds = {type(value) for value in values if as_text(value)}
    if kinds <= {bool}:
        return values.infer_objects()
    if kinds <= {int, float} and all(abs(value) < 2**63 for value in values if as_text(value)):
        return pd.to_numeric(values)
    if kinds == {list} and all(isinstance(item, str) for v in values.dropna() for item in v):
        return values
    texts = [
        json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, list | dict)
        else as_text(value) or None
        for value in values
    ]
    return pd.Series(texts, dtype="string")


def _ids(answers: pd.DataFrame, source: str) -> pd.Series:
    """Keep the ids of the file, or make stable ones from each row's content and position."""
    if "answer_id" in answers:
        ids = pd.Series([as_text(value).strip() for value in answers["answer_id"]], dtype="string")
        blank = ids[ids == ""]
        if len(blank):
            raise TextmineError(
                f"{source}: data row {blank.index[0] + 1} has no answer_id. Fill it in, or take "
                "the column away and ids are made."
            )
        repeated = ids[ids.duplicated(keep=False)]
        if len(repeated):
            rows = [str(i + 1) for i in repeated.index[repeated == repeated.iloc[0]][:5]]
            raise TextmineError(
                f"{source}: answer_id '{repeated.iloc[0]}' stands in data rows {', '.join(rows)}. "
                "Make the ids unique, or take the column away and ids are made."
            )
        return ids
    content = [column for column in ANSWER_COLUMNS if column in answers]
    return pd.Series(
        [
            f"s{number:05d}-{text_hash(*map(as_text, row), size=3)}"
            for number, row in enumerate(
                answers[content].itertuples(index=False, name=None), start=1
            )
        ],
        dtype="string",
    )
