"""The error budget: which statements the machine may code alone."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
_GRID = np.round(np.arange(1.0, 0.0, -0.01), 2)  # thresholds from strict to lenient


@dataclass(frozen=True)
class Evidence:
    """Held-out statements of one dimension: their probability, and whether the code was right."""

    probability: Floats
    right: npt.NDArray[np.bool_]

    def threshold(self, budget: float) -> float:
        """Find the lowest probability that keeps the error within a budget.

        Thresholds are tested from strict to lenient, each by an exact binomial (Clopper-Pearson)
        upper bound of the error above it, and the first failure ends the search (fixed-sequence
        testing): with 95 % confidence the share of wrong codes above the threshold is at most
        `budget`, if the statements to come are like the held-out ones.

        Returns
        -------
        float
            Above 1 if no threshold keeps the budget: then everything is reviewed.
        """
        best = 1.01
        # Fewer statements than this could hardly pass even with no error among them.
        fewest = 2 * math.log(1 - CONFIDENCE) / math.log(1 - min(max(budget, 1e-6), 0.999999))
        for threshold in _GRID:
            above = self.probability >= threshold
            n = int(above.sum())
            if n < fewest:
                continue
            wrong = n - int(self.right[above].sum())
            if upper_bound(wrong, n) > budget:
                break
            best = float(threshold)
        return best


def upper_bound(wrong: int, n: int) -> float:
    """One-sided 95 % Clopper-Pearson bound of an error rate, from `wrong` of `n`."""
    return 1.0 if wrong >= n else float(betaincinv(wrong + 1, n - wrong, CONFIDENCE))
