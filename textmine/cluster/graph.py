"""Who is near whom: a graph of nearest neighbours, and coordinates along its loosest seams."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from textmine.cluster.space import Floats

Graph: TypeAlias = sparse.csr_matrix

NEIGHBOURS = 15
_PORTION = 1024  # texts compared with all others at a time
_TIES = 1.0  # links that every text has to all others together, so that no stray pair is a seam


def nearest(places: Floats, number: int = NEIGHBOURS) -> tuple[npt.NDArray[np.intp], Floats]:
    """Find each text's nearest others and their cosines: two arrays (texts, number)."""
    number = min(number, len(places) - 1)
    found = np.empty((len(places), number), np.intp)
    cosines = np.empty((len(places), number), np.float32)
    for at in range(0, len(places), _PORTION):
        near = places[at : at + _PORTION] @ places.T
        rows = np.arange(len(near))
        near[rows, rows + at] = -2.0
        # Rounded, so that machines that sum in another order agree.
        near = near.round(4)
        chosen = np.argpartition(-near, number - 1, axis=1)[:, :number]
        chosen.sort(axis=1)
        order = np.argsort(-near[rows[:, None], chosen], axis=1, kind="stable")
        found[at : at + _PORTION] = chosen[rows[:, None], order]
        cosines[at : at + _PORTION] = near[rows[:, None], found[at : at + _PORTION]]
    return found, cosines


def linked(found: npt.NDArray[np.intp], cosines: Floats) -> Graph:
    """Link texts to their nearest: a symmetric graph, links weaker the farther they reach.

    A link's weight is 1 for the nearest neighbour and falls with the distance beyond it, measured
    by each text's own spread (as in UMAP: McInnes et al., 2018). Numbers below 0 in `found` are
    neighbours that are not there; those that are stand first.
    """
    there = found >= 0
    beyond = np.where(there, cosines[:, :1] - cosines, 0.0)
    spread = beyond.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1)
    weights = np.exp(-beyond / np.maximum(spread, 1e-3))
    rows = np.nonzero(there)[0]
    directed = sparse.csr_matrix((weights[there], (rows, found[there])), shape=(len(found),) * 2)
    both = directed.multiply(directed.T)
    return sparse.csr_matrix(directed + directed.T - both)


def seams(graph: Graph, number: int) -> npt.NDArray[np.float64]:
    """Coordinates that part the graph where it is loosest: (texts, number), rows of length 1.

    Spectral coordinates of the graph in which every text has a weak link to all others besides
    (regularised spectral clustering: Amini et al., 2013).
    """
    n = graph.shape[0]
    degree = np.asarray(graph.sum(axis=1)).ravel() + _TIES
    root = 1 / np.sqrt(degree)
    scaled = sparse.diags(root) @ graph @ sparse.diags(root)

    def product(vector: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        flat = vector.ravel()
        out: npt.NDArray[np.float64] = scaled @ flat + root * (_TIES / n * (root @ flat))
        return out

    number = min(number, n - 2)
    if number < 1:
        return np.ones((n, 1))
    operator = LinearOperator((n, n), matvec=product, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=n)
    values, vectors = eigsh(operator, k=number, which="LA", v0=start, tol=1e-6)
    vectors = vectors[:, np.argsort(-values)]
    vectors *= np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: npt.NDArray[np.float64] = vectors / np.maximum(lengths, 1e-12)
    return rows


def modularity(graph: Graph, labels: npt.NDArray[np.intp], resolution: float) -> float:
    """How much more groups are linked within than by chance (Reichardt & Bornholdt, 2006).

    The larger the resolution, the smaller the groups that score best.
    """
    number = int(labels.max()) + 1
    links = graph.tocoo()
    total = links.data.sum()
    same = labels[links.row] == labels[links.col]
    within = np.bincount(labels[links.row], weights=links.data * same, minlength=number)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    ends = np.bincount(labels, weights=degree, minlength=number)
    return float((within / total - resolution * (ends / total) ** 2).sum())
