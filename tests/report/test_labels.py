"""Labels: all of them readable, wherever the groups lie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.report.labels import Floats, Placed, find_room, measure, place, wrap

FRAME = (583.0, 520.0)
SEEDS = st.integers(0, 2**32 - 1)


def layout_of(seed: int, groups: int, spread: float) -> tuple[Floats, list, list]:
    """Random groups of four to twenty points, and random labels."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(4, 20, groups)
    of = np.repeat(np.arange(groups), counts)
    points = rng.normal(0, 5, (groups, 2))[of] + rng.normal(0, spread, (len(of), 2))
    sizes = [(float(w), float(h)) for w, h in rng.uniform((30, 15), (150, 45), (groups, 2))]
    return points, [np.flatnonzero(of == group) for group in range(groups)], sizes


def assert_readable(placed: Placed) -> None:
    low, high = placed.centres - placed.sizes / 2, placed.centres + placed.sizes / 2
    assert (low >= -1e-6).all()
    assert (high <= np.array(placed.frame) + 1e-6).all()
    apart = np.abs(placed.centres[:, None] - placed.centres)
    overlap = (apart < (placed.sizes[:, None] + placed.sizes) / 2 - 1e-6).all(axis=2)
    assert not overlap[~np.eye(len(overlap), dtype=bool)].any()


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 14), st.sampled_from([0.0, 0.3, 5.0]))
def test_no_label_overlaps_another_or_leaves_the_frame(
    seed: int, groups: int, spread: float
) -> None:
    placed = place(*layout_of(seed, groups, spread), FRAME)
    assert placed.frame == FRAME
    assert_readable(placed)
    np.testing.assert_array_equal(
        placed.centres, place(*layout_of(seed, groups, spread), FRAME).centres
    )


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_points_fill_the_frame_and_know_the_way_back(seed: int) -> None:
    points, rows, sizes = layout_of(seed, 5, 1.0)
    placed = place(points, rows, sizes, FRAME)
    assert ((placed.points > 0) & (placed.points < FRAME)).all()
    np.testing.assert_allclose(placed.in_layout(placed.points), points, atol=1e-9)
    for group, anchor in zip(rows, placed.anchors, strict=True):
        assert (placed.points[group] == anchor).all(axis=1).any()


def test_labels_that_find_no_room_get_a_larger_frame() -> None:
    points, rows, sizes = layout_of(0, 12, 0.0)
    placed = place(points, rows, sizes, (200.0, 150.0))
    assert placed.frame[0] > 200
    assert_readable(placed)


def test_groups_in_one_place_lie_round_it() -> None:
    placed = place(np.zeros((6, 2)), [np.array([n]) for n in range(6)], [(90.0, 30.0)] * 6, FRAME)
    assert_readable(placed)
    assert np.abs(placed.centres - np.array(FRAME) / 2).max() < 150


def test_a_label_alone_stands_where_it_belongs_and_needs_no_line() -> None:
    placed = place([(0, 0), (9, 9)], [np.array([0])], [(60.0, 20.0)], FRAME)
    assert placed.leader(0) is None
    assert np.abs(placed.centres[0] - placed.anchors[0]).max() < 60


def test_a_line_starts_on_the_edge_of_its_label_and_avoids_others() -> None:
    anchors = np.array([(300.0, 250.0), (300.0, 251.0), (300.0, 249.0), (301.0, 250.0)])
    sizes = np.full((4, 2), (150.0, 60.0))
    centres = find_room(anchors, sizes, FRAME, anchors)
    assert centres is not None
    placed = Placed(FRAME, anchors, anchors, centres, sizes, 1.0, np.zeros(2))
    starts = [placed.leader(label) for label in range(4)]
    far = [label for label in range(4) if starts[label] is not None]
    assert far
    for label in far:
        off = np.abs(starts[label] - centres[label]) / sizes[label]
        assert off.max() == pytest.approx(0.5)
        along = starts[label] + np.linspace(0, 1, 50)[:, None] * (anchors[label] - starts[label])
        for other in set(far) - {label}:
            assert not (np.abs(along - centres[other]) < sizes[other] / 2).all(axis=1).any()


def test_a_label_stands_off_a_crowd_if_there_is_room_beside_it() -> None:
    rng = np.random.default_rng(0)
    crowd = rng.normal((300, 250), 25, (200, 2))
    centres = find_room(crowd.mean(axis=0)[None], np.array([(80.0, 20.0)]), FRAME, crowd)
    assert centres is not None
    covered = (np.abs(crowd - centres[0]) < (40, 10)).all(axis=1).sum()
    assert covered < 20


@pytest.mark.parametrize("rows", [0, 1])
def test_a_map_may_be_all_but_empty(rows: int) -> None:
    placed = place(np.full((rows, 2), 7.0), [np.arange(1)] * rows, [(60.0, 20.0)] * rows, FRAME)
    assert_readable(placed)
    assert placed.in_layout(placed.points).tolist() == [[7.0, 7.0]] * rows


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Juridiska frågor", ["Juridiska frågor · 45"]),
        ("Barn och unga i skolan", ["Barn och unga", "i skolan · 45"]),
        ("Kompetensförsörjningsfrågor", ["Kompetensförsörjningsfrågor · 45"]),
        (
            "Nationell samordning mellan myndigheter, regioner och kommuner",
            ["Nationell samordning", "mellan myndigheter,", "regioner och… · 45"],
        ),
        ("x\x00\n\u00a0y\u200b", ["x y · 45"]),
        ("", [" · 45"]),
    ],
)
def test_long_names_take_more_lines(name: str, lines: list[str]) -> None:
    assert wrap(name, " · 45") == lines


@given(st.text(max_size=200))
def test_any_name_takes_three_lines_at_most(name: str) -> None:
    lines = wrap(name)
    assert 1 <= len(lines) <= 3
    assert max(map(len, lines)) <= 36


def test_wider_text_is_measured_wider() -> None:
    assert measure(["ii"], 9) < measure(["MM"], 9)
    assert measure(["i", "i"], 9)[1] > measure(["i"], 9)[1]
    assert measure(["語"], 9)[0] > 0
