"""How far probabilities keep what they promise."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_BINS = 10


def _bins(probability: Floats, right: npt.NDArray[np.bool_]) -> list[tuple[int, float, float]]:
    """Part by probability into bins of equal width: size, mean probability, share right."""
    which = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    members = [which == b for b in range(_BINS)]
    return [
        (int(mine.sum()), float(probability[mine].mean()), float(right[mine].mean()))
        for mine in members
        if mine.any()
    ]


def calibration_error(probability: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins: mean gap of probability and accuracy."""
    n = max(1, len(probability))
    return sum(size * abs(mean - share) for size, mean, share in _bins(probability, right)) / n


def reliability(probability: Floats, right: npt.NDArray[np.bool_]) -> list[dict[str, float]]:
    """Mean probability beside the share that was right, bin by bin: a reliability diagram."""
    return [
        {"n": size, "probability": round(mean, 4), "accuracy": round(share, 4)}
        for size, mean, share in _bins(probability, right)
    ]
