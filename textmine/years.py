"""Two survey years side by side: what is the same in both groupings, and what changed."""

import numpy as np

from textmine.cluster.crosswalk import Bridge, Side, compare
from textmine.cluster.state import NONE
from textmine.clusters import NOVEL, Clusters
from textmine.errors import TextmineError, did_you_mean
from textmine.tables import CLUSTER, NOTE_ID


def bridge(earlier: Clusters, later: Clusters, by: str | None = None) -> Bridge:
    """Compare two years' groupings: which themes are the same, what grew, shrank, came, went.

    Parameters
    ----------
    earlier, later
        Each year's notes, sorted by themselves; what the groups are called does not matter.
    by
        A column that both have, such as the respondent or the meeting, to count instead of notes.
        Shares and intervals then tell how many of these raise a theme at all. Intervals take the
        years for independent samples: with the same respondents in both they are too wide rather
        than too narrow.

    Raises
    ------
    TextmineError
        If a year has no such column, or the two were made with different encoders.
    """
    if earlier.settings["encoder"] != later.settings["encoder"]:
        raise TextmineError(
            f"The groupings were made with different encoders ({earlier.settings['encoder']}, "
            f"{later.settings['encoder']}); group one of them anew."
        )
    return compare(_side(earlier, later, by), _side(later, earlier, by))


def _side(own: Clusters, other: Clusters, by: str | None) -> Side:
    column = NOTE_ID if by is None else by
    if column not in own.notes:
        raise TextmineError(
            f"The notes have no column '{column}'; {did_you_mean(column, own.notes.columns)}."
        )
    summary = own.summary()
    ids = [group["id"] for group in summary]
    likely, novelty = other.likely(own.notes["text"].astype(str).tolist())
    return Side(
        ids=ids,
        names=[group["name"] for group in summary],
        own=own.table()[CLUSTER]
        .map({name: i for i, name in enumerate(ids)})
        .fillna(NONE)
        .to_numpy(np.intp),
        across=np.where(novelty >= NOVEL, NONE, likely.argmax(axis=1)),
        counted=own.notes[column].astype(str).tolist(),
    )
