"""Counts with intervals that account for the machine's error, and when further review is idle.

People's decisions are taken as true. What nobody decided is imputed many times (Rubin 1987): the
machine's errors are drawn from what the decided statements tell of them (`error_model`), true codes
are drawn given those, and respondents and statements are counted in every draw. For statements this
is the calibration estimator of misclassification (Kloos, Meertens, Scholtus & Karch 2021) with a
prior; respondents, who count once in a cell, need the draws.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.report.summary import UNCODED, Layout
from textmine.review.error_model import Flags, Places
from textmine.review.imputation import Codes, Imputation

SAMPLE, MODEL = "stickprov", "modell"  # what an estimate rests on
RESPONDENTS, STATEMENTS = "respondents", "statements"
_UNITS = (RESPONDENTS, STATEMENTS)
_LOW, _HIGH = 0.025, 0.975
_ONE, _SHARE, _SETTLED = 1, 0.05, 0.95  # of the stopping rule

Counts = npt.NDArray[np.int64]  # (units, contexts, row codes + none, all + column codes)


def estimate_counts(
    statements: pd.DataFrame, codebook: Codebook, *, draws: int = 400, seed: int = 0
) -> pd.DataFrame:
    """Count respondents and statements in each cell, corrected for the machine's error.

    Parameters
    ----------
    statements
        One row a statement: `respondent` (or `answer_id`), the columns that the codebook depends
        on, for every dimension its code in force, `_prob`, `_second` and `_second_prob` (of the
        machine's, where nobody decided), `_machine` and `_machine_prob` (what the machine had
        said); `source`, `flagged`, and `audited`: decided as a member of the random quality sample
        of what the machine coded alone. Rows alike in `passage`, `start` and `end`, if those are
        there, are one statement to the coder: they are right or wrong together.
    codebook
        By which they are coded.
    draws, seed
        Of the imputation. Neither depends on the order of the rows, given `passage` or
        `statement_id`.

    Returns
    -------
    DataFrame
        Rows as `summarise` has them, in long form: `context`, `row` (a code; '' for none), `column`
        (a code of the crossed dimension; '' for all), `unit` (`respondents`, `statements`);
        `counted` as coded now, `certain` without what was flagged and not decided, `estimate` with
        its 95 % interval `low`, `high`; `of`, how many there are in the context, and `share`,
        `share_low`, `share_high` of them; `basis`: `stickprov` if a quality sample tells of the
        machine's errors, `modell` if only its own probabilities do.
    """
    table = _Table.read(statements, codebook)
    known = Imputation.read(statements, codebook, table.names)
    counted = table.count(known.codes)
    certain = table.count(known.codes, ~(known.open & known.flagged))
    drawn = np.stack([table.count(codes) for codes in known.draw(known.open, draws, seed)])
    estimate = drawn.mean(axis=0)
    # The mean of a cell that is hardly ever hit may lie outside of its quantiles.
    low = np.minimum(np.quantile(drawn, _LOW, axis=0, method="lower"), estimate)
    high = np.maximum(np.quantile(drawn, _HIGH, axis=0, method="higher"), estimate)
    rows = []
    for c, context in enumerate(table.contexts):
        for r, row in table.rows_under(context):
            if row == UNCODED and high[:, c, r].max() == 0:
                continue
            for k, column in enumerate(["", *table.columns]):
                for u, unit in enumerate(_UNITS):
                    at = (u, c, r, k)
                    numbers = (counted[at], certain[at], estimate[at], low[at], high[at])
                    rows.append((context, row, column, unit, *numbers, table.sizes[u, c]))
    names = ["context", "row", "column", "unit", "counted", "certain", "estimate", "low", "high"]
    out = pd.DataFrame(rows, columns=[*names, "of"])
    whole = out["of"].where(out["of"] > 0)
    for share, number in (("share", "estimate"), ("share_low", "low"), ("share_high", "high")):
        out[share] = out[number] / whole
    return out.assign(basis=SAMPLE if known.audited else MODEL)


@dataclass(frozen=True)
class Stability:
    """What reviewing all that is flagged would do to the counts of respondents.

    Attributes
    ----------
    left
        Flagged statements that nobody has decided.
    changing
        Expected share of cells that would change by more than 1 respondent and by more than 5 %,
        of cells with any respondent.
    mean_change
        Expected change of a cell, in respondents.
    greatest
        The greatest change of any cell is at most this, in 95 % of draws.
    settled
        At least this share of cells would change by no more than 1 respondent or 5 %, in 95 % of
        draws.
    """

    left: int
    changing: float
    mean_change: float
    greatest: float
    settled: float

    @property
    def stable(self) -> bool:
        """Whether review may stop."""
        return self.settled >= _SETTLED

    def text(self) -> str:
        """Say it in Swedish, for the page."""
        if not self.left:
            return "Alla flaggade utsagor är granskade."
        if self.stable:
            share = math.floor(round(100 * self.settled, 6))
            return (
                f"I minst {share}\u00a0% av rutorna väntas fortsatt granskning ändra antalet med "
                "högst 1 respondent eller 5\u00a0%; du kan sluta här."
            )
        share = math.ceil(round(100 * (1 - self.settled), 6))
        left = "den flaggade utsaga" if self.left == 1 else f"de {self.left} flaggade utsagor"
        return (
            f"Om {left} som är kvar granskas kan upp till {share}\u00a0% av rutorna ändras med mer "
            f"än 1 respondent och mer än 5\u00a0%, som mest med {self.greatest:.0f} respondenter; "
            "fortsätt granska."
        )


def stability(
    statements: pd.DataFrame, codebook: Codebook, *, draws: int = 200, seed: int = 0
) -> Stability:
    """Foresee how counts of respondents would change if all that is flagged were reviewed.

    Parameters
    ----------
    statements, codebook, draws, seed
        As for `estimate_counts`.
    """
    table = _Table.read(statements, codebook)
    known = Imputation.read(statements, codebook, table.names)
    left = known.open & known.flagged
    counted = table.cells(known.codes)
    changing, means, greatest = [], [], []
    for codes in known.draw(left, draws, seed):
        after = table.cells(codes)
        change = np.abs(after - counted)
        filled = max(1, int((np.maximum(after, counted) > 0).sum()))
        changing.append((change > np.maximum(_ONE, _SHARE * counted)).sum() / filled)
        means.append(change.sum() / filled)
        greatest.append(change.max(initial=0))
    return Stability(
        left=int(left.sum()),
        changing=float(np.mean(changing)),
        mean_change=float(np.mean(means)),
        greatest=float(np.quantile(greatest, 0.95, method="higher")),
        settled=1.0 - float(np.quantile(changing, 0.95, method="higher")),
    )


@dataclass(frozen=True)
class _Table:
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
    def read(statements: pd.DataFrame, codebook: Codebook) -> "_Table":
        layout = Layout.of(codebook)
        contexts, where = [""], np.zeros(len(statements), np.intp)
        if layout.context and layout.context in statements:
            column = statements[layout.context]
            names = {v: codebook.resolve(layout.context, v) or str(v) for v in column.unique()}
            known = list(codebook.columns[layout.context])
            contexts = [*known, *sorted(set(names.values()) - set(known))]
            place = {context: i for i, context in enumerate(contexts)}
            where = np.array([place[names[value]] for value in column], np.intp)
        who = _respondents(statements)
        number, pairs = pd.factorize(pd.MultiIndex.from_arrays([where, who]))
        home = np.array([context for context, _ in pairs], np.intp)
        return _Table(codebook, layout, contexts, where, number.astype(np.intp), home)

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
        out = np.zeros((len(_UNITS), len(self.contexts), n_rows, 1 + n_columns), np.int64)
        statement, row = _pairs(codes[self.layout.rows])
        if keep is not None:
            statement, row = statement[keep[statement]], row[keep[statement]]
        out[..., 0] = self._tally(statement, row, n_rows)
        if self.layout.columns:
            pair, column = _pairs(codes[self.layout.columns][statement])
            inner = row[pair] * (n_columns + 1) + column
            counts = self._tally(statement[pair], inner, n_rows * (n_columns + 1))
            shape = (len(_UNITS), len(self.contexts), n_rows, n_columns + 1)
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


def _respondents(statements: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Who said each statement: the respondent, or failing that the answer."""
    answers = statements["answer_id"] if "answer_id" in statements else statements.index.to_series()
    answers = "answer " + answers.astype(str)
    if "respondent" not in statements:
        return answers.to_numpy(object)
    named = "respondent " + statements["respondent"].astype("string")
    return named.astype(object).where(named.notna().to_numpy(), answers).to_numpy(object)


def _pairs(codes: npt.NDArray[np.generic]) -> tuple[Places, Places]:
    """List (statement, place of code); the place beyond the last code stands for none."""
    if codes.ndim == 1:
        return np.arange(len(codes)), codes.astype(np.intp)
    none = ~codes.any(axis=1, keepdims=True)
    statement, place = np.nonzero(np.hstack([codes, none]))
    return statement, place
