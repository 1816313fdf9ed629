"""How many groups there are, where nobody has said."""

from collections.abc import Callable

import numpy as np

from textmine.cluster.consensus import Links, agree
from textmine.cluster.graph import modularity, seams

_FEWEST, _MOST = 3, 30  # groups that are tried
_GROUP = 6  # distinct texts in a group, on the average at least
# Chosen on the training inquiries of `corpora/notes.jsonl`: with 1, the usual value, numbers were
# half of those that people had found.
_RESOLUTION = 1.5
_AS_GOOD = 0.97  # of the best modularity
_CONTENDERS = 4
TRIAL_RUNS = 8  # for each contender
MOST_TRIALS = _CONTENDERS * TRIAL_RUNS


def how_many(links: Links, seed: int, step: Callable[[], object] = lambda: None) -> int:
    """Choose a number of groups.

    Of the numbers that part the graph of texts about as well as the best one (by modularity), the
    one on which runs on parts of the texts agree best. `step` is called after each of these.
    """
    from sklearn.cluster import KMeans

    graph = links.graph()
    most = max(_FEWEST, min(_MOST, links.n // _GROUP))
    coordinates = seams(graph, most)
    parted: dict[int, float] = {}
    for number in range(_FEWEST, most + 1):
        some = coordinates[:, :number]
        some = some / np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-12)
        labels = KMeans(number, n_init=4, random_state=seed).fit_predict(some)
        parted[number] = round(modularity(graph, labels.astype(np.intp), _RESOLUTION), 6)
    best = sorted(parted, key=lambda number: -parted[number])[:_CONTENDERS]
    contenders = [number for number in best if parted[number] >= _AS_GOOD * parted[best[0]]]
    agreements = {
        number: agree(links, number, seed, runs=TRIAL_RUNS, step=step).agreement
        for number in contenders
    }
    return max(contenders, key=lambda number: agreements[number])
