"""Groups of groups: which lie nearest to each other, and the tree that joins them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textmine.cluster.space import Floats


@dataclass(frozen=True)
class Branch:
    """A part of the tree.

    Attributes
    ----------
    leaves
        The places of its groups, nearest beside each other.
    parts
        The two branches that it joins; empty for a single group.
    height
        How far apart the two are: 1 minus the mean cosine between their groups.
    """

    leaves: tuple[int, ...]
    parts: tuple["Branch", ...] = ()
    height: float = 0.0


def middles(places: Floats, labels: npt.NDArray[np.intp], number: int) -> Floats:
    """The middle of each group: unit rows (groups, dimensions), zero for a group without texts."""
    out = np.zeros((number, places.shape[1]), np.float32)
    for group in range(number):
        mine = places[labels == group]
        if len(mine):
            middle = mine.mean(axis=0)
            out[group] = middle / max(float(np.linalg.norm(middle)), 1e-12)
    return out


def neighbours(centres: Floats, number: int) -> list[list[int]]:
    """For each group, those whose middles lie nearest, nearest first."""
    near = (centres @ centres.T).astype(np.float64).round(4)
    np.fill_diagonal(near, -np.inf)
    wanted = min(number, len(centres) - 1)
    return [np.argsort(-row, kind="stable")[:wanted].tolist() for row in near]


def grow(centres: Floats) -> Branch:
    """Join groups two and two, the nearest first (average linkage on cosines)."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    branches = [Branch((leaf,)) for leaf in range(len(centres))]
    if len(centres) < 2:
        return branches[0]
    apart = (1 - (centres @ centres.T).astype(np.float64)).round(4).clip(min=0)
    np.fill_diagonal(apart, 0)
    for one, other, height, _ in linkage(squareform(apart, checks=False), "average"):
        parts = sorted((branches[int(one)], branches[int(other)]), key=lambda b: b.leaves)
        joined = parts[0].leaves + parts[1].leaves
        branches.append(Branch(joined, tuple(parts), float(height)))
    return branches[-1]


def cut(tree: Branch, number: int) -> list[Branch]:
    """Read the tree at the level of a number of branches."""
    cuts = [tree]
    while len(cuts) < min(number, len(tree.leaves)):
        highest = max((b for b in cuts if b.parts), key=lambda b: b.height)
        at = cuts.index(highest)
        cuts[at : at + 1] = highest.parts
    return cuts


def drawn(tree: Branch, names: Sequence[str], joined: Sequence[str]) -> str:
    """Write the tree as indented lines.

    Parameters
    ----------
    names
        Of the groups.
    joined
        Of the branches that join others, in the order in which they are written.
    """
    inner = iter(joined)
    lines: list[str] = []

    def write(branch: Branch, before: str, lead: str, rest: str) -> None:
        title = next(inner) if branch.parts else names[branch.leaves[0]]
        lines.append(f"{before}{lead}{title}")
        for i, part in enumerate(branch.parts):
            last = i == len(branch.parts) - 1
            write(part, before + rest, "└─ " if last else "├─ ", "   " if last else "│  ")

    write(tree, "", "", "")
    return "\n".join(lines)


def joints(tree: Branch) -> list[Branch]:
    """The branches that join others, in the order in which `drawn` writes them."""
    return [tree, *(j for part in tree.parts for j in joints(part))] if tree.parts else []
