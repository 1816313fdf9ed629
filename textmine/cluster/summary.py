"""What is to be known of each group, in one place for workbook, map and notebook."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.cluster.describe import describe, representatives
from textmine.cluster.space import Floats
from textmine.cluster.state import State
from textmine.cluster.tree import middles, neighbours

_NEAREST = 3  # groups named as nearest


def summarise(
    state: State,
    texts: Sequence[str],
    places: Floats,
    units: npt.NDArray[np.intp],
    note_ids: Sequence[str],
) -> list[dict[str, Any]]:
    """Sum up the groups, in the order of their ids.

    Parameters
    ----------
    texts, places
        The distinct texts and where they lie.
    units
        (notes,): the text of each note.
    note_ids
        Of the notes.

    Returns
    -------
    list of dict
        As `Clusters.summary` gives it.
    """
    number = len(state.groups)
    first_of = np.unique(units, return_index=True)[1]
    sizes = np.bincount(state.labels[units] + 1, minlength=number + 1)[1:]
    members = [state.members(place) for place in range(number)]
    near = neighbours(middles(places, state.labels, number), _NEAREST)
    out = []
    for place, (group, about) in enumerate(
        zip(state.groups, describe(texts, members), strict=True)
    ):
        rows = members[place]
        typical = representatives(places, rows) if len(rows) else []
        out.append(
            {
                "id": group.id,
                "name": group.name or about.name,
                "size": int(sizes[place]),
                "keywords": about.keywords,
                "representatives": [note_ids[first_of[unit]] for unit in typical],
                "stability": None if group.stability is None else round(group.stability, 3),
                "nearest": [state.groups[other].id for other in near[place]],
                "proposed": group.name is None,
                "names_before": list(group.names_before),
            }
        )
    return out
