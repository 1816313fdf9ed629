"""What a researcher does to groups, on a small grouping laid out by hand."""

import numpy as np
import pytest

from textmine.cluster.operations import Ground, Operation, apply
from textmine.cluster.state import DROPPED, NONE, Group, State
from textmine.errors import TextmineError

RNG = np.random.default_rng(0)
CORNERS = np.eye(3, 8)


def ground() -> Ground:
    """Twelve texts, four near each of three corners; note ids n0 to n11."""
    places = np.repeat(CORNERS, 4, axis=0) + RNG.normal(scale=0.05, size=(12, 8))
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    return Ground(places.astype(np.float32), {f"n{i}": i for i in range(12)}, seed=0)


GROUND = ground()


def state() -> State:
    """Three groups; the last text has strayed to the first."""
    labels = np.repeat([0, 1, 2], 4).astype(np.intp)
    labels[11] = 0
    return State(
        groups=(
            Group("C01", stability=0.9),
            Group("C02", name="Möten", stability=0.8),
            Group("C03", name="Juridik", stability=0.7),
        ),
        labels=labels,
        probabilities=np.full(12, 0.6),
        pinned=np.zeros(12, np.bool_),
        made=3,
    )


def done(*operations: Operation) -> State:
    now = state()
    for operation in operations:
        now = apply(now, operation, GROUND)
    return now


def ids(now: State) -> list[str | None]:
    return [None if label == NONE else now.groups[label].id for label in now.labels]


def test_names_stick_at_a_merge_and_none_is_lost() -> None:
    now = done({"operation": "merge", "clusters": ["C01", "C03", "C02"]})
    (group,) = now.groups
    assert (group.id, group.name, group.names_before) == ("C01", "Juridik", ("Möten",))
    assert ids(now) == ["C01"] * 12
    renamed = apply(now, {"operation": "rename", "cluster": "C01", "name": "Lag"}, GROUND)
    assert renamed.groups[0].names_before == ("Möten", "Juridik")


def test_other_groups_keep_their_ids_and_members() -> None:
    now = done({"operation": "merge", "clusters": ["C03", "C01"]})
    assert [group.id for group in now.groups] == ["C02", "C03"]
    assert [group.name for group in now.groups] == ["Möten", "Juridik"]
    assert ids(now) == ["C03"] * 4 + ["C02"] * 4 + ["C03"] * 4


def test_a_split_finds_the_parts_and_the_largest_keeps_name_and_id() -> None:
    merged = done({"operation": "merge", "clusters": ["C03", "C01"]})
    now = apply(merged, {"operation": "split", "cluster": "C03", "into": 2}, GROUND)
    assert ids(now)[:4] == [ids(now)[0]] * 4
    assert ids(now)[8:] == [ids(now)[8]] * 4
    assert {ids(now)[0], ids(now)[8]} == {"C03", "C04"}
    assert [group.name for group in now.groups] == ["Möten", "Juridik", None]


def test_a_number_is_never_used_again() -> None:
    split = {"operation": "split", "cluster": "C01", "into": 2}
    now = done(split, {"operation": "drop", "cluster": "C04"}, split)
    assert [group.id for group in now.groups] == ["C01", "C02", "C03", "C05"]


def test_a_split_along_examples_names_the_parts_and_pins_the_examples() -> None:
    merged = done({"operation": "merge", "clusters": ["C01", "C02", "C03"]})
    examples = {"Först": ["n0"], "Sist": ["n9", "n10"]}
    now = apply(merged, {"operation": "split", "cluster": "C01", "examples": examples}, GROUND)
    assert [(group.id, group.name) for group in now.groups] == [("C01", "Först"), ("C04", "Sist")]
    assert ids(now)[0:4] == ["C01"] * 4
    assert ids(now)[8:12] == ["C04"] * 4
    assert np.flatnonzero(now.pinned).tolist() == [0, 9, 10]


def test_estimating_brings_strays_home_but_leaves_the_pinned() -> None:
    assert ids(done({"operation": "estimate"}))[11] == "C03"
    pinned = done({"operation": "pin", "notes": ["n11"]}, {"operation": "estimate"})
    assert ids(pinned)[11] == "C01"
    moved = done(
        {"operation": "move", "notes": ["n0"], "cluster": "C02"}, {"operation": "estimate"}
    )
    assert ids(moved)[0] == "C02"


def test_dropped_notes_say_why_and_may_come_back() -> None:
    now = done({"operation": "drop", "notes": ["n3"]})
    assert now.labels[3] == NONE
    assert now.reasons == {3: DROPPED}
    assert np.isnan(now.probabilities[3])
    back = apply(now, {"operation": "move", "notes": ["n3"], "cluster": "C01"}, GROUND)
    assert back.reasons == {}
    whole = done({"operation": "drop", "cluster": "C02"})
    assert [group.id for group in whole.groups] == ["C01", "C03"]
    assert set(whole.reasons) == {4, 5, 6, 7}


def test_no_operation_changes_the_state_it_began_with() -> None:
    before = state()
    apply(before, {"operation": "move", "notes": ["n1"], "cluster": "C03"}, GROUND)
    apply(before, {"operation": "merge", "clusters": ["C01", "C02"]}, GROUND)
    assert before.labels.tolist() == state().labels.tolist()
    assert before.groups == state().groups


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"operation": "rename", "cluster": "C9", "name": "x"}, "No group 'C9'; .*allowed: C01"),
        ({"operation": "rename", "cluster": "C01", "name": " "}, "An empty name for C01"),
        ({"operation": "rename", "cluster": "C01"}, "'rename' lacks 'name'"),
        ({"operation": "merge", "clusters": ["C01"]}, "takes two groups or more"),
        ({"operation": "split", "cluster": "C02", "into": 9}, "4 distinct notes; they make no 9"),
        ({"operation": "move", "notes": ["m1"], "cluster": "C01"}, "No note 'm1'"),
        ({"operation": "flytta"}, "No operation 'flytta'; .*allowed: rename"),
    ],
)
def test_what_cannot_be_done_is_refused(operation: Operation, message: str) -> None:
    with pytest.raises(TextmineError, match=message):
        done(operation)
