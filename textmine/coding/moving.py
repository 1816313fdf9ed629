"""The arithmetic of moving linear heads: a penalised difference in the span of some statements.

The difference between a head and the head it was lies in the span of the statements that it learns
from, so it is sought among as many numbers as there are statements, and of very many in the span
of some (Williams & Seeger, 2001). What a code learns under one context goes in part for the others
(Daumé III, 2007).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize, sparse
from scipy.special import expit, log_expit, log_softmax, softmax

from textmine.coding.heads import Floats

Rows = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]

NEVER = -1e9  # score of a code that a head does not have
_HARDLY = -1e6  # below any score that a head gives

# Chosen on the answers of 2021, for a tuned encoder and for frozen ones.
PULL = 0.5  # penalty on what heads move, where vectors and words have length 1 on average
_BIAS = 0.01  # how freely a code's commonness moves, against 1 for what it looks like
_SHARED = 0.7  # of what a code learns under one context, how much goes for the others
_LANDMARKS = 500  # statements in whose span the difference is sought, at most


@dataclass(frozen=True)
class Space:
    """Statements' features, and the scale on which their vectors and their words count alike.

    Attributes
    ----------
    features
        (statements, features), vectors first.
    vectors, words
        The two parts by themselves.
    scales
        1 over the mean squared length, of vectors and of words.
    """

    features: sparse.csr_matrix
    vectors: Floats
    words: sparse.csr_matrix
    scales: tuple[float, float]

    @staticmethod
    def of(features: sparse.csr_matrix, n_words: int) -> "Space":
        """Take features apart; the last `n_words` are words."""
        first = features.shape[1] - n_words
        vectors = features[:, :first].toarray().astype(np.float64)
        words = features[:, first:].astype(np.float64)
        lengths = ((vectors**2).sum() / len(vectors), words.multiply(words).sum() / len(vectors))
        over_vectors, over_words = (1 / float(length) if length else 1.0 for length in lengths)
        return Space(features.astype(np.float64), vectors, words, (over_vectors, over_words))

    @property
    def column_scales(self) -> Floats:
        """The scale of each feature."""
        return np.repeat(np.array(self.scales), [self.vectors.shape[1], self.words.shape[1]])

    def likeness(self, one: Rows, two: Rows) -> Floats:
        """Products of rows with rows, with what all have in common."""
        over_vectors, over_words = self.scales
        like: Floats = over_vectors * (self.vectors[one] @ self.vectors[two].T)
        like += over_words * (self.words[one] @ self.words[two].T).toarray()
        return like + _BIAS


@dataclass(frozen=True)
class Span:
    """Statements by coordinates whose products are their likenesses under their contexts.

    Attributes
    ----------
    rows
        The statements, as rows of the space.
    places
        (rows, coordinates).
    landmarks
        The rows that the coordinates come from.
    corner
        Lower triangle that turns coordinates back into shares of landmarks.
    """

    rows: Rows
    places: Floats
    landmarks: Rows
    corner: Floats

    @staticmethod
    def of(space: Space, contexts: Objects, rows: Rows) -> "Span":
        """Find the coordinates of rows."""
        some = np.linspace(0, len(rows) - 1, min(len(rows), _LANDMARKS)).round().astype(np.intp)
        landmarks = rows[some]
        like = space.likeness(rows, landmarks) * _shared(contexts[rows], contexts[landmarks])
        corner = linalg.cholesky(like[some] + 1e-6 * np.eye(len(some)), lower=True)
        places = linalg.solve_triangular(corner, like.T, lower=True).T
        return Span(rows, places, landmarks, corner)

    def find(self, start: Floats, truth: Bools, learning: Bools, *, multiple: bool) -> Floats:
        """Find the difference, (coordinates, codes), that makes codes likelier.

        Parameters
        ----------
        start
            (rows, codes); scores of the head as it was, NEVER where it has no such code.
        truth
            (rows, codes).
        learning
            Which of the rows to learn from.
        multiple
            Whether codes are judged one by one.
        """
        places = self.places[learning].astype(np.float32)  # twice as fast, and precise enough
        before, right = start[learning], truth[learning]
        allowed = there(before)
        shape = (places.shape[1], right.shape[1])

        def surprise(flat: Floats) -> tuple[float, Floats]:
            moved = flat.reshape(shape)
            scores = before + places @ moved.astype(np.float32)
            if multiple:
                gap = np.where(allowed, expit(scores) - right, 0.0)
            else:
                gap = softmax(scores, axis=1) - right
            total = surprises(scores, right, multiple=multiple).sum() + PULL / 2 * (flat @ flat)
            return float(total), (places.T @ gap.astype(np.float32) + PULL * moved).ravel()

        found = optimize.minimize(
            surprise, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"ftol": 1e-6}
        )
        out: Floats = found.x.reshape(shape)
        return out

    def weights(
        self, found: Floats, space: Space, contexts: Objects, context: str
    ) -> tuple[Floats, Floats]:
        """Turn a difference into one of a head's weights and bias under a context."""
        shares = linalg.solve_triangular(self.corner, found, lower=True, trans="T")
        shares = shares * _shared(contexts[self.landmarks], np.array([context], object))
        weights = (space.features[self.landmarks].T @ shares) * space.column_scales[:, None]
        return weights, _BIAS * shares.sum(axis=0)


def _shared(one: Objects, two: Objects) -> Floats:
    """How much rows under one context tell of rows under another."""
    return np.where(one[:, None] == two[None, :], 1.0, _SHARED)


def there(scores: Floats) -> Bools:
    """Tell which scores are of codes that the row's head has."""
    return np.asarray(scores > _HARDLY)


def surprises(scores: Floats, truth: Bools, *, multiple: bool) -> Floats:
    """Negative log-likelihood of each row's codes; scores of NEVER are no codes of that row."""
    if multiple:
        likelihood = np.where(truth, log_expit(scores), log_expit(-scores))
    else:
        likelihood = np.where(truth, log_softmax(scores, axis=1), 0.0)
    return np.asarray(-np.where(there(scores), likelihood, 0.0).sum(axis=1))
