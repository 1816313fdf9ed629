"""How unlike anything the coder has seen a statement is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.coding.features import Lexicon
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.embed.words import word_means

Floats = npt.NDArray[np.float64]

_STEPS = 200  # points of the table from scores to shares
_RAREST = 3  # words that say what a statement is about
_LETTERS = 4  # shorter words say little
_GROUPS = 20  # of known statements; the nearest of each is compared
_FEWEST = 500  # statements from which sketches can be made
_FLOOR = 1e-3  # of the largest variance: what varies less is not blown up to the same
_SCALE = 320  # length of a sketch, in whole numbers
_PORTION = 512  # texts compared at once
_RARITY = 0.5  # weight of rarity beside distance, both in standard deviations


@dataclass(frozen=True)
class Sketches:
    """What known statements are about: their words' mean embeddings, whitened and rounded.

    Only words that recur in the statements are in them. Whole numbers make distances the same
    whatever else is compared at the same time.

    Attributes
    ----------
    centre
        (encoder dimensions,).
    turn
        (encoder dimensions, the same); gives every direction the same spread.
    known
        (statements, encoder dimensions), in whole numbers.
    """

    centre: npt.NDArray[np.float32]
    turn: npt.NDArray[np.float32]
    known: npt.NDArray[np.int8]

    @staticmethod
    def of(texts: Sequence[str], lexicon: Lexicon, encoder: OnnxEncoder) -> "Sketches":
        """Sketch known statements by the words that the lexicon kept."""
        means = word_means([lexicon.known_words(text) for text in texts], encoder)
        centre = means.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov((means - centre).T))
        spread = np.sqrt(np.maximum(variances, _FLOOR * variances[-1]))
        # As precise as in a model file: a saved coder must equal the live one.
        turn = (directions / spread).astype(np.float16).astype(np.float32)
        return Sketches(centre, turn, _draw(means, centre, turn))

    def distance(self, texts: Sequence[str], encoder: OnnxEncoder) -> Floats:
        """Mean distance of texts to the nearest known statement of each group; 1 is unrelated."""
        means = word_means(texts, encoder)
        known = self.known.T.astype(np.float32)
        begins = np.linspace(0, known.shape[1], _GROUPS, endpoint=False, dtype=np.intp)
        out = np.empty(len(texts))
        for at in range(0, len(texts), _PORTION):
            drawn = _draw(means[at : at + _PORTION], self.centre, self.turn)
            # Sums of whole numbers below 2 ** 24 are exact.
            like = drawn.astype(np.float32) @ known
            nearest = np.maximum.reduceat(like, begins, axis=1)
            out[at : at + _PORTION] = 1 - nearest.mean(axis=1) / _SCALE**2
        return out


def _draw(
    means: npt.NDArray[np.float32], centre: npt.NDArray[np.float32], turn: npt.NDArray[np.float32]
) -> npt.NDArray[np.int8]:
    """Turn mean embeddings into sketches, all of one length."""
    # Row by row: a product of many rows sums in another order.
    turned = np.stack([row @ turn for row in means - centre])
    length = np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    drawn: npt.NDArray[np.int8] = (
        (turned * (_SCALE / length)).round().clip(-127, 127).astype(np.int8)
    )
    return drawn


@dataclass(frozen=True)
class Novelty:
    """Share of held-out statements that are less unlike what the coder knows than a text is.

    A tuned encoder draws everything towards what it knows, so that its vectors tell little of what
    is new; words that were seldom or never seen tell more, and so does how far their meanings lie
    from those of the words of any known statement.

    Attributes
    ----------
    quantiles
        Scores of held-out statements, at even shares from 0 to 1.
    weights
        What distance and rarity count in a score.
    sketches
        Of known statements; none where these are few, or the encoder has no word embeddings.
    """

    quantiles: Floats
    weights: tuple[float, float] = (0.0, 1.0)
    sketches: Sketches | None = None

    @staticmethod
    def fit(
        known: Sequence[str],
        held: Sequence[str],
        lexicon: Lexicon,
        encoder: object,
    ) -> "Novelty":
        """Learn how novel statements are that have not been seen.

        Parameters
        ----------
        known, held
            Statements that count as seen here, and others.
        lexicon
            Of the known ones alone.
        encoder
            Gives word embeddings if it is an `OnnxEncoder`.
        """
        rare = rarity(lexicon, held)
        if not isinstance(encoder, OnnxEncoder) or len(known) < _FEWEST:
            return Novelty(_quantiles(rare))
        sketches = Sketches.of(known, lexicon, encoder)
        far = sketches.distance(held, encoder)
        weights = (1 / max(float(far.std()), 1e-9), _RARITY / max(float(rare.std()), 1e-9))
        return Novelty(_quantiles(weights[0] * far + weights[1] * rare), weights, sketches)

    def share(self, texts: Sequence[str], lexicon: Lexicon, encoder: object) -> Floats:
        """Share of held-out statements that are less novel than each text, 0 to 1."""
        scores = self.weights[1] * rarity(lexicon, texts)
        if self.sketches is not None and isinstance(encoder, OnnxEncoder):
            scores = scores + self.weights[0] * self.sketches.distance(texts, encoder)
        # Where many held-out statements share a score, as all with three unknown words do, only
        # those below it are less novel.
        values, first = np.unique(self.quantiles, return_index=True)
        out: Floats = np.interp(scores, values, first / (len(self.quantiles) - 1), right=1.0)
        return out


def _quantiles(scores: Floats) -> Floats:
    out: Floats = np.quantile(scores, np.linspace(0, 1, _STEPS + 1))
    return out


def rarity(lexicon: Lexicon, texts: Sequence[str]) -> Floats:
    """Mean inverse document frequency of the three rarest words (their stems) of each text."""
    out = np.zeros(len(texts))
    for i, text in enumerate(texts):
        rarest = sorted(lexicon.stem_weights(text, _LETTERS), reverse=True)[:_RAREST]
        out[i] = sum(rarest) / len(rarest) if rarest else 0.0
    return out
