"""What a group is about: its keywords, a name proposed from them, and its most typical notes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.cluster.space import Floats
from textmine.cluster.words import forms, stem, telling

KEYWORDS, REPRESENTATIVES = 10, 5
_NAMING = 3  # keywords in a proposed name
_ALIKE = 0.7  # how much being typical counts against being unlike those shown already


@dataclass(frozen=True)
class Description:
    """Keywords, most telling first, and the name that they make."""

    keywords: list[str]
    name: str


def describe(texts: Sequence[str], members: Sequence[npt.NDArray[np.intp]]) -> list[Description]:
    """Describe groups of texts by the words that set each apart.

    Words are weighed by class-based tf-idf: how common among a group's texts, times how rare among
    all groups' (Grootendorst, 2022). A text counts a word once, so that nobody who repeats a word
    names the group.
    """
    written = forms(texts)
    counts = _counts(texts, list(written), members)
    within = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rarity = np.log1p(counts.sum() / max(1, len(members)) / np.maximum(counts.sum(axis=0), 1))
    # A word of one note tells of that note only.
    weights = np.where(counts >= 2, within * rarity, 0.0)
    words = list(written.values())
    described = []
    for row in weights:
        best = [i for i in np.argsort(-row, kind="stable") if row[i] > 0]
        keywords = [words[i] for i in best[: 3 * KEYWORDS]]
        keywords = _without_parts(keywords)[:KEYWORDS]
        named = ", ".join(keywords[:_NAMING])
        described.append(Description(keywords, named[:1].upper() + named[1:] or "Utan namn"))
    return described


def _counts(
    texts: Sequence[str], stems: Sequence[str], members: Sequence[npt.NDArray[np.intp]]
) -> npt.NDArray[np.float64]:
    """Count the texts of each group that hold a stem: (groups, stems)."""
    place = {root: i for i, root in enumerate(stems)}
    counts = np.zeros((len(members), len(stems)))
    for i, rows in enumerate(members):
        found = Counter(root for row in rows for root in {stem(w) for w in telling(texts[row])})
        for root, n in found.items():
            counts[i, place[root]] = n
    return counts


def _without_parts(keywords: Sequence[str]) -> list[str]:
    """Leave out a keyword that a better one holds or is held by: 'sekretess', 'sekretessen'."""
    kept: list[str] = []
    for word in keywords:
        root = stem(word)
        if not any(root in other or stem(other) in word for other in kept):
            kept.append(word)
    return kept


def representatives(
    places: Floats, rows: npt.NDArray[np.intp], number: int = REPRESENTATIVES
) -> list[int]:
    """Choose the most typical rows of a group that are not all alike.

    Maximal marginal relevance (Carbonell & Goldstein, 1998): near the group's middle, and not too
    near those chosen before.
    """
    mine = places[rows]
    middle = mine.mean(axis=0)
    typical = (mine @ middle).round(4)
    chosen: list[int] = []
    while len(chosen) < min(number, len(rows)):
        taken = (mine @ mine[chosen].T).max(axis=1).round(4) if chosen else 0.0
        worth = _ALIKE * typical - (1 - _ALIKE) * taken
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return [int(rows[i]) for i in chosen]
