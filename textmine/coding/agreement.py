"""Agreement between codings: of codes, and of where statements begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Spans = Sequence[tuple[int, int]]
Codes = Sequence[tuple[str, ...]]  # of each statement: its code or codes, () for none
Floats = npt.NDArray[np.float64]

_DRAWS = 1000
_LEVEL = (2.5, 97.5)  # percentiles of a 95 % interval


@dataclass(frozen=True)
class Figure:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def rounded(self) -> list[float]:
        """Give value, low and high."""
        return [round(float(x), 4) for x in (self.value, self.low, self.high)]


def code_agreement(
    one: Codes,
    two: Codes,
    groups: Sequence[object],
    *,
    accepted: Codes | None = None,
    seed: int = 0,
) -> dict[str, Figure]:
    """Compare two codings of the same statements in one dimension.

    Parameters
    ----------
    one, two
        Codes of each statement; of one that neither coded, leave the statement out.
    groups
        The answer of each statement: intervals come from resampling whole answers.
    accepted
        Second codes that the first coder would accept.

    Returns
    -------
    dict
        `accuracy` (share of equal codes), `accuracy_lenient` (or equal to an accepted one),
        `macro_f1` (mean over the codes that `one` uses), `kappa` (Cohen, 1960) and `alpha`
        (Krippendorff, nominal, 2011); a set of codes counts as one value in the last two.
    """
    values = {v: i for i, v in enumerate(sorted({*one, *two}))}
    first = np.array([values[v] for v in one], np.intp)
    second = np.array([values[v] for v in two], np.intp)
    second_chance = accepted or [()] * len(one)
    lenient = np.array(
        [a == b or (b != () and b == c) for a, b, c in zip(one, two, second_chance, strict=True)]
    )
    codes = sorted({code for several in one for code in several})
    mine = np.array([[code in several for code in codes] for several in one], np.bool_)
    theirs = np.array([[code in several for code in codes] for several in two], np.bool_)

    def figures(weights: Floats) -> list[float]:
        total = weights.sum()
        table: Floats = (
            np.bincount(first * len(values) + second, weights, minlength=len(values) ** 2)
            .reshape(len(values), -1)
            .astype(np.float64)
        )
        hits = weights @ (mine & theirs)
        used = weights @ mine
        f1 = 2 * hits / np.maximum(used + weights @ theirs, 1e-12)
        return [
            np.trace(table) / total,
            float(weights @ lenient) / total,
            float(f1[used > 0].mean()) if (used > 0).any() else 1.0,
            cohen_kappa(table),
            krippendorff_alpha(table),
        ]

    numbers = np.unique(np.array([str(group) for group in groups]), return_inverse=True)[1]
    n_groups = int(numbers.max()) + 1
    rng = np.random.default_rng(seed)
    draws = [
        figures(rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups))[numbers].astype(float))
        for _ in range(_DRAWS)
    ]
    low, high = np.percentile(draws, _LEVEL, axis=0)
    names = ("accuracy", "accuracy_lenient", "macro_f1", "kappa", "alpha")
    given = figures(np.ones(len(first)))
    return {name: Figure(*x) for name, *x in zip(names, given, low, high, strict=True)}


def cohen_kappa(table: Floats) -> float:
    """Cohen's kappa of a square table of counts (first coder by second)."""
    n = table.sum()
    chance = float(table.sum(axis=0) @ table.sum(axis=1)) / n**2
    return (float(np.trace(table)) / n - chance) / (1 - chance) if chance < 1 else 1.0


def krippendorff_alpha(table: Floats) -> float:
    """Krippendorff's alpha for nominal codes by two coders, from their table of counts."""
    pairs = table + table.T
    n = pairs.sum()
    sizes = pairs.sum(axis=0)
    chance = 1 - float((sizes * (sizes - 1)).sum()) / (n * (n - 1))
    return 1 - (1 - float(np.trace(pairs)) / n) / chance if chance > 0 else 1.0


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks and final punctuation out of a span's comparison."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".!?…,;:"):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def segmentation(
    texts: Sequence[str], gold: Sequence[Spans], found: Sequence[Spans]
) -> dict[str, float]:
    """Compare two divisions of the same answers into statements.

    Returns
    -------
    dict
        `exact_f1`: spans equal after trimming blanks and final punctuation; `boundary_f1`: places
        inside an answer where a statement begins.
    """
    hits = n_gold = n_found = 0
    begin_hits = begin_gold = begin_found = 0
    for text, right, guess in zip(texts, gold, found, strict=True):
        one = {trimmed(text, *span) for span in right}
        two = {trimmed(text, *span) for span in guess}
        hits, n_gold, n_found = hits + len(one & two), n_gold + len(one), n_found + len(two)
        starts_one = {start for start, _ in one} - {min((s for s, _ in one), default=0)}
        starts_two = {start for start, _ in two} - {min((s for s, _ in two), default=0)}
        begin_hits += len(starts_one & starts_two)
        begin_gold, begin_found = begin_gold + len(starts_one), begin_found + len(starts_two)
    return {
        "exact_f1": _f1(hits, n_gold, n_found),
        "boundary_f1": _f1(begin_hits, begin_gold, begin_found),
    }


def _f1(hits: int, n_gold: int, n_found: int) -> float:
    if n_gold + n_found == 0:
        return 1.0  # nothing to find, and nothing found
    return round(2 * hits / (n_gold + n_found), 4)
