"""Where notes lie on the map: two coordinates, near where texts are alike."""

import warnings

import numpy as np
import numpy.typing as npt

from textmine.cluster.graph import linked, nearest, seams
from textmine.cluster.space import Floats

_NEAREST = 0.15  # how near points come to each other on the map
_EPOCHS = 500
_START = 10.0  # width of the picture that the points begin in


def lay_out(places: Floats, seed: int) -> npt.NDArray[np.float32]:
    """Give map coordinates, (texts, 2), by UMAP (McInnes et al., 2018).

    The graph that texts are grouped by is laid out, beginning at its loosest seams: UMAP's own
    search for neighbours would find the same and takes longer to compile than all the rest.
    """
    if len(places) < 4:  # too few for UMAP
        return np.column_stack([np.arange(len(places)), np.zeros(len(places))]).astype(np.float32)
    graph = linked(*nearest(places))
    start = seams(graph, 3)[:, -2:]  # the first tells only which texts have many neighbours
    start = _START * (start - start.min(axis=0)) / np.maximum(np.ptp(start, axis=0), 1e-12)
    # Texts that begin at one point would stay there.
    start += np.random.default_rng(seed).normal(scale=1e-2, size=start.shape)
    with warnings.catch_warnings():
        # It warns that Tensorflow is missing.
        warnings.simplefilter("ignore")
        from umap.umap_ import find_ab_params, simplicial_set_embedding

        a, b = find_ab_params(1.0, _NEAREST)
        found: npt.NDArray[np.float32] = simplicial_set_embedding(
            places,
            graph.tocoo(),
            n_components=2,
            initial_alpha=1.0,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=_EPOCHS if len(places) < 10_000 else _EPOCHS // 2,
            init=start.astype(np.float32),
            random_state=np.random.RandomState(seed),
            metric="euclidean",
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
            parallel=False,
        )[0]
    return found.round(3)
