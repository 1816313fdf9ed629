"""How unlike anything the coder has seen a statement is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.coding.features import Lexicon

Floats = npt.NDArray[np.float64]

_STEPS = 200  # points of the table from rarity to share
_RAREST = 3  # words that say what a statement is about
_LETTERS = 4  # shorter words say little


@dataclass
class Novelty:
    """Rarity of a statement's words, as a share of held-out statements whose words are commoner.

    A tuned encoder draws everything towards what it knows, so that its vectors tell little of what
    is new; words that were seldom or never seen tell more.

    Attributes
    ----------
    quantiles
        Rarities of held-out statements, at even shares from 0 to 1.
    """

    quantiles: Floats

    @staticmethod
    def fit(lexicon: Lexicon, held: Sequence[str]) -> "Novelty":
        """Learn how rare the words of statements are that a lexicon was not made from."""
        return Novelty(np.quantile(rarity(lexicon, held), np.linspace(0, 1, _STEPS + 1)))

    def share(self, lexicon: Lexicon, texts: Sequence[str]) -> Floats:
        """Share of held-out statements whose words are commoner, 0 to 1."""
        shares = np.linspace(0, 1, len(self.quantiles))
        out: Floats = np.interp(rarity(lexicon, texts), self.quantiles, shares)
        return out


def rarity(lexicon: Lexicon, texts: Sequence[str]) -> Floats:
    """Mean inverse document frequency of the three rarest words (their stems) of each text."""
    out = np.zeros(len(texts))
    for i, text in enumerate(texts):
        rarest = sorted(lexicon.stem_weights(text, _LETTERS), reverse=True)[:_RAREST]
        out[i] = sum(rarest) / len(rarest) if rarest else 0.0
    return out
