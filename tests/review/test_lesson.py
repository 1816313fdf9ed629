"""What is learnt from decisions: a new order, new proposals, and the same ones each time."""

import os
import signal
from collections.abc import Callable, Collection
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review.conftest import AREAS

from textmine.codebook import parse
from textmine.coding.coder import Coder
from textmine.review.desk import Action, Desk
from textmine.review.lesson import FEWEST, Lesson, doubts, go_behind, learn, read_vectors, urgency
from textmine.review.queues import key_of
from textmine.review.results import estimation_table
from textmine.review.survey import Item
from textmine.review.training import decided_statements

Act = Callable[..., Action]

BOOK = parse(
    """
name: prov
dimensions:
  ton: {codes: [glad, ledsen, arg]}
  sak: {when: {ton: [glad, ledsen]}, codes: [mat, bok]}
  mat: {when: {sak: [mat]}, codes: [soppa, sallad]}
  flaggor: {codes: [fest, regn], multiple: true}
""",
    "prov.yaml",
)


def likely(**rows: list[list[float]]) -> dict[str, pd.DataFrame]:
    """Probabilities by dimension; of those not told of, all are sure."""
    n = len(next(iter(rows.values())))
    sure = {name: [[1.0] + [0.0] * (len(d.codes) - 1)] * n for name, d in BOOK.dimensions.items()}
    return {
        name: pd.DataFrame(values, columns=list(BOOK.dimensions[name].codes))
        for name, values in (sure | rows).items()
    }


def shares(n: int) -> st.SearchStrategy[list[float]]:
    """Probabilities that add up to 1, with one that is clearly the highest."""
    weights = st.lists(st.integers(0, 50), min_size=n, max_size=n, unique=True)
    return weights.map(lambda several: [one / sum(several) for one in several])


@settings(deadline=None)
@given(shares(3), shares(2), shares(2))
def test_doubt_is_the_share_of_codes_that_will_turn_out_wrong(
    ton: list[float], sak: list[float], mat: list[float]
) -> None:
    """Against all that may be true, a dimension having no code where it does not apply."""

    def coding(one: int, two: int, three: int) -> tuple[int | None, int | None, int | None]:
        return one, two if one < 2 else None, three if one < 2 and two == 0 else None

    proposed = coding(*(int(np.argmax(one)) for one in (ton, sak, mat)))
    expected = 0.0
    for truth in product(range(3), range(2), range(2)):
        differing = sum(a != b for a, b in zip(proposed, coding(*truth), strict=True))
        expected += ton[truth[0]] * sak[truth[1]] * mat[truth[2]] * differing / 3
    found = doubts(likely(ton=[ton], sak=[sak], mat=[mat]), BOOK)
    assert found[0] == pytest.approx(expected, abs=1e-5)


def test_what_the_model_was_never_shown_is_doubtful() -> None:
    nothing, sure = [np.nan] * 2, [0.9, 0.1]
    found = doubts(likely(sak=[nothing, sure]), BOOK)
    assert found[0] > found[1]


def test_labels_beside_each_other_are_doubted_as_a_whole_if_there_is_nothing_else() -> None:
    labels = parse("name: b\ndimensions: {f: {codes: [x, y], multiple: true}}", "b.yaml")
    table = pd.DataFrame({"x": [0.9, 0.6], "y": [0.2, np.nan]})
    assert doubts({"f": table}, labels) == pytest.approx([1 - 0.9 * 0.8, 1 - 0.6])


def order(sure: list[float], vectors: np.ndarray, decided: Collection[int] = ()) -> np.ndarray:
    done = np.isin(np.arange(len(sure)), list(decided))
    table = likely(ton=[[p, 1 - p, 0.0] for p in sure])
    return urgency(table, BOOK, vectors.astype(np.float32), done)


def test_the_most_doubtful_comes_first() -> None:
    found = order([0.9, 0.6, 0.8, 0.7], np.eye(4))
    assert np.argsort(found).tolist() == [1, 3, 2, 0]


def test_a_batch_is_spread() -> None:
    """The twin of the most doubtful waits for one that is less doubtful and quite different."""
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert np.argsort(order([0.55, 0.56, 0.8], vectors)).tolist() == [0, 2, 1]


def test_what_is_decided_comes_last_and_pushes_nothing_away() -> None:
    sure = np.linspace(0.5, 0.99, 60)
    decided = set(range(0, 60, 3))
    found = order(sure.tolist(), np.eye(60), decided)
    open_rows = [row for row in range(60) if row not in decided]
    assert np.argsort(found)[: len(open_rows)].tolist() == open_rows
    assert min(found[list(decided)]) >= 1


def test_after_the_batch_the_order_is_by_doubt_alone() -> None:
    """All are alike, and so many that most are not in the batch."""
    sure = np.random.default_rng(0).permutation(np.linspace(0.5, 0.99, 600))
    found = order(sure.tolist(), np.ones((600, 1)))
    after = np.flatnonzero(found >= 1)
    assert len(after) == 560
    assert np.all(np.diff(sure[after][np.argsort(found[after])]) > 0)
    assert found.argmin() == sure.argmin()


def decide_two_areas(desk: Desk, act: Act) -> list[Item]:
    """Decide all in two areas, activities otherwise than the machine did; give those decided."""
    decided = []
    for item in list(desk.standing.all_items()):
        area = desk.survey.passages[item.passage].contexts["area"]
        if area not in AREAS[:2]:
            continue
        codes = dict(item.codes)
        if codes["role"] == "aktivitet":
            codes |= {"role": "resurs", "level": None}
        desk.decide(act(item), codes)
        decided.append(item)
    return decided


def lesson_of(desk: Desk) -> Lesson:
    table = estimation_table(desk.standing, set())
    return learn(str(desk.survey.folder), decided_statements(desk.standing), table)


def test_without_decisions_the_model_speaks_as_it_was(desk: Desk) -> None:
    lesson = lesson_of(desk)
    items = list(desk.standing.all_items())
    assert sorted(lesson.keys) == sorted(map(key_of, items))
    assert (lesson.decisions, lesson.gains, lesson.decided) == (0, {}, [])
    sure = lesson.sureness(desk.survey.codebook)
    by_key = {key: row for row, key in enumerate(lesson.keys)}
    for item in items:
        row = lesson.probabilities["role"][by_key[key_of(item)]]
        assert lesson.codes["role"][int(np.nanargmax(row))] == item.codes["role"]
        for name in ("role", "flags"):
            assert sure[key_of(item)][name] == pytest.approx(item.proposals[name][1], abs=1e-4)


def test_decisions_change_what_is_proposed_and_come_last(desk: Desk, act: Act) -> None:
    before = lesson_of(desk)
    decided = decide_two_areas(desk, act)
    assert len(decided) >= FEWEST
    after = lesson_of(desk)
    assert after.decisions == len(decided)
    assert after.gains["role"]["n"] == len(decided)
    assert sorted(after.decided) == sorted(map(key_of, decided))
    column = after.codes["role"].index("resurs")
    done = set(after.decided)
    turned = [
        row
        for row, key in enumerate(after.keys)
        if key not in done
        and (item := desk.standing.item(*key))
        and item.codes["role"] == "aktivitet"
    ]
    assert turned
    rise = (
        after.probabilities["role"][turned, column] - before.probabilities["role"][turned, column]
    )
    assert rise.min() > 0
    assert rise.mean() > 0.2
    urgent = dict(zip(after.keys, after.urgency, strict=True))
    assert min(urgent[key] for key in done) >= 1
    assert max(urgent[key] for key in urgent.keys() - done) < 1  # they all fit in a batch


def test_the_same_decisions_teach_the_same(desk: Desk, act: Act) -> None:
    decide_two_areas(desk, act)
    one, two = lesson_of(desk), lesson_of(desk)
    np.testing.assert_array_equal(one.urgency, two.urgency)
    for name, values in one.probabilities.items():
        np.testing.assert_array_equal(values, two.probabilities[name])
    assert (one.gains, one.stable) == (two.gains, two.stable)


def test_too_few_decisions_teach_nothing_yet(desk: Desk, act: Act) -> None:
    for item in list(desk.standing.all_items())[: FEWEST - 1]:
        desk.decide(act(item), item.codes)
    lesson = lesson_of(desk)
    assert lesson.decisions == 0
    assert len(lesson.decided) == FEWEST - 1


def test_statements_with_new_borders_are_looked_at_as_they_are_now(
    desk: Desk, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = next(iter(desk.standing.all_items()))
    rest = [one.span for one in desk.standing.items(item.passage)[1:]]
    middle = item.start + 9
    desk.set_borders(act(item), [(item.start, middle), (middle, item.end), *rest])
    for start in (item.start, middle):
        new = desk.standing.item(item.passage, start)
        assert new is not None
        desk.decide(act(new), item.codes)
    decide_two_areas(desk, act)
    given: list[tuple[pd.DataFrame, np.ndarray]] = []
    adapt = Coder.adapt

    def watch(self: Coder, statements: pd.DataFrame, *, features: object = None) -> Coder:
        given.append((statements, features.toarray()))  # type: ignore[attr-defined]
        return adapt(self, statements, features=features)  # type: ignore[arg-type]

    monkeypatch.setattr(Coder, "adapt", watch)
    lesson = lesson_of(desk)
    ((statements, features),) = given
    assert middle in set(statements["start"])
    seen = desk.survey.coder.see(statements).toarray()
    np.testing.assert_allclose(features, seen, atol=2e-3)
    assert (item.passage, middle) in lesson.decided
    assert (item.passage, middle) not in lesson.keys  # the page asks for what it was first


def test_vectors_have_length_1(folder: Path, desk: Desk) -> None:
    keys, vectors = read_vectors(str(folder))
    assert sorted(keys) == sorted(map(key_of, desk.standing.all_items()))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_process_beside_lets_the_page_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[object, ...]] = []
    monkeypatch.setattr(signal, "signal", lambda *given: done.append(given))
    monkeypatch.setattr(os, "nice", lambda more: done.append((more,)))
    go_behind()
    (deaf, (more,)) = done
    assert deaf == (signal.SIGINT, signal.SIG_IGN)
    assert more > 0
