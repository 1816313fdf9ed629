"""Groups that do not hang on one lucky run: many runs on parts of the texts, which then vote.

Each run draws nine tenths of the texts, links them to their nearest and cuts the graph at its
seams. Its groups are matched with those of the first run, on all texts, and each text goes to the
group that most runs put it in (bagged clustering: Dudoit & Fridlyand, 2003).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from textmine.cluster.graph import NEIGHBOURS, Graph, linked, nearest, seams
from textmine.cluster.space import Floats

Labels = npt.NDArray[np.intp]

RUNS = 60
_TRIES, _FIRST_TRIES = 4, 50  # beginnings of k-means in a run, and in the first
_DRAWN = 0.9  # share of the texts in a run
_SPARE = 4  # neighbours looked up beyond those used, since a tenth is away in each run


@dataclass(frozen=True)
class Consensus:
    """What the runs agree on.

    Attributes
    ----------
    labels
        (texts,): the group that most runs put each text in.
    votes
        (texts, groups): share of runs that put it there, of those that drew it.
    stability
        (groups,): how much of a group is found again in a run, the mean Jaccard index
        (cluster-wise stability: Hennig, 2007).
    agreement
        Adjusted Rand index between the runs and what they agree on, the mean.
    """

    labels: Labels
    votes: npt.NDArray[np.float64]
    stability: npt.NDArray[np.float64]
    agreement: float


class Links:
    """The nearest neighbours of all texts, from which the graph of any part of them is made."""

    def __init__(self, places: Floats) -> None:
        self.n = len(places)
        self._found, self._cosines = nearest(places, NEIGHBOURS + _SPARE)

    def loneliest(self, share: float) -> npt.NDArray[np.bool_]:
        """Tell which texts lie farthest from their nearest, a share of all."""
        near = self._cosines.mean(axis=1)
        return np.asarray(near < np.quantile(near, share))

    def graph(self) -> Graph:
        """The graph of all texts."""
        return linked(self._found[:, :NEIGHBOURS], self._cosines[:, :NEIGHBOURS])

    def coordinates(self, rows: Labels, number: int) -> npt.NDArray[np.float64]:
        """Coordinates of some texts along the seams of their graph."""
        place = np.full(self.n, -1, np.intp)
        place[rows] = np.arange(len(rows))
        found = place[self._found[rows]]
        # Those drawn come first, in their order.
        order = np.argsort(found < 0, axis=1, kind="stable")[:, :NEIGHBOURS]
        found = np.take_along_axis(found, order, axis=1)
        cosines = np.take_along_axis(self._cosines[rows], order, axis=1)
        return seams(linked(found, cosines), number)


def agree(
    links: Links,
    number: int,
    seed: int,
    *,
    runs: int = RUNS,
    step: Callable[[], object] = lambda: None,
) -> Consensus:
    """Part texts into a number of groups by many runs; `step` is called after each."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng([seed, number])

    def run(rows: Labels, tries: int, lot: int) -> Labels:
        means = KMeans(number, n_init=tries, random_state=lot)
        found: Labels = means.fit_predict(links.coordinates(rows, number)).astype(np.intp)
        return found

    everyone = np.arange(links.n)
    # What the others are matched with first does not hang on the seed.
    first = run(everyone, _FIRST_TRIES, 0)
    several = [(everyone, first)]
    size = max(number, round(_DRAWN * links.n))
    votes = np.zeros((links.n, number))
    votes[everyone, first] = 1
    for _ in range(runs):
        rows = np.sort(rng.choice(links.n, size, replace=False))
        labels = run(rows, _TRIES, int(rng.integers(2**31)))
        # Matched with what the runs have agreed on so far, which is steadier than the first.
        matched = matches(votes[rows].argmax(axis=1), labels, number)[labels]
        votes[rows, matched] += 1
        several.append((rows, matched))
        step()
    labels = votes.argmax(axis=1)
    again = [_jaccards(labels[rows], matched, number) for rows, matched in several[1:]]
    return Consensus(
        labels=labels,
        votes=votes / votes.sum(axis=1, keepdims=True),
        stability=np.mean(again, axis=0),
        agreement=float(np.mean([adjusted_rand_score(labels[r], m) for r, m in several[1:]])),
    )


def matches(one: Labels, other: Labels, number: int) -> Labels:
    """For each label of the other grouping, the one that it shares most texts with."""
    common = np.zeros((number, number))
    np.add.at(common, (other, one), 1)
    _, columns = linear_sum_assignment(-common)
    found: Labels = columns.astype(np.intp)
    return found


def _jaccards(one: Labels, other: Labels, number: int) -> npt.NDArray[np.float64]:
    """Overlap of each group of one grouping with the same of another."""
    common = np.bincount(one[one == other], minlength=number)
    either = np.bincount(one, minlength=number) + np.bincount(other, minlength=number) - common
    shares: npt.NDArray[np.float64] = common / np.maximum(either, 1)
    return shares
