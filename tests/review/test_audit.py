"""The machine's error where people looked at random."""

from collections.abc import Callable

import pytest
from review.conftest import other_role

from textmine.review.audit import Audit, audit
from textmine.review.desk import Action, Desk
from textmine.review.queues import Queue, Queues


def test_only_decided_statements_of_the_sample_count(
    desk: Desk, act: Callable[..., Action]
) -> None:
    queues = Queues(desk)
    sample = queues.order(Queue.QUALITY, "Åsa")[:6]
    assert audit(desk.standing, queues.audited()) == {}
    wrong = 0
    for number, key in enumerate(sample):
        item = desk.standing.item(*key)
        assert item is not None
        codes = other_role(item) if number % 3 == 0 else item.codes
        wrong += codes["role"] != item.codes["role"]
        desk.decide(act(item), codes)
    outside = next(item for item in desk.standing.all_items() if item.flagged)
    desk.decide(act(outside), other_role(outside))
    found = audit(desk.standing, queues.audited())
    assert found["role"] == Audit(6, wrong)
    assert found["flags"] == Audit(6, 0)  # no flag at all is a code, too


@pytest.mark.parametrize(
    ("n", "wrong", "low", "high"),
    [(10, 0, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (100, 5, 0.0164, 0.1128)],
)
def test_the_interval_is_exact(n: int, wrong: int, low: float, high: float) -> None:
    """Figures of R's binom.test."""
    error = Audit(n, wrong).error
    assert error[0] == wrong / n
    assert error[1:] == pytest.approx((low, high), abs=1e-4)
