"""Counts of respondents, each counted once in a cell."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from textmine.codebook import Codebook

UNCODED = ""  # stands for statements without a code in the rows' dimension


@dataclass(frozen=True)
class Layout:
    """Which dimensions a codebook's summary crosses.

    Attributes
    ----------
    context
        Column of the answers that comes first in the rows (such as area), if there is one.
    rows, columns
        Dimensions; `columns` is None for a codebook with one dimension.
    """

    context: str | None
    rows: str
    columns: str | None

    @staticmethod
    def of(codebook: Codebook) -> "Layout":
        """Cross the dimension that depends on a column with the first independent one."""
        single = [name for name, d in codebook.dimensions.items() if not d.multiple]
        dependent = [name for name in single if codebook.dimensions[name].by]
        names = single or list(codebook.dimensions)
        rows = dependent[0] if dependent else names[0]
        others = [name for name in names if name != rows and not codebook.dimensions[name].when]
        return Layout(codebook.dimensions[rows].by, rows, others[0] if others else None)

    @property
    def keys(self) -> list[str]:
        """The columns of a coded table that are counted."""
        return [key for key in (self.context, self.rows, self.columns) if key]


def occurrences(coded: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Reduce coded statements to who said what: distinct cells and respondents, with `n`.

    Results of several portions of a table can be put together before `summarise`.
    """
    layout = Layout.of(codebook)
    who = "respondent" if "respondent" in coded else "answer_id"
    table = coded[[key for key in layout.keys if key in coded]].copy()
    table["who"] = coded[who] if who in coded else pd.Series(coded.index, coded.index).astype(str)
    if layout.context and layout.context in table:
        table[layout.context] = [
            codebook.resolve(layout.context, value) or str(value) for value in table[layout.context]
        ]
    if codebook.dimensions[layout.rows].multiple:
        table = table.explode(layout.rows)
    table[layout.rows] = table[layout.rows].astype(object).fillna(UNCODED)
    return table.groupby([*table.columns], sort=False).size().rename("n").reset_index()


def summarise(found: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Count respondents and statements by context and code.

    Returns
    -------
    DataFrame
        One row a code (of each context), in the codebook's order and also where nobody reported
        anything, then one for statements without a code, if there are any. Columns: the keys,
        `respondents` and `statements` in all, and a column of respondents for each code of the
        crossed dimension, named `role:effekt`.
    """
    layout = Layout.of(codebook)
    dimension = codebook.dimensions[layout.rows]
    contexts: list[str | None] = [None]
    if layout.context and layout.context in found:
        contexts = [
            *codebook.columns[layout.context],
            *sorted(set(found[layout.context]) - set(codebook.columns[layout.context])),
        ]
    keys = [layout.context] if contexts != [None] else []
    inner = [*keys, layout.rows]
    respondents = found.groupby(inner)["who"].nunique().to_dict()
    statements = found.groupby(inner)["n"].sum().to_dict()
    others: list[str] = []
    crossed: dict[Any, int] = {}
    if layout.columns:
        others = list(codebook.dimensions[layout.columns].codes)
        crossed = found.groupby([*inner, layout.columns])["who"].nunique().to_dict()
    rows = []
    for context in contexts:
        codes = [*(dimension.allowed(context) if context else dimension.codes), UNCODED]
        for code in codes:
            at = (context, code) if context else code
            cell = (context, code) if context else (code,)
            if code == UNCODED and at not in statements:
                continue
            rows.append(
                ({layout.context: context} if context else {})
                | {
                    layout.rows: code,
                    "respondents": int(respondents.get(at, 0)),
                    "statements": int(statements.get(at, 0)),
                }
                | {f"{layout.columns}:{o}": int(crossed.get((*cell, o), 0)) for o in others}
            )
    return pd.DataFrame(rows)
