"""Which statements a person should look at, and why, in Swedish."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.coding.targets import applies, contexts_of
from textmine.tables import NOVELTY, REASON, REVIEW, dimension_columns

STRANGE = 0.97  # novelty from which a statement is shown for that alone


@dataclass(frozen=True)
class Rule:
    """What the machine may decide alone: per dimension, the lowest probability."""

    thresholds: Mapping[str, float]

    def apply(self, coded: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
        """Add `review` and `review_reason` to coded statements.

        Parameters
        ----------
        coded
            With the columns of every dimension, and `novelty`.
        codebook
            Says where each dimension applies, and what codes are called.
        """
        out = coded.copy()
        reasons: list[list[str]] = [[] for _ in range(len(coded))]
        codes: dict[str, npt.NDArray[np.object_]] = {}
        for name, dimension in codebook.dimensions.items():
            code, prob, second, second_prob = (coded[c] for c in dimension_columns(name))
            codes[name] = code.to_numpy(object)
            contexts = contexts_of(coded, dimension, codebook)
            for i in np.flatnonzero(prob < self.thresholds[name]):
                if self.thresholds[name] > 1:
                    reasons[i].append(f"För få exempel för att avgöra {dimension.name.lower()}")
                    continue
                reasons[i].append(
                    _doubt(
                        dimension,
                        contexts[i],
                        (code.iloc[i], prob.iloc[i]),
                        (second.iloc[i], second_prob.iloc[i]),
                    )
                )
            uncoded = applies(codes, dimension, len(coded)) & prob.isna().to_numpy()
            for i in np.flatnonzero(uncoded):
                reasons[i].append(_why_uncoded(dimension, contexts[i]))
        for i in np.flatnonzero(coded[NOVELTY] >= STRANGE):
            reasons[i].append("Ovanligt innehåll, kanske ett nytt tema")
        out[REVIEW] = np.array([bool(reason) for reason in reasons], np.bool_)
        texts = ["; ".join(reason) or None for reason in reasons]
        out[REASON] = pd.Series(texts, index=coded.index, dtype="string")
        return out


def _doubt(
    dimension: Dimension,
    context: str | None,
    first: tuple[object, float],
    second: tuple[object, float],
) -> str:
    what = dimension.name.lower()
    if dimension.multiple:
        return f"Osäkert: {what} ({_percent(first[1])})"
    options = [
        f"{dimension.code_name(str(code), context)} {_percent(prob)}"
        for code, prob in (first, second)
        if code is not None and code is not pd.NA
    ]
    return f"Osäkert: {what}, {' eller '.join(options)}"


def _why_uncoded(dimension: Dimension, context: str | None) -> str:
    if dimension.by and context is None:
        return f"{dimension.name} saknas: kodboken känner inte {dimension.by} på den här raden"
    return f"{dimension.name} saknas: modellen har inga exempel"


def _percent(share: float) -> str:
    return f"{round(100 * share)}\u00a0%"  # with a no-break space, as in Swedish print
