"""The coded statements as the findings read them: who said what, coded how, and how surely."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.summary import Layout
from textmine.tables import REVIEW, SOURCE, dimension_columns


@dataclass(frozen=True)
class Said:
    """A statement, its personal data masked.

    Attributes
    ----------
    who
        Tells respondents apart; where nobody is named, answers.
    respondent, actor, area, level
        '' where not known or not asked for.
    categories, roles
        Codes of the rows and of the crossed dimension; mostly one.
    may_categories, may_roles
        The same, with what the statement might turn out to be if it is still under review.
    certainty
        The lowest of its codes' probabilities; 1 where people decided.
    """

    id: str
    answer: str
    who: str
    respondent: str
    actor: str
    area: str
    text: str
    categories: tuple[str, ...]
    roles: tuple[str, ...]
    may_categories: tuple[str, ...]
    may_roles: tuple[str, ...]
    level: str
    flags: tuple[str, ...]
    open: bool
    source: str
    certainty: float


def read_said(
    statements: pd.DataFrame, codebook: Codebook, *, level: str = "", flags: str = ""
) -> list[Said]:
    """Read a coded table; the order of its rows does not matter.

    Parameters
    ----------
    statements
        As in `statements.parquet`; columns other than the codes may be missing.
    level, flags
        Names of those dimensions, if the codebook has them.
    """
    layout = Layout.of(codebook)
    ids = _texts(statements, "statement_id") or [f"u{n}" for n in range(1, len(statements) + 1)]
    answers = _texts(statements, "answer_id") or ids
    respondents = _texts(statements, "respondent") or [""] * len(ids)
    columns: dict[str, Sequence[Any]] = {
        "id": ids,
        "answer": answers,
        "who": [
            f"respondent {name}" if name else f"answer {answer}"
            for name, answer in zip(respondents, answers, strict=True)
        ],
        "respondent": respondents,
        "actor": _texts(statements, "actor") or [""] * len(ids),
        "area": areas_of(statements, codebook),
        "text": _texts(statements, "text") or [""] * len(ids),
        "open": [bool(value) for value in statements[REVIEW]]
        if REVIEW in statements
        else [False] * len(ids),
        "source": _texts(statements, SOURCE) or ["machine"] * len(ids),
        "level": _texts(statements, level) or [""] * len(ids),
        "flags": [codes_of(value) for value in statements[flags]]
        if flags in statements
        else [()] * len(ids),
        "certainty": _certainty(statements, codebook),
    }
    for name, dimension in (("categories", layout.rows), ("roles", layout.columns)):
        first, second = _codes(statements, dimension), _seconds(statements, dimension)
        columns[name] = first
        columns[f"may_{name}"] = [
            (*codes, *more) if is_open and more and more[0] not in codes else codes
            for codes, more, is_open in zip(first, second, columns["open"], strict=True)
        ]
    rows = zip(*columns.values(), strict=True)
    said = [Said(**dict(zip(columns, row, strict=True))) for row in rows]
    return sorted(said, key=lambda s: _natural(s.id))


def areas_of(table: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Find each row's area by the codebook's names for it; '' where there are no areas."""
    column = Layout.of(codebook).context
    if not column or column not in table:
        return [""] * len(table)
    texts = _texts(table, column) or []
    known = {text: codebook.resolve(column, text) or text for text in set(texts)}
    return [known[text] for text in texts]


def anonymous(said: Iterable[Said]) -> list[Said]:
    """Give statements numbers that tell nothing of the answer they stand in."""
    mixed = sorted(said, key=lambda s: hashlib.sha256(f"{s.text}\0{s.id}".encode()).digest())
    return [replace(s, id=f"u{n}") for n, s in enumerate(mixed, start=1)]


def codes_of(value: Any) -> tuple[str, ...]:
    """The codes in a cell: none, one, or several."""
    if isinstance(value, str):
        return (value,) if value else ()
    if value is None or value is pd.NA or isinstance(value, float):
        return ()
    return tuple(str(code) for code in value)


def _codes(table: pd.DataFrame, dimension: str | None) -> list[tuple[str, ...]]:
    if dimension is None or dimension not in table:
        return [()] * len(table)
    return [codes_of(value) for value in table[dimension]]


def _seconds(table: pd.DataFrame, dimension: str | None) -> list[tuple[str, ...]]:
    return _codes(table, dimension_columns(dimension)[2] if dimension else None)


def _certainty(table: pd.DataFrame, codebook: Codebook) -> list[float]:
    names = [dimension_columns(name)[1] for name in codebook.dimensions]
    known = table[[name for name in names if name in table]]
    return [float(value) for value in known.min(axis=1).fillna(1.0)] if len(known) else []


def _texts(table: pd.DataFrame, column: str) -> list[str] | None:
    """A column as texts, '' for what is missing; None if there is no such column."""
    if column not in table:
        return None
    return ["" if value is pd.NA or value != value else str(value) for value in table[column]]


def _natural(name: str) -> tuple[str, int, str]:
    """Sort `a1-2` before `a1-10`."""
    head, _, tail = name.rpartition("-")
    return (head, int(tail), "") if tail.isascii() and tail.isdigit() else (name, 0, "")


def by_area(said: Iterable[Said]) -> Mapping[str, list[Said]]:
    """Part the statements by area."""
    out: dict[str, list[Said]] = {}
    for one in said:
        out.setdefault(one.area, []).append(one)
    return out
