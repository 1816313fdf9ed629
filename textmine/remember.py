"""Coded answers, computed once: what is known of an answer comes from the store.

An answer's statements and codes depend on its text, its question, the columns that the codebook
depends on, the coder and the splitter; these make the key. The store keeps offsets and codes only.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.hashing import file_hash, text_hash
from textmine.splitting.splitter import boundary_identity, place_statements, split
from textmine.store import Store
from textmine.tables import NOVELTY, dimension_columns

# Of one statement: [start, end, novelty, and code, prob, second, second_prob per dimension].
Record = list[Any]

_PACKAGE = Path(__file__).parent


def code_answers(answers: pd.DataFrame, coder: Coder, unit: str) -> pd.DataFrame:
    """Split and code answers, all but `review`, taking from the store what is known there.

    Parameters
    ----------
    answers
        With `answer_id` and `text`.
    coder
        One that was loaded; a coder that was only fitted has no identity to remember by.
    unit
        As for `split`.

    Returns
    -------
    DataFrame
        As `coder.code(split(answers))` gives it.
    """
    codebook = coder.require_codebook()
    if coder.learnt_.identity is None:
        return coder.code(split(answers, unit=unit))
    identity = text_hash(coder.learnt_.identity, boundary_identity(), code_identity(), unit)
    keys = _keys(answers, codebook)
    with Store(f"codes-{identity}") as store:
        known = {key: json.loads(value) for key, value in store.get(list(set(keys))).items()}
        first_of = {key: row for row, key in reversed(list(enumerate(keys))) if key not in known}
        if first_of:
            todo = answers.iloc[sorted(first_of.values())]
            coded = coder.code(split(todo, unit=unit))
            fresh = _records(coded, todo["answer_id"], codebook)
            by_key = {keys[row]: fresh[answers["answer_id"].iloc[row]] for row in first_of.values()}
            store.put((key, json.dumps(records).encode()) for key, records in by_key.items())
            known |= by_key
    return _table(answers, [known[key] for key in keys], codebook)


@cache
def code_identity() -> str:
    """Hash of the code that results come from: another version may give others."""
    stages = ("splitting", "embed", "coding")
    sources = [p for stage in stages for p in sorted((_PACKAGE / stage).glob("*.py"))]
    return text_hash(*map(file_hash, sources))


def _keys(answers: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Hash what the codes of each answer depend on."""
    columns = [c for c in ("text", "question", *codebook.context_columns()) if c in answers]
    parts = [answers[column].astype("string").fillna("") for column in columns]
    names = "\x1f".join(columns)
    return [text_hash(names, *map(str, row)) for row in zip(*parts, strict=True)]


def _records(
    coded: pd.DataFrame, answer_ids: Iterable[str], codebook: Codebook
) -> dict[str, list[Record]]:
    """Reduce a coded table to records, by answer."""
    records: dict[str, list[Record]] = {answer_id: [] for answer_id in answer_ids}
    columns = ["start", "end", NOVELTY]
    columns += [c for name in codebook.dimensions for c in dimension_columns(name)]
    values = [coded[column].astype(object) for column in columns]
    for answer_id, *row in zip(coded["answer_id"], *values, strict=True):
        records[answer_id].append([None if _null(value) else value for value in row])
    return records


def _null(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _table(answers: pd.DataFrame, records: list[list[Record]], codebook: Codebook) -> pd.DataFrame:
    """Put statements and codes back beside their answers."""
    spans = [[(record[0], record[1]) for record in several] for several in records]
    table = place_statements(answers, spans)
    flat = [record for several in records for record in several]
    at = 3
    for name, dimension in codebook.dimensions.items():
        code, prob, second, second_prob = dimension_columns(name)
        kind = None if dimension.multiple else "string"
        table[code] = pd.Series([r[at] for r in flat], dtype=kind or object, index=table.index)
        table[prob] = np.array([r[at + 1] for r in flat], np.float64)
        table[second] = pd.Series([r[at + 2] for r in flat], dtype="string", index=table.index)
        table[second_prob] = np.array([r[at + 3] for r in flat], np.float64)
        at += 4
    table[NOVELTY] = np.array([r[2] for r in flat], np.float64)
    return table
