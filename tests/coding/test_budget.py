"""The error budget: an exact bound, and a threshold that keeps what it promises."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom

from textmine.coding.budget import Evidence, upper_bound


@pytest.mark.parametrize("n", [1, 10, 59, 1000])
def test_bound_without_errors_by_hand(n: int) -> None:
    # No error in n: the bound solves (1 - p)^n = 0.05.
    assert upper_bound(0, n) == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-9)


def test_bound_of_one_in_ten() -> None:
    # Printed tables of one-sided 95 % Clopper-Pearson limits: 1 of 10 → 0.3942, 0 of 10 → 0.2589.
    assert upper_bound(1, 10) == pytest.approx(0.3942, abs=5e-5)
    assert upper_bound(0, 10) == pytest.approx(0.2589, abs=5e-5)


@pytest.mark.parametrize(("wrong", "n"), [(1, 20), (3, 100), (40, 400), (99, 100)])
def test_bound_solves_its_equation(wrong: int, n: int) -> None:
    # At the bound, so few errors or fewer have a chance of 5 %.
    exact = brentq(lambda p: binom.cdf(wrong, n, p) - 0.05, 1e-9, 1 - 1e-9)
    assert upper_bound(wrong, n) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize(("wrong", "n"), [(0, 0), (1, 1), (7, 7)])
def test_bound_is_one_where_all_are_wrong(wrong: int, n: int) -> None:
    assert upper_bound(wrong, n) == 1.0


def draw(rng: np.random.Generator, n: int, shape: str) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and the true chance that each code is right."""
    if shape == "calibrated":
        p = rng.beta(6, 1.5, n)
        return p, p
    if shape == "overconfident":
        p = rng.beta(6, 1.5, n)
        return p, p**2
    p = rng.choice([0.55, 0.75, 0.97], n)  # error just above the budget at the middle step
    return p, np.select([p > 0.9, p > 0.7], [0.98, 0.82], 0.5)


@pytest.mark.parametrize("shape", ["calibrated", "overconfident", "steps"])
@pytest.mark.parametrize("n", [300, 1500])
def test_threshold_keeps_the_budget(shape: str, n: int) -> None:
    budget, above, coded = 0.10, 0, 0
    p_all, right_all = draw(np.random.default_rng(1), 200_000, shape)
    for seed in range(200):
        rng = np.random.default_rng([seed, n])
        p, chance = draw(rng, n, shape)
        threshold = Evidence(p, rng.random(n) < chance).threshold(budget)
        alone = p_all >= threshold
        coded += bool(alone.any())
        if alone.any() and 1 - right_all[alone].mean() > budget:
            above += 1
    # 5 % promised; 200 draws scatter around that with a standard deviation of 1.5 %.
    assert above / 200 <= 0.05 + 3 * 0.0154
    if n == 1500:  # a threshold that codes nothing would keep any budget
        assert coded > 100


def test_threshold_codes_much_where_the_coder_is_good() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.9, 1, 2000)
    threshold = Evidence(p, rng.random(2000) < p).threshold(0.10)
    assert (p >= threshold).mean() > 0.9


def test_larger_budget_never_codes_less() -> None:
    rng = np.random.default_rng(3)
    p = rng.beta(4, 1.5, 1000)
    evidence = Evidence(p, rng.random(1000) < p)
    thresholds = [evidence.threshold(budget) for budget in (0.01, 0.05, 0.1, 0.2, 0.4)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[0] > thresholds[-1]


@pytest.mark.parametrize(
    ("p", "right"),
    [
        (np.empty(0), np.empty(0, bool)),
        (np.full(10, 0.99), np.ones(10, bool)),  # too few to know
        (np.full(500, 0.99), np.zeros(500, bool)),
        (np.linspace(0, 1, 500), np.arange(500) % 2 == 0),
    ],
    ids=["none", "few", "wrong", "coin"],
)
def test_nothing_is_coded_alone_when_hopeless(p: np.ndarray, right: np.ndarray) -> None:
    assert Evidence(p, right).threshold(0.10) > 1


@pytest.mark.parametrize("budget", [0.0, 1e-9])
def test_no_budget_codes_nothing(budget: float) -> None:
    assert Evidence(np.ones(5000), np.ones(5000, bool)).threshold(budget) > 1


def test_first_failure_ends_the_search() -> None:
    # Certain statements are often wrong; that doubtful ones are right does not make up for it.
    p = np.r_[np.full(200, 0.99), np.full(5000, 0.5)]
    right = np.r_[np.arange(200) % 3 > 0, np.ones(5000, bool)]
    assert Evidence(p, right).threshold(0.10) > 1
