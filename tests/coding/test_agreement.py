"""Agreement of two divisions into statements, against cases worked out by hand."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from textmine.coding.agreement import (
    code_agreement,
    cohen_kappa,
    krippendorff_alpha,
    segmentation,
    trimmed,
)

#       0         1         2         3
#       0123456789012345678901234567890123
TEXT = "Ny rutin. Ny kurs, och ny kurator."
RUTIN, KURS, KURATOR = (0, 9), (10, 17), (23, 34)
GOLD = [RUTIN, KURS, KURATOR]


def test_identical_is_one() -> None:
    assert segmentation([TEXT], [GOLD], [GOLD]) == {"exact_f1": 1.0, "boundary_f1": 1.0}


def test_order_does_not_matter() -> None:
    assert segmentation([TEXT], [GOLD], [GOLD[::-1]]) == {"exact_f1": 1.0, "boundary_f1": 1.0}


@pytest.mark.parametrize("spans", [[[(0, 8)]], [[]], []])
def test_identical_is_one_without_inner_boundaries(spans: list[list[tuple[int, int]]]) -> None:
    assert segmentation([TEXT] * len(spans), spans, spans)["boundary_f1"] == 1.0


def test_final_punctuation_and_blanks_are_forgiven() -> None:
    found = [(0, 8), (9, 18), (22, 33)]
    assert segmentation([TEXT], [GOLD], [found]) == {"exact_f1": 1.0, "boundary_f1": 1.0}


def test_one_missed_boundary() -> None:
    # 1 of 3 gold and 2 found spans agree: 2 · 1 / 5. Of 2 inner beginnings 1 is found: 2 · 1 / 3.
    found = [RUTIN, (10, 34)]
    assert segmentation([TEXT], [GOLD], [found]) == {"exact_f1": 0.4, "boundary_f1": 0.6667}


def test_one_boundary_too_many() -> None:
    # 2 of 3 and 4 agree: 4 / 7. Both inner beginnings are found, and one more: 4 / 5.
    found = [(0, 2), (3, 9), KURS, KURATOR]
    assert segmentation([TEXT], [GOLD], [found]) == {"exact_f1": 0.5714, "boundary_f1": 0.8}


def test_nothing_found() -> None:
    assert segmentation([TEXT], [GOLD], [[]]) == {"exact_f1": 0.0, "boundary_f1": 0.0}


def test_answers_are_pooled_not_averaged() -> None:
    # 3 + 0 of (3 + 1) and (3 + 2) spans; 2 + 0 of (2 + 0) and (2 + 1) beginnings.
    scores = segmentation([TEXT, "Ja nej"], [GOLD, [(0, 6)]], [GOLD, [(0, 2), (3, 6)]])
    assert scores == {"exact_f1": 0.6667, "boundary_f1": 0.8}


def test_spans_of_different_answers_do_not_meet() -> None:
    scores = segmentation(["Ja", "Nej"], [[(0, 2)], []], [[], [(0, 2)]])
    assert scores["exact_f1"] == 0.0


def test_unequal_numbers_of_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        segmentation([TEXT], [GOLD], [])


@pytest.mark.parametrize(
    ("span", "inner"),
    [((0, 9), (0, 8)), ((9, 19), (10, 17)), ((17, 18), (17, 17)), ((23, 34), (23, 33))],
)
def test_trimmed(span: tuple[int, int], inner: tuple[int, int]) -> None:
    assert trimmed(TEXT, *span) == inner


def test_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    one = rng.integers(0, 4, 200)
    two = np.where(rng.random(200) < 0.6, one, rng.integers(0, 4, 200))
    table = np.zeros((4, 4))
    np.add.at(table, (one, two), 1)
    assert cohen_kappa(table) == pytest.approx(cohen_kappa_score(one, two))


def test_alpha_is_that_of_krippendorffs_example() -> None:
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, section A: binary data, two
    # observers, ten units; alpha = 0.095.
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    table = np.zeros((2, 2))
    np.add.at(table, (one, two), 1)
    assert krippendorff_alpha(table) == pytest.approx(0.095, abs=5e-4)


def test_codings_that_agree_and_codings_by_chance() -> None:
    same = [("p",), ("a",)] * 20
    groups = [f"a{i // 2}" for i in range(40)]
    perfect = code_agreement(same, same, groups)
    assert {figure.value for figure in perfect.values()} == {1.0}
    figures = code_agreement(same, [("p",)] * 40, groups)
    assert figures["accuracy"].value == 0.5
    assert figures["kappa"].value == 0
    # Of p half is right and all found, of a nothing: (2/3 + 0) / 2.
    assert figures["macro_f1"].value == pytest.approx(1 / 3)
    # Every answer holds one of each, so that resampling answers changes nothing.
    assert figures["accuracy"].low == figures["accuracy"].high == 0.5


def test_an_accepted_second_code_counts_leniently() -> None:
    one, two = [("p",), ("a",), ("e",)], [("p",), ("p",), ("p",)]
    figures = code_agreement(one, two, [1, 2, 3], accepted=[(), ("p",), ()])
    assert figures["accuracy"].value == pytest.approx(1 / 3)
    assert figures["accuracy_lenient"].value == pytest.approx(2 / 3)
    assert figures["accuracy"].low < 1 / 3 < figures["accuracy"].high


def test_sets_of_codes_are_compared_whole_and_one_by_one() -> None:
    one = [("x", "y"), (), ("x",)]
    two = [("x",), (), ("x",)]
    figures = code_agreement(one, two, [1, 2, 3])
    assert figures["accuracy"].value == pytest.approx(2 / 3)
    assert figures["macro_f1"].value == pytest.approx((1 + 0) / 2)
