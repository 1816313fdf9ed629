"""Two years' groupings compared."""

import numpy as np
import pytest

from textmine.cluster.crosswalk import (
    APPEARED,
    GREW,
    SHRANK,
    STEADY,
    VANISHED,
    Side,
    compare,
    difference_interval,
)


def side(ids: str, sizes: dict[int, int], across: dict[int, list[int]]) -> Side:
    """A year whose groups have a number of notes; `across` says where each group's notes go."""
    own = np.repeat(list(sizes), list(sizes.values())).astype(np.intp)
    gone = np.concatenate([np.resize(across[group], size) for group, size in sizes.items()])
    return Side(list(ids), [f"Tema {i}" for i in ids], own, gone.astype(np.intp), range(len(own)))


def test_themes_are_matched_whatever_they_are_called() -> None:
    earlier = side("ABC", {0: 60, 1: 20, 2: 20}, {0: [1], 1: [0], 2: [-1]})
    later = side("xyz", {0: 60, 1: 20, 2: 20}, {0: [1], 1: [0], 2: [-1]})
    found = compare(earlier, later)
    table = found.table.set_index("name")
    assert table.loc["Tema y", ["earlier", "later", "change"]].tolist() == ["A", "y", SHRANK]
    assert table.loc["Tema x", ["earlier", "later", "change"]].tolist() == ["B", "x", GREW]
    assert table.loc["Tema C", "change"] == VANISHED
    assert table.loc["Tema z", "change"] == APPEARED
    assert table.loc["Tema x", "difference"] == pytest.approx(0.4)
    assert found.crosswalk[["earlier", "later"]].to_numpy().tolist() == [["A", "y"], ["B", "x"]]


def test_parts_say_where_they_came_from_and_what_they_went_into() -> None:
    whole = side("A", {0: 100}, {0: [0, 0, 0, 1]})
    parts = side("xy", {0: 75, 1: 25}, {0: [0], 1: [0]})
    table = compare(whole, parts).table
    assert table["change"].tolist() == [SHRANK, "utbruten ur A"]
    table = compare(parts, whole).table
    assert table["change"].tolist() == [GREW, "uppgick i A"]


def test_a_group_without_a_partner_is_set_beside_what_would_join_it() -> None:
    # Nobody made a group of it the second year, though as many wrote of it.
    earlier = side("AB", {0: 50, 1: 50}, {0: [0], 1: [0, 0, -1, -1, -1]})
    later = side("x", {0: 100}, {0: [0, 1]})
    table = compare(earlier, later).table.set_index("earlier")
    assert table.loc["B", ["n_later", "change"]].tolist() == [50, "ingen motsvarande grupp"]


def test_a_small_difference_is_not_called_a_change() -> None:
    earlier = side("AB", {0: 20, 1: 30}, {0: [0], 1: [1]})
    later = side("xy", {0: 24, 1: 26}, {0: [0], 1: [1]})
    table = compare(earlier, later).table
    assert set(table["change"]) == {STEADY}
    assert ((table["low"] < 0) & (table["high"] > 0)).all()


def test_what_is_counted_counts_once_in_a_group() -> None:
    own = np.array([0, 0, 0, 1])
    twice = Side(["A", "B"], ["a", "b"], own, own, ["Umeå", "Umeå", "Lund", "Lund"])
    table = compare(twice, twice).table
    assert table["n_earlier"].tolist() == [2, 1]
    assert table["share_earlier"].tolist() == [1.0, 0.5]


def test_the_interval_is_newcombes() -> None:
    # Newcombe (1998), table II, method 10, row a: 56/70 - 48/80.
    low, high = difference_interval(48, 80, 56, 70)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
