"""The space that notes are compared in: what an encoder says of them, and their words.

Vectors of e5 and its like lie in a narrow cone: what all have in common says nothing of themes, so
they are taken around their centre. Evening out the directions as well (whitening) was no better on
notes and worse on SIB-200. Beside an encoder as small as ours the words themselves tell as much:
stems and runs of letters, so that a compound meets its parts, weighed by how rare they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.cluster.words import pieces

Floats = npt.NDArray[np.float32]

_PIECES = 4096  # numbers that stand for words; which word has which is decided by a hash
_WORDS = 0.6  # length of the words' part, against 1 for the encoder's
_PORTION = 1024  # texts placed at once


@dataclass(frozen=True)
class Space:
    """Where the middle of all notes lies, and how rare words are.

    Attributes
    ----------
    centre
        (encoder's dimensions,).
    rarity
        (_PIECES,): inverse document frequency.
    middle
        (_PIECES,): the mean of the words' parts.
    """

    centre: Floats
    rarity: Floats
    middle: Floats

    @staticmethod
    def fit(vectors: Floats, texts: Sequence[str]) -> "Space":
        """Learn from distinct texts and their vectors, (texts, dimensions)."""
        counts = _counts(texts)
        found = np.bincount(counts.indices, minlength=_PIECES)
        rarity = (np.log((1 + len(texts)) / (1 + found)) + 1).astype(np.float32)
        middle = np.zeros(_PIECES)
        for at in range(0, len(texts), _PORTION):
            middle += _weighed(counts[at : at + _PORTION], rarity).sum(axis=0, dtype=np.float64)
        return Space(
            vectors.mean(axis=0, dtype=np.float64).astype(np.float32),
            rarity,
            (middle / max(1, len(texts))).astype(np.float32),
        )

    def transform(self, vectors: Floats, texts: Sequence[str]) -> Floats:
        """Place texts: unit rows (texts, dimensions + _PIECES), each by itself."""
        counts = _counts(texts)
        out = np.empty((len(texts), vectors.shape[1] + _PIECES), np.float32)
        for at in range(0, len(texts), _PORTION):
            here = slice(at, at + _PORTION)
            words = _weighed(counts[here], self.rarity)
            # A text of stop words alone is placed by its vector alone.
            some = words.any(axis=1, keepdims=True)
            words = _WORDS * _unit(np.where(some, words - self.middle, 0.0))
            out[here] = _unit(np.hstack([_unit(vectors[here] - self.centre), words]))
        return out


def _counts(texts: Sequence[str]) -> Any:
    """Count pieces of words: a sparse matrix (texts, _PIECES), with signs against clashes."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer=pieces, n_features=_PIECES, norm=None, alternate_sign=True, dtype=np.float32
    )
    counts = hashing.transform(texts)
    counts.eliminate_zeros()
    return counts


def _weighed(counts: Any, rarity: Floats) -> Floats:
    """Weigh pieces by how often they stand in a text, dampened, and how rare they are."""
    dense: Floats = counts.toarray()
    weighed = np.sign(dense) * np.log1p(np.abs(dense)) * rarity
    return _unit(weighed.astype(np.float32))


def _unit(rows: npt.NDArray[np.floating[Any]]) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    out: Floats = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return out
