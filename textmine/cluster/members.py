"""Whom a group is for: groups as classes of a small classifier, and what is like none of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.cluster.space import Floats

Labels = npt.NDArray[np.intp]
Weights = npt.NDArray[np.float64]

_STRENGTH = 10.0  # inverse of the L2 penalty, for unit vectors
_NEAREST = 3  # members whose mean cosine tells how much at home a text is


@dataclass(frozen=True)
class Members:
    """A linear score for each group, and how near members lie to each other.

    Attributes
    ----------
    weights, bias
        (dimensions, groups), (groups,).
    places, labels
        The members that were learnt from, (texts, dimensions) and (texts,).
    usual
        Sorted: for each member, the mean cosine to its nearest other members.
    """

    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    places: Floats
    labels: Labels
    usual: npt.NDArray[np.float64]

    @staticmethod
    def fit(places: Floats, labels: Labels, weights: Weights, number: int) -> "Members":
        """Learn from members: unit rows, their groups (0 to `number` - 1), and what each counts."""
        from sklearn.linear_model import LogisticRegression

        present = np.unique(labels)
        linear = np.zeros((places.shape[1], number))
        bias = np.full(number, -1e3)
        bias[present] = 0.0
        if len(present) > 1:
            balance = len(labels) / len(present) / np.bincount(labels, weights, number)[labels]
            model = LogisticRegression(C=_STRENGTH, max_iter=1000, tol=1e-6)
            model.fit(places.astype(np.float64), labels, weights * np.sqrt(balance))
            if len(present) == 2:  # scikit-learn keeps one score for two classes
                linear[:, present] = np.stack([-model.coef_[0], model.coef_[0]], axis=1) / 2
                bias[present] = np.array([-model.intercept_[0], model.intercept_[0]]) / 2
            else:
                linear[:, present], bias[present] = model.coef_.T, model.intercept_
        usual = np.sort(_at_home(places, places, itself=True))
        return Members(linear, bias, places, labels, usual)

    def probabilities(self, places: Floats) -> npt.NDArray[np.float64]:
        """Probabilities of the groups: (texts, groups)."""
        from scipy.special import softmax

        scores = places.astype(np.float64) @ self.weights + self.bias
        return np.asarray(softmax(scores, axis=1))

    def novelty(self, places: Floats) -> npt.NDArray[np.float64]:
        """Share of the members that lie nearer to others than each text does to any, 0 to 1."""
        near = _at_home(places, self.places, itself=False)
        shares: npt.NDArray[np.float64] = 1 - np.searchsorted(self.usual, near) / max(
            1, len(self.usual)
        )
        return shares


def _at_home(places: Floats, members: Floats, *, itself: bool) -> npt.NDArray[np.float64]:
    """Mean cosine of each text to the members nearest to it."""
    out = np.empty(len(places))
    for at in range(0, len(places), 1024):
        near = (places[at : at + 1024] @ members.T).astype(np.float64).round(4)
        if itself:
            rows = np.arange(len(near))
            near[rows, rows + at] = -1.0
        number = min(_NEAREST, near.shape[1])
        out[at : at + 1024] = np.partition(near, -number, axis=1)[:, -number:].mean(axis=1)
    return out
