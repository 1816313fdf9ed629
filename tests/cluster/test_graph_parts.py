"""How well a graph of texts is parted, and links to neighbours that are not there."""

import warnings

import numpy as np
import pytest

from textmine.cluster.graph import linked, modularity, nearest


def clouds() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 25)
    rows = np.eye(4, 10)[labels] + rng.normal(scale=0.1, size=(100, 10))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels


def test_the_right_number_of_groups_parts_best() -> None:
    places, labels = clouds()
    graph = linked(*nearest(places))
    right = modularity(graph, labels, 1.5)
    assert right > modularity(graph, labels // 2, 1.5)
    assert right > modularity(graph, labels * 2 + np.arange(100) % 2, 1.5)
    assert modularity(graph, np.zeros(100, np.intp), 1.0) == pytest.approx(0)


def test_neighbours_that_are_not_there_change_nothing() -> None:
    places, _ = clouds()
    found, cosines = nearest(places, 10)
    absent, far = np.full((100, 3), -1), np.full((100, 3), -50.0, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        padded = linked(np.hstack([found, absent]), np.hstack([cosines, far]))
    assert abs(padded - linked(found, cosines)).max() < 1e-6
