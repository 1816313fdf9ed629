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
import pandas as pd

from textmine.codebook import Codebook
from textmine.report.summary import UNCODED
from textmine.review.counts.counting import UNITS, CellTable
from textmine.review.counts.imputation import Imputation

SAMPLE, MODEL = "stickprov", "modell"  # what an estimate rests on
_LOW, _HIGH = 0.025, 0.975
_ONE, _SHARE, _SETTLED = 1, 0.05, 0.95  # of the stopping rule


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
    table = CellTable.read(statements, codebook)
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
            if row == UNCODED and max(counted[:, c, r].max(), high[:, c, r].max()) == 0:
                continue
            for k, column in enumerate(["", *table.columns]):
                for u, unit in enumerate(UNITS):
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
    table = CellTable.read(statements, codebook)
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
