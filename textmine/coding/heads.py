"""Linear heads: scores for the codes of one dimension, turned into calibrated probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, log_expit, log_softmax, softmax

Floats = npt.NDArray[np.float64]
Matrix: TypeAlias = sparse.csr_matrix


@dataclass
class Head:
    """One dimension's codes under one context: a linear score for each, and their calibration.

    Attributes
    ----------
    codes
        Codes that were seen in training, in the codebook's order.
    weights
        (features, codes).
    bias
        (codes,).
    multiple
        Whether codes are judged one by one (a sigmoid each) or against each other (softmax).
    sharpness
        What scores are multiplied by before they become probabilities (1 / temperature).
    shift
        Added to the scores of a multi-label head, one a code.
    """

    codes: list[str]
    weights: npt.NDArray[np.float32]
    bias: Floats
    multiple: bool
    sharpness: float = 1.0
    shift: Floats = field(default_factory=lambda: np.zeros(0))

    def scores(self, features: Matrix) -> Floats:
        """Scores before calibration, (statements, codes)."""
        out: Floats = features.astype(np.float64) @ self.weights.astype(np.float64) + self.bias
        return out

    def probabilities(self, features: Matrix) -> Floats:
        """Calibrated probabilities, (statements, codes)."""
        return self.calibrated(self.scores(features))

    def calibrated(self, scores: Floats) -> Floats:
        """Turn scores into probabilities."""
        if self.multiple:
            shifted = scores * self.sharpness + (self.shift if len(self.shift) else 0.0)
            return np.asarray(expit(shifted))
        return np.asarray(softmax(scores * self.sharpness, axis=1))


def fit_head(
    features: Matrix,
    labels: npt.NDArray[np.bool_],
    codes: Sequence[str],
    *,
    multiple: bool,
    strength: float,
    weights: Floats | None = None,
) -> Head | None:
    """Fit a head on statements with known codes.

    Parameters
    ----------
    features
        (statements, features).
    labels
        (statements, codes); single-label rows have exactly one code.
    codes
        Names of the columns of `labels`.
    strength
        Inverse strength of the L2 penalty (scikit-learn's C).
    weights
        (statements,); how much each counts, 1 by default.

    Returns
    -------
    Head or None
        None if no code was ever given.
    """
    from sklearn.linear_model import LogisticRegression

    used = [i for i in range(len(codes)) if labels[:, i].any()]
    if not used:
        return None
    names = [codes[i] for i in used]
    if multiple:
        columns = [i for i in used if not labels[:, i].all()]
        fits = [
            LogisticRegression(C=strength, max_iter=1000).fit(features, labels[:, i], weights)
            for i in columns
        ]
        rows = np.zeros((features.shape[1], len(used)), np.float32)
        bias = np.full(len(used), 10.0)  # a code that every example has
        for i, fit in zip(columns, fits, strict=True):
            rows[:, used.index(i)] = fit.coef_[0]
            bias[used.index(i)] = fit.intercept_[0]
        return Head(names, rounded(rows), bias, multiple=True)
    if len(used) == 1:
        return Head(
            names, np.zeros((features.shape[1], 1), np.float32), np.zeros(1), multiple=False
        )
    target = labels[:, used].argmax(axis=1)
    fit = LogisticRegression(C=strength, max_iter=1000).fit(features, target, weights)
    coefficients, intercept = fit.coef_, fit.intercept_
    if len(used) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercept = np.r_[-intercept, intercept] / 2
    return Head(names, rounded(coefficients.T), intercept, multiple=False)


def rounded(weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Round to the float16 precision of model files: a saved coder must equal the live one."""
    return weights.astype(np.float16).astype(np.float32)


def fit_sharpness(scores: Sequence[Floats], truth: Sequence[npt.NDArray[np.int64]]) -> float:
    """Find the one sharpness under which held-out codes are likeliest (temperature scaling).

    Parameters
    ----------
    scores, truth
        For each head of a dimension: held-out scores (statements, codes) and the right column.
    """

    def surprise(log_sharpness: float) -> float:
        sharpness = np.exp(log_sharpness)
        likelihood = sum(
            log_softmax(s * sharpness, axis=1)[np.arange(len(t)), t].sum()
            for s, t in zip(scores, truth, strict=True)
            if len(t)
        )
        return -float(likelihood)

    from scipy import optimize

    if not any(len(t) for t in truth):
        return 1.0
    found = optimize.minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded")
    return float(np.exp(found.x))


def fit_shift(scores: Floats, labels: npt.NDArray[np.bool_]) -> tuple[float, Floats]:
    """Find a common sharpness and a shift for each code of a multi-label head (Platt scaling)."""
    from scipy import optimize

    n_codes = scores.shape[1]

    def surprise(parameters: Floats) -> float:
        shifted = scores * np.exp(parameters[0]) + parameters[1:]
        likelihood = np.where(labels, log_expit(shifted), log_expit(-shifted))
        # A light pull towards no shift keeps codes with few examples sane.
        return float(-likelihood.sum() + 0.5 * (parameters**2).sum())

    found = optimize.minimize(surprise, np.zeros(1 + n_codes), method="L-BFGS-B")
    return float(np.exp(found.x[0])), found.x[1:]
