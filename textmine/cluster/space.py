"""The space that notes are compared in: an encoder's vectors around their centre.

Vectors of e5 and its like lie in a narrow cone: what all have in common says nothing of themes.
Evening out the directions as well (whitening) was no better on notes and worse on SIB-200.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """Where the middle of all notes lies.

    Attributes
    ----------
    centre
        (dimensions,).
    """

    centre: Floats

    @staticmethod
    def fit(vectors: Floats) -> "Space":
        """Learn from the vectors of distinct texts, (texts, dimensions)."""
        return Space(vectors.astype(np.float64).mean(axis=0).astype(np.float32))

    def transform(self, vectors: Floats) -> Floats:
        """Place vectors: unit rows (texts, dimensions), each by itself."""
        placed = vectors - self.centre
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        out: Floats = (placed / np.maximum(lengths, 1e-12)).astype(np.float32)
        return out
