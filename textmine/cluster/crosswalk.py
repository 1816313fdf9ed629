"""Two years' groupings side by side: which themes are the same, and what grew, shrank, came, went.

Each year's notes are also put into the other year's groups. Two groups are the same theme if each
takes up much of what the other holds; a theme's share of either year is then set side by side. A
group without such a partner is set beside the other year's notes that would join it.
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
APPEARED, VANISHED, NO_PARTNER = "ny", "borta", "ingen motsvarande grupp"
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
        `share_later`, `difference`, `low`, `high` (95 % interval of the difference), `change`. For
        a group without a partner the other year's number is of notes that would join it.
    """

    crosswalk: pd.DataFrame
    table: pd.DataFrame


def compare(earlier: Side, later: Side) -> Bridge:
    """Compare two years' groupings."""
    to_later = _shares(earlier, len(later.ids))
    to_earlier = _shares(later, len(earlier.ids)).T
    overlap = np.sqrt(to_later * to_earlier)
    partner = _pairs(overlap)
    of_earlier, of_later = (max(1, len(set(side.counted))) for side in (earlier, later))
    rows = []
    for i in range(len(earlier.ids)):
        j = partner.get(i)
        n_later = _count(later, later.across == i) if j is None else _count(later, later.own == j)
        row = _row(_count(earlier, earlier.own == i), of_earlier, n_later, of_later)
        if j is None:
            found = _went(to_later[i], later.ids, WENT_INTO)
            change = found or (VANISHED if row["high"] < 0 else NO_PARTNER)
        else:
            change = GREW if row["low"] > 0 else SHRANK if row["high"] < 0 else STEADY
        name = earlier.names[i] if j is None else later.names[j]
        rows.append(_named(earlier.ids[i], None if j is None else later.ids[j], name, row, change))
    for j in sorted(set(range(len(later.ids))) - set(partner.values())):
        n_earlier = _count(earlier, earlier.across == j)
        row = _row(n_earlier, of_earlier, _count(later, later.own == j), of_later)
        found = _went(to_earlier[:, j], earlier.ids, PART_OF)
        change = found or (APPEARED if row["low"] > 0 else NO_PARTNER)
        rows.append(_named(None, later.ids[j], later.names[j], row, change))
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


def _went(shares: npt.NDArray[np.float64], ids: Sequence[str], said: str) -> str | None:
    """Say which group most notes of one without a partner went to or came from, if any."""
    return said.format(ids[int(shares.argmax())]) if shares.max() >= _MOST else None


def _count(side: Side, chosen: npt.NDArray[np.bool_]) -> int:
    return len(set(np.asarray(side.counted, object)[chosen]))


def _row(n_earlier: int, of_earlier: int, n_later: int, of_later: int) -> dict[str, float]:
    """Counts, shares and their difference."""
    low, high = difference_interval(n_earlier, of_earlier, n_later, of_later)
    return {
        "n_earlier": n_earlier,
        "n_later": n_later,
        "share_earlier": n_earlier / of_earlier,
        "share_later": n_later / of_later,
        "difference": n_later / of_later - n_earlier / of_earlier,
        "low": low,
        "high": high,
    }


def _named(
    earlier: str | None, later: str | None, name: str, row: dict[str, float], change: str
) -> dict[str, object]:
    return {"earlier": earlier, "later": later, "name": name, **row, "change": change}


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
