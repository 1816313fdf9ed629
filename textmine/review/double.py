"""Double coding: a sample coded blind by several people, and how far they agree."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from textmine.codebook import Dimension
from textmine.coding.agreement import Figure, code_agreement
from textmine.review.desk import Desk
from textmine.review.events import Codes, Event
from textmine.review.queues import key_of
from textmine.review.standing import Key

_FEWEST = 10  # statements coded by two; with fewer, figures say nothing


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree in one dimension, and the machine with both of them.

    Attributes
    ----------
    people, machine
        Accuracy, κ and α with 95 % intervals, resampled by answer; `machine` against both coders.
    within
        Whether the machine's κ reaches into the interval of the people's.
    by_code
        For each code that one of the coders gave: how often, and the share in which both did
        (of statements that either gave it).
    """

    dimension: str
    n: int
    people: dict[str, Figure]
    machine: dict[str, Figure]
    within: bool
    by_code: list[tuple[str, int, float]]


@dataclass(frozen=True)
class Doubles:
    """The two coders who share most statements, and their agreement."""

    coders: tuple[str, str] | None = None
    shared: int = 0
    dimensions: list[Agreement] = field(default_factory=list)


def draw(desk: Desk, size: int) -> list[Key]:
    """Draw statements to be coded blind: whole answers, at random, that were not drawn before.

    An answer is read once for all its statements, so answers are drawn, until there are `size`
    statements.
    """
    standing = desk.standing
    drawn = {passage for passage, _ in standing.samples}
    order = sorted(
        (items[0].rank, passage)
        for passage in desk.survey.passages
        if passage not in drawn and (items := standing.items(passage))
    )
    keys: list[Key] = []
    for _, passage in order:
        if len(keys) >= size:
            break
        keys += [key_of(item) for item in standing.items(passage)]
    return keys


def add_sample(desk: Desk, coder: str, request: str, size: int) -> Event | None:
    """Draw a sample and note it in the log; None if all answers have been drawn."""
    keys = draw(desk, size)
    return desk.draw_sample(coder, request, size, keys) if keys else None


def done_by(desk: Desk) -> dict[str, int]:
    """How many statements of the samples each coder has coded."""
    counts: Counter[str] = Counter()
    for codings in _codings(desk).values():
        counts.update(codings.keys())
    return dict(sorted(counts.items()))


def agreement(desk: Desk) -> Doubles:
    """Compare the two coders who share most statements of the samples."""
    codings = _codings(desk)
    pairs: Counter[tuple[str, str]] = Counter()
    for one in codings.values():
        pairs.update(combinations(sorted(one), 2))
    if not pairs:
        return Doubles()
    coders = min(pairs, key=lambda pair: (-pairs[pair], pair))
    shared = [key for key, several in codings.items() if set(coders) <= several.keys()]
    if len(shared) < _FEWEST:
        return Doubles(coders, len(shared))
    return Doubles(
        coders,
        len(shared),
        [
            found
            for name, dimension in desk.survey.codebook.dimensions.items()
            if (found := _compare(desk, coders, shared, codings, name, dimension)) is not None
        ],
    )


def _codings(desk: Desk) -> dict[Key, dict[str, Codes]]:
    """Who gave which codes to the statements of the samples."""
    out: dict[Key, dict[str, Codes]] = {}
    for key in desk.standing.samples:
        item = desk.standing.item(*key)
        if item is None:
            continue
        several = desk.standing.state(item.passage).by_coder(item.span)
        out[key] = {coder: decision.codes for coder, decision in several.items()}
    return out


def _compare(
    desk: Desk,
    coders: tuple[str, str],
    shared: list[Key],
    codings: dict[Key, dict[str, Codes]],
    name: str,
    dimension: Dimension,
) -> Agreement | None:
    """Compare two coders, and the machine with them, in one dimension."""
    rows = []
    for key in shared:
        item = desk.standing.item(*key)
        three = [codings[key][coder].get(name) for coder in coders]
        three.append(item.codes.get(name) if item else None)
        one, two, machine = (_tuple(value) for value in three)
        if one or two or dimension.multiple:
            rows.append((key[0], one, two, machine))
    if len(rows) < _FEWEST:
        return None
    answers = [passage for passage, *_ in rows]
    first, second = [one for _, one, _, _ in rows], [two for _, _, two, _ in rows]
    third = [said for _, _, _, said in rows]
    people = code_agreement(first, second, answers)
    with_machine = code_agreement(first + second, third + third, answers + answers)
    counts = Counter(code for several in first + second for code in several)
    both = Counter(code for a, b in zip(first, second, strict=True) for code in {*a} & {*b})
    either = Counter(code for a, b in zip(first, second, strict=True) for code in {*a, *b})
    used = [code for code in dimension.codes if counts[code]]
    return Agreement(
        name,
        len(rows),
        people,
        with_machine,
        with_machine["kappa"].high >= people["kappa"].low,
        [(code, counts[code], both[code] / either[code]) for code in used],
    )


def _tuple(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(sorted(value))
