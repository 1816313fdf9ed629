"""In which order statements come, what is left, and what more work would bring."""

from collections.abc import Callable

import pytest
from review.conftest import other_role

from textmine.review import queues as queues_module
from textmine.review.desk import Action, Desk
from textmine.review.events import Kind
from textmine.review.progress import Ledger
from textmine.review.queues import Filters, Queue, Queues, doubt, key_of

Act = Callable[..., Action]
NONE: set[tuple[str, int]] = set()


@pytest.fixture
def queues(desk: Desk) -> Queues:
    return Queues(desk)


def test_the_most_doubtful_comes_first_and_decided_ones_leave(
    desk: Desk, queues: Queues, act: Act
) -> None:
    seen = []
    while (item := queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)) is not None:
        seen.append(doubt(item, desk.survey.codebook))
        desk.decide(act(item), item.codes)
    assert seen == sorted(seen)
    assert len(seen) == sum(item.flagged for item in desk.standing.all_items()) > 3
    assert queues.n_left(Queue.DOUBT, "Åsa") == 0


def test_what_is_undone_comes_back(desk: Desk, queues: Queues, act: Act) -> None:
    item = queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)
    assert item is not None
    left = queues.n_left(Queue.DOUBT, "Åsa")
    desk.decide(act(item), item.codes)
    assert queues.n_left(Queue.DOUBT, "Åsa") == left - 1
    desk.undo("Åsa", "u")
    assert queues.n_left(Queue.DOUBT, "Åsa") == left
    assert queues.next(Queue.DOUBT, "Åsa", Filters(), NONE) == item


def test_skipped_statements_come_last_for_whoever_skipped_them(
    desk: Desk, queues: Queues, act: Act
) -> None:
    first = queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)
    assert first is not None
    desk.skip(act(first, "Åsa"))
    assert queues.next(Queue.DOUBT, "Åsa", Filters(), NONE) != first
    assert queues.next(Queue.DOUBT, "Örjan", Filters(), NONE) == first
    for key in queues.order(Queue.DOUBT, "Åsa")[1:]:
        item = desk.standing.item(*key)
        assert item is not None
        desk.skip(act(item, "Åsa"))
    assert queues.next(Queue.DOUBT, "Åsa", Filters(), NONE) == first  # round again


def test_what_others_have_open_is_left_to_them(queues: Queues) -> None:
    first = queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)
    assert first is not None
    assert queues.next(Queue.DOUBT, "Örjan", Filters(), {key_of(first)}) != first


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        (Filters(area="Barn och unga, BUP"), lambda desk, item: True),
        (Filters(code="role:ovrigt"), lambda desk, item: item.codes["role"] == "ovrigt"),
        (Filters(respondent="Kommun 3"), lambda desk, item: True),
    ],
)
def test_a_queue_can_be_narrowed(
    desk: Desk, queues: Queues, filters: Filters, fits: Callable[[Desk, object], bool]
) -> None:
    whole = [i for i in desk.standing.all_items() if queues.matches(i, Filters())]
    part = [i for i in whole if queues.matches(i, filters)]
    assert 0 < len(part) < len(whole)
    assert all(fits(desk, item) for item in part)
    counted = queues.choices(Queue.ALL, "Åsa")
    name, value = next((k, v) for k, v in vars(filters).items() if v)
    assert counted[name][value] == len(part)


def test_the_quality_sample_is_random_of_what_the_machine_coded_alone_and_grows(
    desk: Desk, queues: Queues, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues_module, "QUALITY", 5)
    sample = queues.order(Queue.QUALITY, "Åsa")
    assert len(sample) == 5
    items = [desk.standing.item(*key) for key in sample]
    assert not any(item.flagged for item in items if item)
    in_order = [key_of(i) for i in desk.standing.all_items() if not i.flagged]
    assert sample != in_order[:5]
    assert queues.audited() == set()
    for item in items:
        assert item is not None
        desk.decide(act(item), item.codes)
    assert queues.audited() == set(sample)
    assert len(queues.order(Queue.QUALITY, "Åsa")) == 10


def test_doubtful_members_of_the_sample_do_not_count_before_their_turn(
    desk: Desk, queues: Queues, act: Act
) -> None:
    """Or the machine would look worse than it is."""
    first, second, third = (desk.standing.item(*k) for k in queues.order(Queue.QUALITY, "")[:3])
    assert first is not None
    assert second is not None
    assert third is not None
    desk.decide(act(third), third.codes)
    assert queues.audited() == set()
    desk.decide(act(first), first.codes)
    assert queues.audited() == {key_of(first)}
    desk.decide(act(second), second.codes)
    assert queues.audited() == {key_of(first), key_of(second), key_of(third)}


def test_beyond_what_is_flagged_the_same_order_goes_on(desk: Desk, queues: Queues) -> None:
    order = queues.order(Queue.UNSURE, "Åsa")
    assert len(order) == len(list(desk.standing.all_items()))
    flagged = set(queues.order(Queue.DOUBT, "Åsa"))
    assert [key for key in order if key in flagged] == queues.order(Queue.DOUBT, "Åsa")


def test_disputes_are_a_queue_of_their_own(desk: Desk, queues: Queues, act: Act) -> None:
    item = next(iter(desk.standing.all_items()))
    desk.decide(act(item, "Åsa"), item.codes, Kind.BLIND)
    desk.decide(act(item, "Örjan"), other_role(item), Kind.BLIND)
    assert queues.order(Queue.DISPUTED, "Siv") == [key_of(item)]
    assert key_of(item) not in queues._members(Queue.ALL)
    desk.decide(act(item, "Siv"), item.codes, Kind.SETTLE)
    assert queues.order(Queue.DISPUTED, "Siv") == []


def test_new_borders_join_the_queue(desk: Desk, queues: Queues, act: Act) -> None:
    left = queues.n_left(Queue.DOUBT, "Åsa")
    item = next(i for i in desk.standing.all_items() if not i.flagged)
    spans = [one.span for one in desk.standing.items(item.passage)]
    at = spans.index(item.span)
    middle = desk.survey.passages[item.passage].text.index(" ", item.start)
    spans[at : at + 1] = [(item.start, middle), (middle, item.end)]
    desk.set_borders(act(item), spans)
    assert queues.n_left(Queue.DOUBT, "Åsa") == left + 2


def test_progress_follows_the_decisions(desk: Desk, queues: Queues, act: Act) -> None:
    ledger = Ledger(queues)
    before = ledger.progress(Queue.DOUBT, "Åsa")
    assert before.done == 0
    assert before.pace is None
    item = queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)
    assert item is not None
    desk.decide(act(item, seconds=30.0), item.codes)
    after = ledger.progress(Queue.DOUBT, "Åsa")
    assert (after.done, after.left) == (1, before.left - 1)
    assert after.pace == pytest.approx(120)
    assert after.minutes_left == round(after.left / 2)
    name = min(item.proposals, key=lambda n: item.proposals[n][1] or 1.0)
    assert after.accuracy[name] > before.accuracy[name]


def test_accuracy_is_what_the_probabilities_promise_and_certain_when_all_is_decided(
    desk: Desk, queues: Queues, act: Act
) -> None:
    ledger = Ledger(queues)
    items = list(desk.standing.all_items())
    weights = [len(item.statement_ids) for item in items]
    promised = sum(w * i.proposals["role"][1] for w, i in zip(weights, items, strict=True))
    assert ledger.progress(Queue.ALL, "Åsa").accuracy["role"] == pytest.approx(
        promised / sum(weights)
    )
    for item in items:
        desk.decide(act(item), item.codes)
    assert set(ledger.progress(Queue.ALL, "Åsa").accuracy.values()) == {1.0}


def test_each_hour_brings_less_than_the_one_before(desk: Desk, queues: Queues, act: Act) -> None:
    item = queues.next(Queue.DOUBT, "Åsa", Filters(), NONE)
    assert item is not None
    desk.decide(act(item, seconds=600.0), item.codes)  # six an hour
    hours = Ledger(queues).hours()
    assert [n for _, n, _ in hours][0] == 6
    reached = [Ledger(queues).progress(Queue.DOUBT, "Åsa").accuracy["category"]]
    reached += [accuracy["category"] for _, _, accuracy in hours]
    assert reached == sorted(reached)
