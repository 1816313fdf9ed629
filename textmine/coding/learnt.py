"""All that a fitted coder knows, apart from how it is fitted and used."""

from dataclasses import dataclass, field
from typing import Any

from textmine.coding.dimension import DimensionModel
from textmine.coding.novelty import Novelty
from textmine.coding.views import View


@dataclass
class Learnt:
    """What `Coder.fit` learns, and what a model folder holds."""

    view: View
    novelty: Novelty
    dimensions: dict[str, DimensionModel]
    provenance: dict[str, Any] = field(default_factory=dict)
    identity: str | None = None  # hash of the files it was loaded from

    def thresholds(self, budget: float) -> dict[str, float]:
        """The lowest probability, per dimension, that keeps to an error budget."""
        return {name: model.evidence.threshold(budget) for name, model in self.dimensions.items()}
