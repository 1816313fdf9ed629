"""Which statements of the earlier survey a person codes again, by the later survey's codebook."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError
from textmine.report.findings.said import codes_of

SEED = 0
LEAST = 20  # statements that a bridge needs
Stratum = tuple[str, tuple[str, ...]]  # context, and codes of the rows' dimension


@dataclass(frozen=True)
class Strata:
    """The earlier survey's statements by area and category; those alike are one.

    Attributes
    ----------
    of
        Stratum of each distinct statement.
    row
        The first of its rows.
    """

    of: Sequence[Stratum]
    row: Sequence[int]

    @staticmethod
    def read(year: SurveyYear) -> "Strata":
        """Find them."""
        codes = [codes_of(value) for value in year.statements[year.layout.rows]]
        first: dict[tuple[Stratum, str], int] = {}
        rows = zip(year.contexts, codes, year.statements["text"].astype(str), strict=True)
        for at, (context, category, text) in enumerate(rows):
            first.setdefault(((context, category), " ".join(text.split())), at)
        return Strata([stratum for stratum, _ in first], list(first.values()))

    def sizes(self) -> dict[Stratum, int]:
        """Distinct statements in each stratum."""
        out: dict[Stratum, int] = {}
        for stratum in self.of:
            out[stratum] = out.get(stratum, 0) + 1
        return out


def draw_sample(year: SurveyYear, size: int, seed: int = SEED) -> list[int]:
    """Draw statements at random within strata, and give their rows in the table's order.

    A stratum gets a number that grows with the root of its size: small categories need some
    statements for their own sake, large ones weigh more in the whole.

    Raises
    ------
    TextmineError
        If the sample is smaller than a bridge needs.
    """
    if size < LEAST:
        raise TextmineError(
            f"A bridge of {size} statements is too weak; draw {LEAST} or more, better 200."
        )
    strata = Strata.read(year)
    sizes = strata.sizes()
    shares = allocate(list(sizes.values()), size)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(strata.row))
    left = dict(zip(sizes, shares, strict=True))
    chosen = []
    for at in order:
        if left[strata.of[at]]:
            left[strata.of[at]] -= 1
            chosen.append(strata.row[at])
    return sorted(chosen)


def allocate(sizes: Sequence[int], total: int) -> list[int]:
    """Share out a sample over strata in proportion to the roots of their sizes, none too many."""
    whole = np.array(sizes, float)
    total = min(total, int(whole.sum()))
    given = np.zeros(len(whole))
    while given.sum() < total:
        room = whole - given
        roots = np.where(room > 0, np.sqrt(whole), 0)
        wanted = np.minimum(room, roots / roots.sum() * (total - given.sum()))
        step = np.floor(wanted)
        if not step.any():  # fewer left than strata: one each to those that lack most
            step[np.argsort(-wanted, kind="stable")[: int(total - given.sum())]] = 1
        given += step
    return [int(n) for n in given]
