"""What review of a statement is expected to change in the counts."""

from types import SimpleNamespace
from typing import Any

import pytest

from textmine.codebook import Codebook
from textmine.review.counts.effect import effects_on_counts
from textmine.review.desk import Desk
from textmine.review.queues import Filters, Queue, Queues
from textmine.review.survey import Item, Passage

BOOK = Codebook.load("psykisk-halsa-2020")
AREA = "suicidprevention"
Said = tuple[Any, Any, Any, Any]


def survey(answers: dict[str, tuple[list[str], list[tuple[Said, Said]]]]) -> Any:
    """Passages by key, each with its respondents and its statements' categories and roles."""
    names: list[str] = []
    passages, items = {}, {}
    for key, (people, statements) in answers.items():
        rows = list(range(len(names), len(names) + len(people)))
        names += people
        passages[key] = Passage(key, "x", "x", {"area": AREA}, rows)
        items[key] = [
            Item(
                key,
                at,
                at + 1,
                {"category": list(category), "role": list(role)},
                flagged=False,
                reason=None,
                novelty=0.0,
                statement_ids=[],
            )
            for at, (category, role) in enumerate(statements)
        ]
    return SimpleNamespace(
        codebook=BOOK, passages=passages, items=items, respondent=lambda row: names[row]
    )


SURE: Said = ("kompetens", 1.0, None, None)


def test_what_stands_alone_matters_by_its_doubt_and_by_how_many_said_it() -> None:
    role = ("aktivitet", 0.75, "effekt", 0.25)
    found = effects_on_counts(survey({"a": (["Åmål", "Ed", "Tjörn"], [(SURE, role)])}))
    # Each leaves the cell of initiatives with 0.25, and enters that of effects with 0.25.
    assert found["a", 0] == pytest.approx(3 * (0.25 + 0.25))


def test_what_another_statement_says_too_changes_nothing_by_leaving() -> None:
    doubtful, certain = ("aktivitet", 0.5, "ovrigt", 0.0), ("prestation", 1.0, None, None)
    found = effects_on_counts(survey({"a": (["Åmål"], [(SURE, doubtful), (SURE, certain)])}))
    assert found["a", 0] == found["a", 1] == 0.0  # activities and outputs are one cell


def test_the_same_respondent_elsewhere_counts_too() -> None:
    doubtful, certain = ("aktivitet", 0.5, "effekt", 0.5), ("effekt", 1.0, None, None)
    found = effects_on_counts(
        survey({"a": (["Åmål"], [(SURE, doubtful)]), "b": (["Åmål"], [(SURE, certain)])})
    )
    assert found["a", 0] == pytest.approx(0.5)  # leaves initiatives; is among effects already


def test_the_queue_begins_with_what_matters_most(desk: Desk) -> None:
    queues = Queues(desk)
    effects = effects_on_counts(desk.survey)
    assert len(effects) == len(list(desk.standing.all_items()))
    order = [effects[key] for key in queues.order(Queue.COUNTS, "Åsa")]
    assert order == sorted(order, reverse=True)
    assert order[0] > order[-1] >= 0.0
    assert queues.next(Queue.COUNTS, "Åsa", Filters(), set()) is not None
