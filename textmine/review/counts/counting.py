"""Who said what in which cell: respondents, each once, and statements."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.report.summary import UNCODED, Layout
from textmine.review.counts.error_model import Flags, Places
from textmine.review.counts.imputation import Codes

RESPONDENTS, STATEMENTS = "respondents", "statements"
UNITS = (RESPONDENTS, STATEMENTS)

Counts = npt.NDArray[np.int64]  # (units, contexts, row codes + none, all + column codes)


@dataclass(frozen=True)
class CellTable:
    """Who said each statement and in which context, and the cells that are counted.

    Attributes
    ----------
    contexts
        As `summarise` has them; '' alone if there is no such column.
    where
        Place of each statement's context.
    who
        Number of the respondent in their context: one is counted once in each.
    home
        Place of each such number's context.
    """

    codebook: Codebook
    layout: Layout
    contexts: list[str]
    where: Places
    who: Places
    home: Places

    @staticmethod
    def read(statements: pd.DataFrame, codebook: Codebook) -> "CellTable":
        """Find them in a table of statements."""
        layout = Layout.of(codebook)
        contexts, where = [""], np.zeros(len(statements), np.intp)
        if layout.context and layout.context in statements:
            column = statements[layout.context]
            names = {v: codebook.resolve(layout.context, v) or str(v) for v in column.unique()}
            known = list(codebook.columns[layout.context])
            contexts = [*known, *sorted(set(names.values()) - set(known))]
            place = {context: i for i, context in enumerate(contexts)}
            where = np.array([place[names[value]] for value in column], np.intp)
        who = respondents_of(statements)
        number, pairs = pd.factorize(pd.MultiIndex.from_arrays([where, who]))
        home = np.array([context for context, _ in pairs], np.intp)
        return CellTable(codebook, layout, contexts, where, number.astype(np.intp), home)

    @property
    def names(self) -> list[str]:
        """The dimensions that are crossed."""
        return [name for name in (self.layout.rows, self.layout.columns) if name]

    @property
    def columns(self) -> list[str]:
        """Codes of the crossed dimension, if there is one."""
        name = self.layout.columns
        return list(self.codebook.dimensions[name].codes) if name else []

    @property
    def sizes(self) -> Places:
        """(units, contexts): how many respondents and statements there are."""
        n = len(self.contexts)
        return np.stack([np.bincount(at, minlength=n) for at in (self.home, self.where)])

    def rows_under(self, context: str) -> list[tuple[int, str]]:
        """Codes of a context's rows and their places; last that for none."""
        dimension = self.codebook.dimensions[self.layout.rows]
        allowed = set(dimension.allowed(context) if context else dimension.codes)
        rows = [(i, code) for i, code in enumerate(dimension.codes) if code in allowed]
        return [*rows, (len(dimension.codes), UNCODED)]

    def count(self, codes: Codes, keep: Flags | None = None) -> Counts:
        """Count the cells under some codes, over all statements or those to `keep`."""
        n_rows = len(self.codebook.dimensions[self.layout.rows].codes) + 1
        n_columns = len(self.columns)
        out = np.zeros((len(UNITS), len(self.contexts), n_rows, 1 + n_columns), np.int64)
        statement, row = coded_pairs(codes[self.layout.rows])
        if keep is not None:
            statement, row = statement[keep[statement]], row[keep[statement]]
        out[..., 0] = self._tally(statement, row, n_rows)
        if self.layout.columns:
            pair, column = coded_pairs(codes[self.layout.columns][statement])
            inner = row[pair] * (n_columns + 1) + column
            counts = self._tally(statement[pair], inner, n_rows * (n_columns + 1))
            shape = (len(UNITS), len(self.contexts), n_rows, n_columns + 1)
            out[..., 1:] = counts.reshape(shape)[..., :n_columns]
        return out

    def cells(self, codes: Codes) -> Places:
        """Respondents in the cells of the report, those for no code left out."""
        counts = self.count(codes)[0, :, :-1]
        return counts[..., 1:] if self.columns else counts

    def _tally(self, statement: Places, cell: Places, n: int) -> Counts:
        """Count (units, contexts, cells): each respondent once in a cell, and statements."""
        once = np.sort(self.who[statement] * n + cell)
        once = once[np.diff(once, prepend=-1) > 0]
        respondents = self.home[once // n] * n + once % n
        said = self.where[statement] * n + cell
        total = len(self.contexts) * n
        return np.stack(
            [
                np.bincount(at, minlength=total).reshape(len(self.contexts), n)
                for at in (respondents, said)
            ]
        )


def respondents_of(statements: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Who said each statement: the respondent, or failing that the answer."""
    answers = statements["answer_id"] if "answer_id" in statements else statements.index.to_series()
    answers = "answer " + answers.astype(str)
    if "respondent" not in statements:
        return answers.to_numpy(object)
    named = "respondent " + statements["respondent"].astype("string")
    return named.astype(object).where(named.notna().to_numpy(), answers).to_numpy(object)


def coded_pairs(codes: npt.NDArray[np.generic]) -> tuple[Places, Places]:
    """List (statement, place of code); the place beyond the last code stands for none."""
    if codes.ndim == 1:
        return np.arange(len(codes)), codes.astype(np.intp)
    none = ~codes.any(axis=1, keepdims=True)
    statement, place = np.nonzero(np.hstack([codes, none]))
    return statement, place
