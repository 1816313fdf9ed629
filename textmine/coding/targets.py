"""The codes of a table as arrays: what was coded, under which context, and what is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.errors import TextmineError, did_you_mean

EVERYWHERE = ""  # the one context of a dimension that depends on no column


@dataclass(frozen=True)
class Labels:
    """The codes of one dimension, row by row.

    Attributes
    ----------
    codes
        The dimension's codes, in the codebook's order.
    matrix
        (statements, codes), True where a statement has the code.
    known
        Rows that were coded in this dimension.
    multiple
        Whether a row may have several codes.
    """

    codes: list[str]
    matrix: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    multiple: bool = False

    @staticmethod
    def read(table: pd.DataFrame, name: str, dimension: Dimension) -> "Labels":
        """Read a dimension's column.

        Raises
        ------
        TextmineError
            If the column is missing or holds a code that the codebook does not have.
        """
        if name not in table:
            raise TextmineError(
                f"The coded table has no column '{name}' for the dimension {dimension.name}; "
                f"{did_you_mean(name, table.columns)}."
            )
        codes = list(dimension.codes)
        place = {code: i for i, code in enumerate(codes)}
        matrix = np.zeros((len(table), len(codes)), np.bool_)
        known = np.zeros(len(table), np.bool_)
        for row, value in enumerate(table[name]):
            for code in codes_in(value, multiple=dimension.multiple):
                if code not in place:
                    raise TextmineError(
                        f"Row {row + 1}: '{code}' is no code of {name}; "
                        f"{did_you_mean(code, codes)}."
                    )
                matrix[row, place[code]] = True
            known[row] = matrix[row].any() or (dimension.multiple and not _missing(value))
        return Labels(codes, matrix, known, dimension.multiple)


def contexts_of(
    table: pd.DataFrame, dimension: Dimension, codebook: Codebook
) -> npt.NDArray[np.object_]:
    """Give the context of each row: the value its `by` column means, or None if unknown."""
    if dimension.by is None:
        return np.full(len(table), EVERYWHERE, object)
    if dimension.by not in table:
        return np.full(len(table), None, object)
    column = dimension.by
    resolved: dict[Any, str | None] = {
        value: codebook.resolve(column, value) for value in table[column].unique()
    }
    return np.array([resolved[value] for value in table[column]], object)


def check_allowed(
    labels: Labels, contexts: npt.NDArray[np.object_], dimension: Dimension, name: str
) -> None:
    """Refuse codes that the codebook does not allow under their row's context."""
    for context in dict.fromkeys(contexts):
        rows = contexts == context
        allowed = dimension.allowed(context)
        for i, code in enumerate(labels.codes):
            if code not in allowed and labels.matrix[rows, i].any():
                row = int(np.flatnonzero(rows & labels.matrix[:, i])[0])
                where = f"{dimension.by} '{context}'" if context else f"an unknown {dimension.by}"
                raise TextmineError(
                    f"Row {row + 1}: '{code}' is not allowed in {name} under {where}; "
                    f"{did_you_mean(code, allowed)}."
                )


def applies(
    codes: Mapping[str, npt.NDArray[np.object_]], dimension: Dimension, n: int
) -> npt.NDArray[np.bool_]:
    """Tell where a dimension applies, given the codes of those it depends on."""
    out = np.ones(n, np.bool_)
    for other, allowed in dimension.when.items():
        out &= np.isin(codes[other].astype(str), allowed)
    return out


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def codes_in(value: object, *, multiple: bool) -> list[str]:
    """List the codes in a cell; a multi-label cell may be a list or 'a; b'."""
    if _missing(value):
        return []
    if isinstance(value, list | tuple | np.ndarray):
        return [str(code) for code in value]
    text = str(value).strip()
    if multiple:
        return [code.strip() for code in text.replace(",", ";").split(";") if code.strip()]
    return [text] if text else []
