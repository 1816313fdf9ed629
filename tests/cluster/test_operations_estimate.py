"""What a researcher shows is heeded when notes are estimated anew."""

import numpy as np

from textmine.cluster.operations import Ground, apply
from textmine.cluster.state import Group, State

RNG = np.random.default_rng(0)


def places() -> np.ndarray:
    """Two clouds of thirty texts each."""
    centres = np.repeat(np.eye(2, 8), 30, axis=0)
    rows = centres + RNG.normal(scale=0.15, size=centres.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_unpinned_notes_follow_what_was_shown() -> None:
    labels = np.repeat([0, 1], 30)
    labels[:5] = 1  # put in the wrong group, and unsurely
    probabilities = np.where(np.arange(60) < 5, 0.4, 0.9)
    pinned = np.zeros(60, bool)
    pinned[0] = True  # but a person wants this one there
    state = State((Group("C01"), Group("C02")), labels, probabilities, pinned, made=2)
    ground = Ground(places(), {f"n{i}": i for i in range(60)}, 0)
    after = apply(state, {"operation": "estimate"}, ground)
    assert after.labels[0] == 1
    assert (after.labels[1:5] == 0).all()
    assert (after.labels[5:30] == 0).sum() >= 24
    assert (after.labels[30:] == 1).sum() >= 29
    again = apply(state, {"operation": "estimate"}, ground)
    np.testing.assert_array_equal(after.labels, again.labels)
