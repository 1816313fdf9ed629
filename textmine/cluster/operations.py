"""What a researcher does to a grouping: each operation makes a new state of the one before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.cluster.consensus import Links, agree
from textmine.cluster.members import Members
from textmine.cluster.space import Floats
from textmine.cluster.state import DROPPED, NONE, Group, State, group_id
from textmine.errors import TextmineError, did_you_mean

Rows = npt.NDArray[np.intp]
Operation = Mapping[str, Any]

_FOLDS = 5
_STAYS = 0.3  # what being sure of a note's present group counts, against 1 for the classifier
_PINNED = 5.0  # what a text that a person placed counts for, against 1 for a sure one


@dataclass(frozen=True)
class Ground:
    """What operations stand on: the distinct texts, where they lie, and which notes say them.

    Attributes
    ----------
    places
        (texts, dimensions), unit rows.
    unit_of
        Text number by note id.
    seed
        For everything that is drawn by lot.
    """

    places: Floats
    unit_of: Mapping[str, int]
    seed: int

    def units(self, note_ids: Sequence[str]) -> Rows:
        """Find the texts of notes."""
        unknown = [note_id for note_id in note_ids if note_id not in self.unit_of]
        if unknown:
            raise TextmineError(f"No note '{unknown[0]}' among the {len(self.unit_of)} notes.")
        return np.unique([self.unit_of[note_id] for note_id in note_ids]).astype(np.intp)


def apply(state: State, operation: Operation, ground: Ground) -> State:
    """Do one operation, given as a line of `operations.jsonl` has it."""
    kind = operation.get("operation")
    if kind not in _KINDS:
        raise TextmineError(f"No operation '{kind}'; {did_you_mean(str(kind), _KINDS)}.")
    try:
        return _KINDS[str(kind)](state, operation, ground)
    except KeyError as error:
        raise TextmineError(f"The operation '{kind}' lacks {error}.") from error


def _rename(state: State, operation: Operation, ground: Ground) -> State:
    name = str(operation["name"]).strip()
    if not name:
        raise TextmineError(f"An empty name for {operation['cluster']}; give one.")
    place = state.place(operation["cluster"])
    groups = list(state.groups)
    groups[place] = groups[place].named(name)
    return replace(state, groups=tuple(groups))


def _merge(state: State, operation: Operation, ground: Ground) -> State:
    """Put groups into the first of them; no name is lost."""
    ids = list(dict.fromkeys(operation["clusters"]))
    if len(ids) < 2:
        raise TextmineError(f"To merge takes two groups or more, not {', '.join(ids) or 'none'}.")
    several = [state.place(one) for one in ids]
    groups = [state.groups[place] for place in several]
    given = [group.name for group in groups if group.name]
    first = groups[0]
    descriptions = [group.description for group in groups if group.description]
    merged = replace(
        first,
        name=given[0] if given else None,
        description=" ".join(descriptions),
        stability=None,
        names_before=tuple(
            dict.fromkeys([*(n for g in groups for n in g.names_before), *given[1:]])
        ),
    )
    labels = np.where(np.isin(state.labels, several), several[0], state.labels)
    changed = list(state.groups)
    changed[several[0]] = merged
    return _without(replace(state, groups=tuple(changed), labels=labels), several[1:])


def _split(state: State, operation: Operation, ground: Ground) -> State:
    """Divide a group in a number of parts, or along examples; the largest part keeps id and name.

    Along examples the parts have the names given, and the group's id goes to the first of them.
    """
    place = state.place(operation["cluster"])
    rows = state.members(place)
    examples: Mapping[str, Sequence[str]] = operation.get("examples") or {}
    number = len(examples) or int(operation.get("into", 2))
    if number < 2 or len(rows) < number:
        raise TextmineError(
            f"{operation['cluster']} has {len(rows)} distinct notes; they make no {number} groups."
        )
    pinned = state.pinned.copy()
    if examples:
        shown = [ground.units(note_ids) for note_ids in examples.values()]
        taught = np.concatenate(shown)
        owner = np.repeat(np.arange(number), [len(one) for one in shown])
        classes = Members.fit(ground.places[taught], owner, np.ones(len(taught)), number)
        parts = classes.probabilities(ground.places[rows]).argmax(axis=1).astype(np.intp)
        part_of = dict(zip(rows.tolist(), parts.tolist(), strict=True))
        part_of |= {u: o for u, o in zip(taught.tolist(), owner.tolist(), strict=True)}
        pinned[taught] = True
        names: list[str | None] = list(examples)
    else:
        parts = _parted(ground.places[rows], number, ground.seed)
        part_of = dict(zip(rows.tolist(), parts.tolist(), strict=True))
        names = [None] * number
    labels = state.labels.copy()
    groups = list(state.groups)
    whole = groups[place]
    groups[place] = replace(whole, stability=None)
    if examples:
        groups[place] = groups[place].named(str(names[0]))
    for part in range(1, number):
        made = Group(group_id(state.made + part), names[part], guided=False)
        groups.append(made)
    for unit, part in part_of.items():
        labels[unit] = place if part == 0 else len(state.groups) + part - 1
    reasons = {unit: why for unit, why in state.reasons.items() if labels[unit] == NONE}
    probabilities = np.where(pinned & (labels != NONE), 1.0, state.probabilities)
    return replace(
        state,
        groups=tuple(groups),
        labels=labels,
        pinned=pinned,
        probabilities=probabilities,
        made=state.made + number - 1,
        reasons=reasons,
    )


def _parted(places: Floats, number: int, seed: int) -> Rows:
    """Part texts in a number of groups, the largest first."""
    if len(places) < 4 * number:  # too few for a graph
        from sklearn.cluster import KMeans

        means = KMeans(number, n_init=10, random_state=seed)
        labels = means.fit_predict(places).astype(np.intp)
    else:
        labels = agree(Links(places), number, seed).labels
    order = np.argsort(-np.bincount(labels, minlength=number), kind="stable")
    rank: Rows = np.argsort(order).astype(np.intp)[labels]
    return rank


def _move(state: State, operation: Operation, ground: Ground) -> State:
    place = state.place(operation["cluster"])
    return _placed(state, ground.units(operation["notes"]), place)


def _pin(state: State, operation: Operation, ground: Ground) -> State:
    """Keep notes where they are."""
    units = ground.units(operation["notes"])
    return _placed(state, units, state.labels[units])


def _drop(state: State, operation: Operation, ground: Ground) -> State:
    """Take notes out, or a whole group with its notes."""
    if "cluster" not in operation:
        units = ground.units(operation["notes"])
        dropped = _placed(state, units, NONE)
        return replace(dropped, reasons={**state.reasons, **{int(u): DROPPED for u in units}})
    place = state.place(operation["cluster"])
    units = state.members(place)
    dropped = _placed(state, units, NONE)
    reasons = {**state.reasons, **{int(unit): DROPPED for unit in units}}
    return _without(replace(dropped, reasons=reasons), [place])


def _placed(state: State, units: Rows, places: int | Rows) -> State:
    """Put texts where a person wants them."""
    labels, pinned = state.labels.copy(), state.pinned.copy()
    labels[units], pinned[units] = places, True
    probabilities = state.probabilities.copy()
    probabilities[units] = np.where(labels[units] == NONE, np.nan, 1.0)
    reasons = {u: why for u, why in state.reasons.items() if labels[u] == NONE}
    return replace(
        state, labels=labels, pinned=pinned, probabilities=probabilities, reasons=reasons
    )


def _estimate(state: State, operation: Operation, ground: Ground) -> State:
    """Let unpinned notes go to the group that they are most like, as the groups are now.

    Each is judged by a classifier that learnt from others (one that knew its group would give it
    back), and by where it is now.
    """
    has = np.flatnonzero(state.labels != NONE)
    free = np.flatnonzero(~state.pinned & (state.labels != NONE))
    weights = np.where(state.pinned, _PINNED, state.probabilities)
    fold = np.random.default_rng(ground.seed).permutation(len(state.labels)) % _FOLDS
    labels, probabilities = state.labels.copy(), state.probabilities.copy()
    for number in range(_FOLDS):
        judged = free[fold[free] == number]
        known = np.setdiff1d(has, judged)
        if not len(judged) or not len(known):
            continue
        members = Members.fit(
            ground.places[known], state.labels[known], weights[known], len(state.groups)
        )
        likely = members.probabilities(ground.places[judged])
        likely[np.arange(len(judged)), state.labels[judged]] += _STAYS * state.probabilities[judged]
        likely /= likely.sum(axis=1, keepdims=True)
        labels[judged] = likely.argmax(axis=1)
        probabilities[judged] = likely.max(axis=1)
    return replace(state, labels=labels, probabilities=probabilities)


def _without(state: State, places: Sequence[int]) -> State:
    """Take groups away that have no texts any more."""
    kept = [i for i in range(len(state.groups)) if i not in set(places)]
    renumbered = np.full(len(state.groups) + 1, NONE, np.intp)
    renumbered[kept] = np.arange(len(kept))
    return replace(
        state,
        groups=tuple(state.groups[i] for i in kept),
        labels=renumbered[state.labels],  # NONE is -1: the last
    )


_KINDS: dict[str, Callable[[State, Operation, Ground], State]] = {
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "move": _move,
    "pin": _pin,
    "drop": _drop,
    "estimate": _estimate,
}
