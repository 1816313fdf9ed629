"""Samples coded blind, and how far coders agree."""

from collections.abc import Callable

import pytest
from review.conftest import other_role

from textmine.review.desk import Action, Desk
from textmine.review.double import add_sample, agreement, done_by, draw
from textmine.review.events import Kind
from textmine.review.queues import Filters, Queue, Queues

Act = Callable[..., Action]


def code_blind(desk: Desk, act: Act, coder: str, other: Callable[[int], bool]) -> None:
    queues = Queues(desk)
    number = 0
    while (item := queues.next(Queue.BLIND, coder, Filters(), set())) is not None:
        codes = other_role(item) if other(number) else item.codes
        desk.decide(act(item, coder), codes, Kind.BLIND)
        number += 1


def test_a_sample_is_whole_answers_at_random_and_never_drawn_twice(desk: Desk) -> None:
    keys = draw(desk, 10)
    passages = list(dict.fromkeys(passage for passage, _ in keys))
    assert len(keys) >= 10
    assert len(keys) == sum(len(desk.standing.items(passage)) for passage in passages)
    assert passages != list(desk.survey.passages)[: len(passages)]
    assert add_sample(desk, "Åsa", "s1", 10) is not None
    assert not {passage for passage, _ in draw(desk, 10)} & set(passages)
    assert draw(desk, 10_000)
    assert add_sample(desk, "Åsa", "s2", 10_000) is not None
    assert add_sample(desk, "Åsa", "s3", 10) is None


def test_two_who_agree_and_two_who_do_not(desk: Desk, act: Act) -> None:
    add_sample(desk, "Åsa", "s", 30)
    code_blind(desk, act, "Åsa", lambda _: False)
    code_blind(desk, act, "Örjan", lambda number: number % 3 == 0)
    n = len(desk.standing.samples)
    assert done_by(desk) == {"Åsa": n, "Örjan": n}
    found = agreement(desk)
    assert found.coders == ("Åsa", "Örjan")
    assert found.shared == n
    role = next(one for one in found.dimensions if one.dimension == "role")
    different = sum(
        desk.standing.disputed(item)
        for passage, start in desk.standing.samples
        if (item := desk.standing.item(passage, start)) is not None
    )
    assert role.people["accuracy"].value == pytest.approx(1 - different / n)
    assert role.people["kappa"].low <= role.people["kappa"].value < 1
    # Åsa coded as the machine does, Örjan did not: the machine is between them.
    assert role.machine["accuracy"].value == pytest.approx(1 - different / n / 2)
    assert role.within
    by_code = {code: share for code, _, share in role.by_code}
    assert by_code["ovrigt"] < 1


def test_of_few_statements_nothing_is_said(desk: Desk, act: Act) -> None:
    add_sample(desk, "Åsa", "s", 2)
    code_blind(desk, act, "Åsa", lambda _: False)
    assert agreement(desk).coders is None
    code_blind(desk, act, "Örjan", lambda _: False)
    found = agreement(desk)
    assert found.shared < 10
    assert found.dimensions == []


def test_a_decision_in_sight_of_the_proposal_counts_as_that_coders(desk: Desk, act: Act) -> None:
    add_sample(desk, "Åsa", "s", 5)
    passage, start = desk.standing.samples[0]
    item = desk.standing.item(passage, start)
    assert item is not None
    desk.decide(act(item, "Åsa"), item.codes)
    assert done_by(desk) == {"Åsa": 1}
    following = Queues(desk).next(Queue.BLIND, "Åsa", Filters(), set())
    assert following is not None
    assert following.span != item.span or following.passage != item.passage
