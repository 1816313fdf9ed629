"""The first grouping: by consensus alone, or by a guide and consensus for what it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from tqdm import tqdm

from textmine.cluster.consensus import RUNS, Consensus, Links, agree
from textmine.cluster.guide import Guided, Shown, show, sort_by_guide, written
from textmine.cluster.number import MOST_TRIALS, how_many
from textmine.cluster.space import Floats, Space
from textmine.cluster.state import NONE, TOO_SHORT, UNLIKE, Group, State, group_id
from textmine.cluster.tree import middles
from textmine.cluster.words import says_something
from textmine.embed.encoder import Encoder, embed
from textmine.errors import TextmineError

Rows = npt.NDArray[np.intp]

FEWEST = 10  # distinct notes that can be grouped
_LEAST_VOTES = 0.4  # share of runs below which a text may be left out
_ALONE = 0.05  # share of texts, the loneliest, that may be left out


def first_grouping(
    texts: Sequence[str],
    vectors: Floats,
    n_clusters: int | str,
    guide: Sequence[Guided],
    unit_of: Mapping[str, int],
    encoder: Encoder,
    seed: int,
    *,
    progress: bool = False,
) -> State:
    """Group distinct texts.

    Parameters
    ----------
    texts, vectors
        The distinct texts and their vectors.
    n_clusters
        How many groups in all, or "auto".
    guide
        Groups that the researcher has in mind; may be empty.
    unit_of
        The text of each note id, for the notes that a guide points out.
    encoder
        For the guide's own texts.
    seed
        For everything drawn by lot.
    """
    saying = np.flatnonzero([says_something(text) for text in texts])
    if len(saying) < FEWEST:
        raise TextmineError(
            f"Only {len(saying)} distinct notes with words in them; to group takes {FEWEST}."
        )
    space = Space.fit(vectors, texts)
    places = space.transform(vectors, texts)[saying]
    place_of = {unit: i for i, unit in enumerate(saying.tolist())}
    total = _checked(n_clusters, len(saying))
    if guide:
        pointed = [_pointed(group, unit_of, place_of) for group in guide]
        shown = _shown(places, space, guide, pointed, encoder)
        grouped = _beside_guide(places, shown, guide, pointed, total, seed, progress=progress)
        return _state(len(texts), saying, grouped)
    links = Links(places)
    found = _agreed(links, total, seed, progress=progress)
    votes = found.votes.max(axis=1)
    left_out = links.loneliest(_ALONE) & (votes < _LEAST_VOTES)
    return _state(
        len(texts),
        saying,
        Grouped(
            labels=np.where(left_out, NONE, found.labels),
            probabilities=votes,
            pinned=np.zeros(len(saying), np.bool_),
            groups=[Group("", stability=float(share)) for share in found.stability],
        ),
    )


@dataclass(frozen=True)
class Grouped:
    """Texts that say something, in groups that have no numbers yet."""

    labels: Rows
    probabilities: npt.NDArray[np.float64]
    pinned: npt.NDArray[np.bool_]
    groups: list[Group]


def _checked(n_clusters: int | str, texts: int) -> int | None:
    """Give the number of groups asked for, None for "auto"."""
    if n_clusters == "auto":
        return None
    if not str(n_clusters).isdecimal() or not 2 <= int(n_clusters) <= texts // 2:
        raise TextmineError(
            f"{n_clusters} groups of {texts} distinct notes; give 2 to {texts // 2}, or auto."
        )
    return int(n_clusters)


def _agreed(links: Links, number: int | None, seed: int, *, progress: bool) -> Consensus:
    """Group by consensus, in the number given or in the one that suits best."""
    total = RUNS if number is not None else RUNS + MOST_TRIALS
    with tqdm(total=total, desc="grouping", unit="run", disable=None if progress else True) as bar:
        if number is None:
            number = how_many(links, seed, step=bar.update)
        return agree(links, number, seed, step=bar.update)


def _state(texts: int, saying: Rows, grouped: Grouped) -> State:
    """Number the groups: those of the guide in its order, then the others by size."""
    sizes = np.bincount(grouped.labels[grouped.labels != NONE], minlength=len(grouped.groups))
    order = sorted(
        (i for i, group in enumerate(grouped.groups) if group.guided or sizes[i]),
        key=lambda i: (not grouped.groups[i].guided, 0 if grouped.groups[i].guided else -sizes[i]),
    )
    rank = np.full(len(sizes) + 1, NONE, np.intp)
    rank[order] = np.arange(len(order))
    labels = np.full(texts, NONE, np.intp)
    labels[saying] = rank[grouped.labels]
    probabilities = np.full(texts, np.nan)
    probabilities[saying] = grouped.probabilities
    probabilities[labels == NONE] = np.nan
    pinned = np.zeros(texts, np.bool_)
    pinned[saying] = grouped.pinned
    reasons = dict.fromkeys(np.setdiff1d(np.arange(texts), saying).tolist(), TOO_SHORT)
    reasons |= dict.fromkeys(saying[grouped.labels == NONE].tolist(), UNLIKE)
    groups = tuple(
        replace(grouped.groups[old], id=group_id(number))
        for number, old in enumerate(order, start=1)
    )
    return State(groups, labels, probabilities, pinned, made=len(groups), reasons=reasons)


def _pointed(
    group: Guided, unit_of: Mapping[str, int], place_of: Mapping[int, int]
) -> npt.NDArray[np.intp]:
    """The places of the notes that a guide points out for a group."""
    unknown = [note_id for note_id in group.note_ids if note_id not in unit_of]
    if unknown:
        raise TextmineError(f"The guide's group '{group.name}' names no note '{unknown[0]}'.")
    units = dict.fromkeys(unit_of[note_id] for note_id in group.note_ids)
    return np.array([place_of[unit] for unit in units if unit in place_of], np.intp)


def _shown(
    places: Floats,
    space: Space,
    guide: Sequence[Guided],
    pointed: Sequence[Rows],
    encoder: Encoder,
) -> Shown:
    """Place what a guide says and shows of its groups."""
    described = [written(group) for group in guide]
    examples = [text for group in guide for text in group.examples]
    return show(
        guide,
        space.transform(embed(described, encoder), described),
        space.transform(embed(examples, encoder), examples) if examples else places[:0],
        [places[rows] for rows in pointed],
    )


def _beside_guide(
    places: Floats,
    shown: Shown,
    guide: Sequence[Guided],
    pointed: Sequence[Rows],
    total: int | None,
    seed: int,
    *,
    progress: bool,
) -> Grouped:
    """Sort by the guide, and add groups for themes that it lacks.

    All texts are also grouped without the guide. Of these groups, those that no group of the guide
    is matched with are themes of their own; their texts then count as shown.
    """
    if total is not None and total < len(guide):
        raise TextmineError(
            f"{total} groups, but the guide has {len(guide)}; ask for as many at least."
        )
    groups = [Group("", name=g.name, description=g.description, guided=True) for g in guide]
    by_guide = sort_by_guide(places, shown)
    if total != len(guide):
        found = _agreed(Links(places), total, seed, progress=progress)
        lacking = _unmatched(places, found.labels, by_guide.middles, wanted=total)
        if lacking:
            groups += [Group("", stability=float(found.stability[place])) for place in lacking]
            members = [np.flatnonzero(found.labels == place) for place in lacking]
            by_guide = sort_by_guide(places, shown.beside([places[rows] for rows in members]))
    labels = by_guide.shares.argmax(axis=1).astype(np.intp)
    probabilities = by_guide.shares.max(axis=1)
    pinned = np.zeros(len(places), np.bool_)
    for place, rows in enumerate(pointed):
        labels[rows], probabilities[rows], pinned[rows] = place, 1.0, True
    return Grouped(labels, probabilities, pinned, groups)


def _unmatched(places: Floats, labels: Rows, guided: Floats, wanted: int | None) -> list[int]:
    """Find groups that no group of the guide is matched with.

    Where the number of groups is not given, only those that are not half as near to any group of
    the guide as those that are matched.
    """
    centres = middles(places, labels, int(labels.max()) + 1)
    near = (centres @ guided.T).astype(np.float64).round(4)
    rows, columns = linear_sum_assignment(-near)
    lacking = sorted(set(range(len(centres))) - set(rows.tolist()))
    if wanted is not None:
        return lacking
    usual = near[rows, columns].mean()
    return [place for place in lacking if near[place].max() < usual / 2]
