"""What a codebook says of its codes, as examples to learn from beside the coded statements.

With few coded statements definitions weigh much, with many next to nothing; a code that nobody has
given yet can be found by its definition alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from textmine.codebook import Codebook, Dimension

WEIGHT = 16.0  # of all that is said of a code, against 1 for a coded statement
NAME_WEIGHT = 3.0  # of a bare name: some tell what is meant ("Resor"), others nothing ("K7")


@dataclass(frozen=True)
class Lesson:
    """A text that stands for a code, under a context."""

    text: str
    context: str
    code: str
    weight: float


def lessons(codebook: Codebook, name: str, contexts: list[str]) -> list[Lesson]:
    """List what a codebook says of a dimension's codes under contexts: definitions, examples.

    Of a code without a definition and without examples only the name is left.
    """
    dimension = codebook.dimensions[name]
    found = []
    for context in contexts:
        for code in dimension.allowed(context or None):
            texts = _texts(dimension, code, context)
            found += [Lesson(text, context, code, WEIGHT / len(texts)) for text in texts]
            if not texts:
                named = dimension.code_name(code, context)
                found.append(Lesson(named, context, code, NAME_WEIGHT))
    return found


def _texts(dimension: Dimension, code: str, context: str) -> list[str]:
    """Give a code's definition with its name, its examples, and what other codes leave to it."""
    about = dimension.codes[code]
    texts = [f"{dimension.code_name(code, context)}: {about.definition}"] * bool(about.definition)
    left = [line.rpartition(" → ") for other in dimension.codes.values() for line in other.exclude]
    return [*texts, *about.include, *(text for text, _, target in left if target.strip() == code)]


@dataclass(frozen=True)
class Taught:
    """The lessons of one dimension, as the heads see them.

    Attributes
    ----------
    features
        (lessons, features).
    contexts
        (lessons,).
    labels
        (lessons, codes).
    weights
        (lessons,).
    """

    features: sparse.csr_matrix
    contexts: npt.NDArray[np.object_]
    labels: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]

    @staticmethod
    def of(several: list[Lesson], features: sparse.csr_matrix, codes: list[str]) -> "Taught":
        """Put lessons, seen in the same order, beside their codes."""
        labels = np.array([[lesson.code == code for code in codes] for lesson in several], np.bool_)
        return Taught(
            features,
            np.array([lesson.context for lesson in several], object),
            labels.reshape(len(several), len(codes)),
            np.array([lesson.weight for lesson in several]),
        )

    def under(self, context: str) -> "Taught":
        """Those of one context."""
        here = self.contexts == context
        return Taught(
            self.features[here], self.contexts[here], self.labels[here], self.weights[here]
        )
