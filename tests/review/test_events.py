"""How a passage stands after its events."""

from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.review.events import Event, Kind, active_events, fold, same_codes


def event(number: int, kind: Kind, **other: object) -> Event:
    values = {
        "passage": "p",
        "version": number,
        "kind": kind,
        "coder": "Åsa",
        "at": "2026-01-01T00:00:00+00:00",
        "model": "m",
        "start": 0,
        "end": 10,
        "before": {},
        "after": {},
        "request": f"r{number}",
        "id": number,
    } | other
    return Event(**values)  # type: ignore[arg-type]


def decide(number: int, role: str, **other: object) -> Event:
    return event(number, Kind.DECIDE, after={"codes": {"role": role}}, **other)


def undo(number: int, what: int) -> Event:
    return event(number, Kind.UNDO, undoes=what)


def borders(number: int, before: list[list[int]], after: list[list[int]]) -> Event:
    return event(
        number, Kind.BORDERS, before={"spans": before}, after={"spans": after, "proposals": []}
    )


def test_the_last_decision_is_in_force() -> None:
    state = fold([decide(1, "mal"), decide(2, "effekt")])
    assert state.decisions[0, 10].codes == {"role": "effekt"}
    assert state.version == 2


def test_undo_brings_back_what_was_and_undo_of_undo_gives_it_again() -> None:
    events = [decide(1, "mal"), decide(2, "effekt"), undo(3, 2)]
    assert fold(events).decisions[0, 10].codes == {"role": "mal"}
    assert fold([*events, undo(4, 3)]).decisions[0, 10].codes == {"role": "effekt"}


def test_undoing_borders_gives_back_the_codes_that_went_with_them() -> None:
    events = [decide(1, "mal"), borders(2, [[0, 10]], [[0, 4], [4, 10]])]
    assert fold(events).decisions == {}
    assert fold(events).spans == [(0, 4), (4, 10)]
    back = fold([*events, undo(3, 2)])
    assert back.spans is None
    assert back.decisions[0, 10].codes == {"role": "mal"}


def blind(number: int, coder: str, role: str) -> Event:
    return event(number, Kind.BLIND, coder=coder, after={"codes": {"role": role}})


def test_blind_coders_who_agree_decide_and_who_differ_dispute() -> None:
    same = fold([blind(1, "Åsa", "mal"), blind(2, "Örjan", "mal")])
    agreed = same.agreed((0, 10))
    assert agreed is not None
    assert agreed.codes == {"role": "mal"}
    assert not same.disputed((0, 10))
    differ = fold([blind(1, "Åsa", "mal"), blind(2, "Örjan", "effekt")])
    assert differ.agreed((0, 10)) is None
    assert differ.disputed((0, 10))


def test_a_settled_dispute_stays_settled_until_somebody_codes_blind_again() -> None:
    events = [blind(1, "Åsa", "mal"), blind(2, "Örjan", "effekt")]
    events.append(event(3, Kind.SETTLE, after={"codes": {"role": "effekt"}}))
    assert not fold(events).disputed((0, 10))
    assert fold([*events, blind(4, "Siv", "resurs")]).disputed((0, 10))


def test_order_of_several_codes_does_not_matter() -> None:
    assert same_codes({"flags": ["a", "b"], "level": None}, {"flags": ["b", "a"]})
    assert same_codes({"flags": []}, {})
    assert not same_codes({"flags": ["a"]}, {"flags": ["a", "b"]})


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["mal", "effekt", "undo"]), max_size=12))
def test_undo_without_limit_walks_back_through_every_decision(steps: list[str]) -> None:
    """A coder's undos are a stack, whatever came before."""
    events: list[Event] = []
    stack: list[str] = []
    done: list[int] = []
    for number, step in enumerate(steps, start=1):
        if step != "undo":
            events.append(decide(number, step))
            stack.append(step)
            done.append(number)
        elif done:
            events.append(undo(number, done.pop()))
            stack.pop()
    decision = fold(events).decisions.get((0, 10))
    assert (decision.codes["role"] if decision else None) == (stack[-1] if stack else None)
    assert len(active_events(events)) == len(stack)
