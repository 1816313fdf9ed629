"""The process beside the page: it reads, learns after some decisions, and may die in peace."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from review.conftest import other_role

from textmine.review.desk import Action, Desk
from textmine.review.learning import EVERY, Learner
from textmine.review.lesson import Lesson
from textmine.review.queues import key_of

Act = Callable[..., Action]


def wait(until: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not until():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def lessons() -> list[Lesson]:
    return []


@pytest.fixture
def learner(desk: Desk, lessons: list[Lesson]) -> Iterator[Learner]:
    made = Learner(desk.survey, desk.log.url, lessons.append)
    made.start(desk.standing)
    wait(lambda: lessons)
    yield made
    made.stop()


def test_it_reads_then_learns_from_twenty_decisions(
    desk: Desk, act: Act, learner: Learner, lessons: list[Lesson]
) -> None:
    assert lessons[0].decisions == 0
    items = list(desk.standing.all_items())
    first = items[0]
    near = learner.nearest(first)
    assert 0 < len(near) <= 3
    assert all(0 < likeness <= 1 + 1e-6 for _, likeness in near)
    assert all(item.passage != first.passage for item, _ in near)
    whole = learner.probabilities(key_of(first), "role")
    assert whole is not None
    assert sum(whole.values()) == pytest.approx(1, abs=1e-3)
    for item in items[: EVERY - 1]:
        desk.decide(act(item), other_role(item))
        learner.look(desk.standing)
    assert len(lessons) == 1
    desk.decide(act(items[EVERY - 1]), other_role(items[EVERY - 1]))
    learner.look(desk.standing)
    wait(lambda: len(lessons) == 2)
    assert lessons[1].decisions == EVERY
    assert "20 beslut" in learner.text()
    assert lessons[1].decided == [key_of(item) for item in items[:EVERY]]
    decided = {key_of(item) for item in items[:EVERY]}
    order = sorted(lessons[1].keys, key=lambda k: lessons[1].urgency[lessons[1].keys.index(k)])
    assert not decided & set(order[:10])  # what is left comes first
    people = [desk.standing.decision(item) for item, _ in learner.nearest(items[-1])]
    assert any(people)  # those that people decided come before others


def test_the_review_goes_on_without_it(
    desk: Desk, act: Act, learner: Learner, lessons: list[Lesson], folder: Path
) -> None:
    assert learner._process is not None
    for child in learner._process._processes.values():
        child.kill()
    for item in list(desk.standing.all_items())[:EVERY]:
        desk.decide(act(item), item.codes)
        learner.look(desk.standing)
    wait(lambda: learner.broken)
    assert "lär inte just nu" in learner.text()
    learner.look(desk.standing)  # and nothing is asked of it any more
    assert learner.lesson is lessons[0]
