"""How much better a model became, and whether that can be told from chance."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

_DRAWS = 1000
_LEVEL = (2.5, 97.5)  # percentiles of a 95 % interval
_DECIMALS = 4


def paired_gain(before: Bools, after: Bools, groups: npt.NDArray[np.intp]) -> dict[str, Any]:
    """Compare two codings of the same statements with the right one.

    Parameters
    ----------
    before, after
        (statements,); whether each was right.
    groups
        (statements,); the answer of each: the interval comes from resampling whole answers.

    Returns
    -------
    dict
        `n`, the accuracy `before` and `after`, and their `difference` as [value, low, high] with a
        95 % interval.
    """
    numbers = np.unique(groups, return_inverse=True)[1]
    n_groups = int(numbers.max()) + 1
    sizes = np.bincount(numbers, minlength=n_groups)
    won = np.bincount(numbers, after.astype(float) - before.astype(float), minlength=n_groups)
    drawn = np.random.default_rng(0).multinomial(
        n_groups, np.full(n_groups, 1 / n_groups), size=_DRAWS
    )
    low, high = np.percentile((drawn @ won) / (drawn @ sizes), _LEVEL)
    difference = (won.sum() / sizes.sum(), low, high)
    return {
        "n": len(before),
        "before": round(float(before.mean()), _DECIMALS),
        "after": round(float(after.mean()), _DECIMALS),
        "difference": [round(float(x), _DECIMALS) for x in difference],
    }


def describe_gain(gain: Mapping[str, Any]) -> str:
    """Say in a line what was gained; better or worse only where the interval leaves 0 out."""
    _, low, high = gain["difference"]
    verdict = "better" if low > 0 else "worse" if high < 0 else "no difference shown"
    return (
        f"{gain['before']:.1%} → {gain['after']:.1%} right on {gain['n']:,} held-out decisions "
        f"({100 * low:+.1f} to {100 * high:+.1f} points: {verdict})"
    )
