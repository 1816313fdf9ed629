"""Groups of groups."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textmine.cluster.tree import cut, drawn, grow, joints, middles, neighbours

FAR = np.array([[1, 0, 0], [0.98, 0.2, 0], [0, 1, 0], [0, 0.1, 1]], np.float32)
CENTRES = FAR / np.linalg.norm(FAR, axis=1, keepdims=True)


def test_the_nearest_join_first() -> None:
    tree = grow(CENTRES)
    assert sorted(tree.leaves) == [0, 1, 2, 3]
    assert (0, 1) in {branch.leaves for branch in cut(tree, 3)}
    assert len(cut(tree, 4)) == 4
    assert cut(tree, 1) == [tree]


def test_neighbours_are_others_nearest_first() -> None:
    assert neighbours(CENTRES, 2) == [[1, 2], [0, 2], [1, 3], [2, 1]]
    assert neighbours(CENTRES[:1], 3) == [[]]


def test_the_tree_is_written_with_all_names() -> None:
    tree = grow(CENTRES)
    written = drawn(tree, ["Ett", "Två", "Tre", "Fyra"], ["rot", "gren", "kvist"])
    assert written.splitlines()[0] == "rot"
    assert all(written.count(name) == 1 for name in ("Ett", "Två", "Tre", "Fyra"))
    assert len(joints(tree)) == 3
    pair = next(line for line in written.splitlines() if line.endswith("Ett"))
    assert pair.startswith(("│", " "))  # deeper than the first level


def test_a_single_group_is_a_tree() -> None:
    tree = grow(CENTRES[:1])
    assert drawn(tree, ["Ensam"], []) == "Ensam"


def test_an_empty_group_has_no_middle() -> None:
    places = np.eye(3, dtype=np.float32)
    found = middles(places, np.array([0, 0, -1]), 2)
    assert np.allclose(found[0], [np.sqrt(0.5), np.sqrt(0.5), 0])
    assert not found[1].any()


@given(st.integers(2, 12), st.integers(0, 1000))
def test_every_level_holds_every_group_once(number: int, seed: int) -> None:
    places = np.random.default_rng(seed).normal(size=(number, 5)).astype(np.float32)
    tree = grow(places / np.linalg.norm(places, axis=1, keepdims=True))
    for level in range(1, number + 1):
        branches = cut(tree, level)
        assert len(branches) == level
        assert sorted(leaf for branch in branches for leaf in branch.leaves) == list(range(number))
