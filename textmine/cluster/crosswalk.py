"""Two years' groupings side by side: which themes are the same, and what grew, shrank, came, went.

Each year's notes are also put into the other year's groups. Two groups are the same theme if each
takes up most of what the other holds; a theme's share of either year is then set side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.cluster.state import NONE

Labels = npt.NDArray[np.intp]

_SAME = 0.3  # overlap from which two groups are one theme
_MOST = (
    0.5  # share of a group's notes that another takes up, for it to have come from or gone there
)
_LEVEL = 0.95

# What happened to a theme, as people read it.
GREW, SHRANK, STEADY = "ökade", "minskade", "ingen säker skillnad"
APPEARED, VANISHED = "ny", "borta"
PART_OF, WENT_INTO = "utbruten ur {}", "uppgick i {}"


@dataclass(frozen=True)
class Side:
    """One year's notes in groups.

    Attributes
    ----------
    ids, names
        Of the groups.
    own
        (notes,): each note's group, or NONE.
    across
        (notes,): the group of the other year that would take it up, or NONE.
    counted
        (notes,): who or what is counted; notes with the same value count once in a group.
    """

    ids: Sequence[str]
    names: Sequence[str]
    own: Labels
    across: Labels
    counted: Sequence[object]


@dataclass(frozen=True)
class Bridge:
    """Two groupings compared.

    Attributes
    ----------
    crosswalk
        A row for each two groups that share notes, those most alike first: `earlier`,
        `earlier_name`, `later`, `later_name`, `to_later` (share of the earlier group's notes that
        the later one takes up), `to_earlier` (the reverse), `overlap` (their geometric mean).
    table
        A row a theme, in the order of the earlier groups, then the new ones: `earlier`, `later`,
        `name` (the later one where there are two), `n_earlier`, `n_later`, `share_earlier`,
        `share_later`, `difference`, `low`, `high` (95 % interval of the difference), `change`.
    """

    crosswalk: pd.DataFrame
    table: pd.DataFrame


def compare(earlier: Side, later: Side) -> Bridge:
    """Compare two years' groupings."""
    to_later = _shares(earlier, len(later.ids))
    to_earlier = _shares(later, len(earlier.ids)).T
    overlap = np.sqrt(to_later * to_earlier)
    partner = _pairs(overlap)
    rows = [
        _row(earlier, i, later, partner.get(i), _went(to_later[i], later.ids, WENT_INTO, VANISHED))
        for i in range(len(earlier.ids))
    ]
    taken = set(partner.values())
    for j in range(len(later.ids)):
        if j not in taken:
            came = _went(to_earlier[:, j], earlier.ids, PART_OF, APPEARED)
            rows.append(_row(earlier, None, later, j, came))
    return Bridge(_crosswalk(earlier, later, to_later, to_earlier, overlap), pd.DataFrame(rows))


def _shares(side: Side, others: int) -> npt.NDArray[np.float64]:
    """Share of each group's notes that each group of the other year takes up."""
    counts = np.zeros((len(side.ids), others))
    both = (side.own != NONE) & (side.across != NONE)
    np.add.at(counts, (side.own[both], side.across[both]), 1)
    sizes = np.bincount(side.own[side.own != NONE], minlength=len(side.ids))
    shares: npt.NDArray[np.float64] = counts / np.maximum(sizes, 1)[:, None]
    return shares


def _pairs(overlap: npt.NDArray[np.float64]) -> dict[int, int]:
    """The later group that is the same theme as an earlier one, each used once."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-overlap)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if overlap[i, j] >= _SAME}


def _went(shares: npt.NDArray[np.float64], ids: Sequence[str], there: str, nowhere: str) -> str:
    """Say what became of a group without a partner, or where it came from."""
    if len(shares) and shares.max() >= _MOST:
        return there.format(ids[int(shares.argmax())])
    return nowhere


def _row(earlier: Side, i: int | None, later: Side, j: int | None, alone: str) -> dict[str, object]:
    """One theme: counts, shares, their difference, and what that means."""
    n_earlier, of_earlier = _count(earlier, i)
    n_later, of_later = _count(later, j)
    low, high = difference_interval(n_earlier, of_earlier, n_later, of_later)
    change = alone
    if i is not None and j is not None:
        change = GREW if low > 0 else SHRANK if high < 0 else STEADY
    return {
        "earlier": None if i is None else earlier.ids[i],
        "later": None if j is None else later.ids[j],
        "name": later.names[j] if j is not None else earlier.names[i or 0],
        "n_earlier": n_earlier,
        "n_later": n_later,
        "share_earlier": n_earlier / of_earlier,
        "share_later": n_later / of_later,
        "difference": n_later / of_later - n_earlier / of_earlier,
        "low": low,
        "high": high,
        "change": change,
    }


def _count(side: Side, group: int | None) -> tuple[int, int]:
    """How many are in a group, and how many there are in all."""
    counted = np.asarray(side.counted, object)
    mine = () if group is None else counted[side.own == group]
    return len(set(mine)), max(1, len(set(counted)))


def difference_interval(
    n_earlier: int, of_earlier: int, n_later: int, of_later: int
) -> tuple[float, float]:
    """95 % interval of a difference between two shares, later minus earlier.

    The hybrid score interval without continuity correction (Newcombe, 1998, method 10).
    """
    from scipy.stats import binomtest

    p, q = n_later / of_later, n_earlier / of_earlier
    one = binomtest(n_later, of_later).proportion_ci(_LEVEL, method="wilson")
    two = binomtest(n_earlier, of_earlier).proportion_ci(_LEVEL, method="wilson")
    low = p - q - np.hypot(p - one.low, two.high - q)
    high = p - q + np.hypot(one.high - p, q - two.low)
    return float(low), float(high)


def _crosswalk(
    earlier: Side,
    later: Side,
    to_later: npt.NDArray[np.float64],
    to_earlier: npt.NDArray[np.float64],
    overlap: npt.NDArray[np.float64],
) -> pd.DataFrame:
    """The groups that share notes, those most alike first."""
    found = np.argwhere((to_later > 0) | (to_earlier > 0))
    table = pd.DataFrame(
        {
            "earlier": [earlier.ids[i] for i, _ in found],
            "earlier_name": [earlier.names[i] for i, _ in found],
            "later": [later.ids[j] for _, j in found],
            "later_name": [later.names[j] for _, j in found],
            "to_later": [to_later[i, j] for i, j in found],
            "to_earlier": [to_earlier[i, j] for i, j in found],
            "overlap": [overlap[i, j] for i, j in found],
        }
    )
    return table.sort_values("overlap", ascending=False, kind="stable", ignore_index=True)
