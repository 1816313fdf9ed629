"""What coders may do, and that nothing happens in silence."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from review.conftest import other_role

from textmine.errors import TextmineError
from textmine.review.desk import Action, Conflict, Desk
from textmine.review.events import Kind
from textmine.review.log import Log
from textmine.review.results import reviewed_statements
from textmine.review.survey import Item

Act = Callable[..., Action]


def items(desk: Desk) -> list[Item]:
    return list(desk.standing.all_items())


def test_identical_answers_are_one_passage_and_get_the_same_codes(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    assert len(item.statement_ids) == 2
    desk.decide(act(item), other_role(item))
    table = reviewed_statements(desk.standing).set_index("statement_id")
    assert set(table.loc[item.statement_ids, "role"]) == {"ovrigt"}
    assert set(table.loc[item.statement_ids, "source"]) == {"human"}


def test_keeping_the_machines_codes_is_agreement(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item), item.codes)
    assert desk.standing.source(item) == "agreed"


def test_the_same_request_is_taken_once(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    action = act(item)
    first = desk.decide(action, item.codes)
    assert desk.decide(action, item.codes) == first
    assert len(desk.log.since(0)) == 1


def test_a_decision_on_what_somebody_else_has_decided_since_is_refused(
    desk: Desk, act: Act
) -> None:
    item = items(desk)[0]
    seen = act(item, "Örjan")
    desk.decide(act(item, "Åsa"), item.codes)
    with pytest.raises(Conflict) as refused:
        desk.decide(seen, other_role(item))
    assert refused.value.event.coder == "Åsa"
    decision = desk.standing.decision(item)
    assert decision is not None
    assert decision.coder == "Åsa"
    desk.decide(act(item, "Örjan"), other_role(item))  # having seen it, Örjan may
    assert desk.log.since(0)[-1].before == {"codes": desk.log.since(0)[0].after["codes"]}


def test_a_decision_on_another_statement_of_the_answer_is_no_conflict(desk: Desk, act: Act) -> None:
    passage = next(p for p, several in desk.survey.items.items() if len(several) > 1)
    first, second = desk.standing.items(passage)[:2]
    seen = act(second, "Örjan")
    desk.decide(act(first, "Åsa"), first.codes)
    desk.decide(seen, second.codes)
    assert desk.standing.decision(second) is not None


def test_borders_drawn_from_a_stale_page_are_refused(desk: Desk, act: Act) -> None:
    """A page sends all borders of its answer: it must not put back what another changed."""
    passage = next(p for p, several in desk.survey.items.items() if len(several) > 1)
    first, *_, last = desk.standing.items(passage)
    stale = act(last, "Örjan")
    spans = [item.span for item in desk.standing.items(passage)]
    desk.set_borders(act(first), [(first.start, first.start + 5), *spans[1:]])
    with pytest.raises(Conflict):
        desk.set_borders(stale, [*spans[:-1], (last.start, last.end - 5)])


def test_a_split_gets_the_machines_proposals_and_undo_brings_all_back(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item), other_role(item))
    before = [one.span for one in desk.standing.items(item.passage)]
    middle = item.start + 9
    spans = [(item.start, middle), (middle, item.end), *before[1:]]
    desk.set_borders(act(item), spans)
    now = desk.standing.items(item.passage)
    assert len(now) == len(before) + 1
    assert now[0].redrawn
    assert now[0].proposals["role"][0] in desk.survey.codebook.dimensions["role"].codes
    assert len({*now[0].statement_ids, *now[1].statement_ids}) == 4
    table = reviewed_statements(desk.standing)
    mine = table[table["statement_id"].isin([*now[0].statement_ids, *now[1].statement_ids])]
    assert mine["review"].all()
    assert desk.undo("Åsa", "u1") is not None
    assert [one.span for one in desk.standing.items(item.passage)] == before
    assert desk.standing.source(item) == "human"  # the decision is back, too


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([], "minst en"),
        ([(0, 5), (3, 9)], "samma ord"),
        ([(0, 10_000)], "utanför"),
        ([(8, 9)], "tom"),  # a blank
    ],
)
def test_borders_that_cannot_be_are_refused(
    desk: Desk, act: Act, spans: list[tuple[int, int]], words: str
) -> None:
    item = items(desk)[0]
    assert desk.survey.passages[item.passage].text[6] == " "
    spans = [(6, 7)] if words == "tom" else spans
    with pytest.raises(TextmineError, match=words):
        desk.set_borders(act(item), spans)
    assert desk.log.since(0) == []


def test_blanks_at_the_edges_are_left_out(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    event = desk.set_borders(act(item), [(2, 7)])
    assert event is not None
    assert event.after["spans"] == [[3, 6]]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ({"role": "finns-inte"}, "finns inte här"),
        ({"role": None}, "Välj en kod för roll"),
        ({"role": "effekt", "category": "kompetens", "level": None}, "Välj en kod för nivå"),
        ({"role": "mal", "category": "mobil-digital"}, "Tillåtna koder"),
    ],
)
def test_codes_that_the_codebook_does_not_allow_are_refused(
    desk: Desk, act: Act, codes: dict[str, object], words: str
) -> None:
    item = items(desk)[0]
    with pytest.raises(TextmineError, match=words):
        desk.decide(act(item), item.codes | codes)
    assert desk.log.since(0) == []


def test_codes_of_dimensions_that_do_not_apply_are_left_out(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item), {"role": "ovrigt", "category": "kompetens", "level": "individ"})
    decision = desk.standing.decision(item)
    assert decision is not None
    assert decision.codes == {"role": "ovrigt", "category": None, "level": None, "flags": []}


def test_each_coder_undoes_their_own_and_redo_stops_at_new_work(desk: Desk, act: Act) -> None:
    one, two, three = items(desk)[:3]
    desk.decide(act(one, "Åsa"), one.codes)
    desk.decide(act(two, "Örjan"), two.codes)
    desk.undo("Åsa", "u1")
    assert desk.standing.decision(one) is None
    assert desk.standing.decision(two) is not None
    assert desk.undo("Åsa", "u2") is None
    assert desk.redo("Åsa", "u3") is not None
    assert desk.standing.decision(one) is not None
    desk.undo("Åsa", "u4")
    desk.decide(act(three, "Åsa"), three.codes)
    assert desk.redo("Åsa", "u5") is None


def test_undo_is_refused_where_somebody_has_built_on_it(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item, "Åsa"), item.codes)
    desk.decide(act(item, "Örjan"), other_role(item))
    with pytest.raises(Conflict):
        desk.undo("Åsa", "u1")
    assert desk.standing.source(item) == "human"


def test_skipping_and_commenting_can_be_undone(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.skip(act(item))
    desk.comment(act(item), "  osäker på å, ä och ö ")
    assert desk.standing.state(item.passage).comments == {item.span: "osäker på å, ä och ö"}
    desk.undo("Åsa", "u1")
    desk.undo("Åsa", "u2")
    state = desk.standing.state(item.passage)
    assert not state.comments
    assert not state.skipped


def test_several_desks_on_one_log_see_each_other(desk: Desk, act: Act) -> None:
    other = Desk(desk.survey, Log(desk.log.url))
    item = items(desk)[0]
    seen = act(item, "Örjan")
    desk.decide(act(item, "Åsa"), item.codes)
    with pytest.raises(Conflict):  # though the other desk has not looked since
        other.decide(seen, other_role(item))
    other.refresh()
    assert other.standing.source(other.standing.items(item.passage)[0]) == "agreed"


def test_decisions_survive_a_new_run_that_draws_other_borders(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item), other_role(item))
    start, end = item.span
    machine = desk.survey.items[item.passage]
    halves = [replace(item, end=start + 9), replace(item, start=start + 9)]
    desk.survey.items[item.passage] = [*halves, *machine[1:]]  # as another splitter might
    again = Desk(desk.survey, Log(desk.log.url))
    now = again.standing.items(item.passage)
    assert [one.span for one in now] == [(start, end), *(one.span for one in machine[1:])]
    assert again.standing.source(now[0]) == "human"


def test_the_log_holds_no_text_of_answers(desk: Desk, act: Act) -> None:
    for item in items(desk)[:5]:
        desk.decide(act(item), item.codes)
    desk.skip(act(items(desk)[5]))
    desk.log.close()
    stored = b"".join(p.read_bytes() for p in desk.survey.folder.glob("review.sqlite*"))
    for word in ("utbildat", "samordnare", "Kommun 1"):
        assert word.encode() not in stored


def test_a_blind_coding_leaves_the_results_alone_until_coders_agree(desk: Desk, act: Act) -> None:
    item = items(desk)[0]
    desk.decide(act(item, "Åsa"), other_role(item), Kind.BLIND)
    desk.decide(act(item, "Örjan"), item.codes, Kind.BLIND)
    table = reviewed_statements(desk.standing).set_index("statement_id")
    row = table.loc[item.statement_ids[0]]
    assert row["source"] == "machine"
    assert row["review_reason"] == "Kodare är oense"
    desk.decide(act(item, "Siv"), item.codes, Kind.SETTLE)
    assert desk.standing.source(item) == "agreed"
