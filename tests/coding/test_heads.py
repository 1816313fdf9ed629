"""Linear heads: they learn what is separable, and their probabilities are probabilities."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import softmax

from textmine.coding.heads import Head, fit_head, fit_sharpness, fit_shift

CODES = ["resurs", "aktivitet", "mal", "effekt"]


def clouds(n_codes: int, n: int = 240, spread: float = 0.3) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Make points around one corner a code, in 6 dimensions, with the corner's number."""
    rng = np.random.default_rng(0)
    truth = np.arange(n) % n_codes
    return sparse.csr_matrix(3 * np.eye(6)[truth] + rng.normal(0, spread, (n, 6))), truth


def onehot(truth: np.ndarray, n_codes: int) -> np.ndarray:
    return np.eye(n_codes, dtype=bool)[truth]


def fitted(features: sparse.csr_matrix, labels: np.ndarray, *, multiple: bool = False) -> Head:
    head = fit_head(features, labels, CODES[: labels.shape[1]], multiple=multiple, strength=0.5)
    assert head is not None
    return head


@pytest.mark.parametrize("n_codes", [2, 3, 4])
def test_single_label(n_codes: int) -> None:
    features, truth = clouds(n_codes)
    head = fitted(features, onehot(truth, n_codes))
    assert head.codes == CODES[:n_codes]
    probabilities = head.probabilities(features)
    assert probabilities.shape == (len(truth), n_codes)
    assert (probabilities.argmax(axis=1) == truth).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-12)
    assert probabilities.max(axis=1).mean() > 0.9


def test_binary_equals_its_logistic_model() -> None:
    from sklearn.linear_model import LogisticRegression

    features, truth = clouds(2, spread=2.0)
    expected = LogisticRegression(C=0.5, max_iter=1000).fit(features, truth).predict_proba(features)
    head = fitted(features, onehot(truth, 2))
    np.testing.assert_allclose(head.probabilities(features), expected, atol=5e-3)


def test_codes_never_seen_are_left_out() -> None:
    features, truth = clouds(2)
    labels = onehot(truth * 2, 4)  # only the first and the third code occur
    head = fitted(features, labels)
    assert head.codes == ["resurs", "mal"]
    assert (head.probabilities(features).argmax(axis=1) == truth).all()


@pytest.mark.parametrize("multiple", [False, True])
def test_no_code_at_all(*, multiple: bool) -> None:
    features, _ = clouds(2)
    labels = np.zeros((features.shape[0], 3), bool)
    assert fit_head(features, labels, CODES[:3], multiple=multiple, strength=0.5) is None


def test_one_code_is_certain() -> None:
    features, truth = clouds(1)
    head = fitted(features, np.c_[np.zeros(len(truth), bool), np.ones(len(truth), bool)])
    assert head.codes == ["aktivitet"]
    assert (head.probabilities(features) == 1).all()


def test_multi_label() -> None:
    features, truth = clouds(4)
    # Corner 0 has no flag, 1 the first, 2 the second, 3 both; everyone has the third.
    labels = np.c_[
        truth % 2 == 1, truth >= 2, np.ones(len(truth), bool), np.zeros(len(truth), bool)
    ]
    head = fitted(features, labels, multiple=True)
    assert head.codes == CODES[:3]
    probabilities = head.probabilities(features)
    assert ((probabilities > 0.5) == labels[:, :3]).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert (probabilities[:, 2] > 0.99).all()
    assert (probabilities[truth == 3].sum(axis=1) > 2).all()  # judged one by one


def test_weights_fit_in_a_model_file() -> None:
    features, truth = clouds(3)
    head = fitted(features, onehot(truth, 3))
    assert head.weights.dtype == np.float32
    assert (head.weights.astype(np.float16).astype(np.float32) == head.weights).all()


def test_same_data_same_head() -> None:
    features, truth = clouds(3)
    one, two = (fitted(features, onehot(truth, 3)) for _ in range(2))
    assert (one.weights == two.weights).all()
    assert (one.bias == two.bias).all()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 4.0])
def test_sharpness_recovers_a_known_temperature(temperature: float) -> None:
    rng = np.random.default_rng(7)
    scores = rng.normal(0, 3, (4000, 5))
    chances = softmax(scores / temperature, axis=1)
    truth = np.array([rng.choice(5, p=row) for row in chances])
    found = fit_sharpness([scores[:1000], scores[1000:]], [truth[:1000], truth[1000:]])
    assert found == pytest.approx(1 / temperature, rel=0.08)


def test_sharpness_without_evidence_is_one() -> None:
    assert fit_sharpness([], []) == 1.0
    assert fit_sharpness([np.empty((0, 3))], [np.empty(0, np.int64)]) == 1.0


def test_sharpness_changes_no_ranking() -> None:
    features, truth = clouds(3, spread=2.0)
    head = fitted(features, onehot(truth, 3))
    before = head.probabilities(features)
    head.sharpness = 0.3
    after = head.probabilities(features)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert after.max() < before.max()
    np.testing.assert_allclose(after.sum(axis=1), 1, atol=1e-12)


def test_extreme_scores_stay_finite() -> None:
    head = Head(CODES[:2], np.zeros((1, 2), np.float32), np.zeros(2), multiple=False)
    many = Head(CODES[:2], np.zeros((1, 2), np.float32), np.zeros(2), multiple=True)
    scores = np.array([[1e6, -1e6], [0.0, 0.0]])
    np.testing.assert_allclose(head.calibrated(scores), [[1, 0], [0.5, 0.5]])
    np.testing.assert_allclose(many.calibrated(scores), [[1, 0], [0.5, 0.5]])


def test_shift_recovers_known_calibration() -> None:
    rng = np.random.default_rng(5)
    scores = rng.normal(0, 2, (6000, 2))
    labels = rng.random((6000, 2)) < 1 / (1 + np.exp(-(0.5 * scores + np.array([1.0, -1.5]))))
    sharpness, shift = fit_shift(scores, labels)
    assert sharpness == pytest.approx(0.5, rel=0.1)
    np.testing.assert_allclose(shift, [1.0, -1.5], atol=0.15)
    head = Head(
        CODES[:2], np.eye(2, dtype=np.float32), np.zeros(2), True, sharpness=sharpness, shift=shift
    )
    mean = head.probabilities(sparse.csr_matrix(scores)).mean(axis=0)
    np.testing.assert_allclose(mean, labels.mean(axis=0), atol=0.01)
