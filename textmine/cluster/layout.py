"""Where notes lie on the map: two coordinates, near where texts are alike."""

import warnings

import numpy as np
import numpy.typing as npt

from textmine.cluster.graph import NEIGHBOURS
from textmine.cluster.space import Floats


def lay_out(places: Floats, seed: int) -> npt.NDArray[np.float32]:
    """Give map coordinates, (texts, 2), by UMAP (McInnes et al., 2018)."""
    if len(places) < 4:  # too few for UMAP
        return np.column_stack([np.arange(len(places)), np.zeros(len(places))]).astype(np.float32)
    number = min(NEIGHBOURS, len(places) - 1)
    with warnings.catch_warnings():
        # It warns that Tensorflow is missing and that one thread is used, as we ask.
        warnings.simplefilter("ignore")
        from umap import UMAP

        reducer = UMAP(
            n_neighbors=number,
            min_dist=0.15,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
            init="pca" if len(places) < 50 else "spectral",
        )
        found: npt.NDArray[np.float32] = reducer.fit_transform(places)
    return found.round(3)
