"""How unlike anything the coder has seen a statement is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.coding.features import Vectors

_STEPS = 200  # points of the table from distance to share


@dataclass
class Novelty:
    """Mahalanobis distance from the statements seen, as a share of held-out ones that lie nearer.

    Attributes
    ----------
    whiten
        (dimensions, dimensions): maps a vector to where seen statements spread evenly.
    center
        (dimensions,).
    quantiles
        Distances of held-out statements, at even shares from 0 to 1.
    """

    whiten: npt.NDArray[np.float32]
    center: npt.NDArray[np.float32]
    quantiles: npt.NDArray[np.float64]

    @staticmethod
    def fit(
        vectors: Vectors, learning: npt.NDArray[np.intp], held: npt.NDArray[np.intp]
    ) -> "Novelty":
        """Learn the spread on some statements and the usual distances on others."""
        from sklearn.covariance import LedoitWolf

        model = LedoitWolf().fit(vectors[learning])
        values, directions = np.linalg.eigh(model.precision_)
        whiten = (directions * np.sqrt(np.maximum(values, 0))).astype(np.float32)
        out = Novelty(whiten, model.location_.astype(np.float32), np.zeros(_STEPS + 1))
        out.quantiles = np.quantile(out.distance(vectors[held]), np.linspace(0, 1, _STEPS + 1))
        return out

    def distance(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """Distance of each vector from the statements seen."""
        spread = (vectors - self.center).astype(np.float64) @ self.whiten.astype(np.float64)
        out: npt.NDArray[np.float64] = np.sqrt((spread**2).sum(axis=1))
        return out

    def share(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """Share of held-out statements that lie nearer, 0 to 1."""
        shares = np.linspace(0, 1, len(self.quantiles))
        out: npt.NDArray[np.float64] = np.interp(self.distance(vectors), self.quantiles, shares)
        return out
