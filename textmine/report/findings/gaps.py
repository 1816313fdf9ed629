"""What is missing or worth noting: who lacks what, by category and kind of actor."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from textmine.report.findings.counts import few_or_some, lowered
from textmine.report.findings.gap_kinds import Kind, kinds_of
from textmine.report.findings.logic import Logic
from textmine.report.findings.model import ALL, Count, Gap
from textmine.report.findings.said import Said
from textmine.report.swedish import ACTOR_NOUNS, in_words, joined, number, percent, sentence

Cell = tuple[str, str]  # category or ALL, actor or ALL
# For a category's share to be named: its respondents, those concerned, and how far the share lies
# above the area's.
_ENOUGH, _SOME, _MORE = 5, 3, 0.1
_BOTH = {"region": "regionerna", "kommun": "kommunerna", "lan": "länen"}
_THE_ONE = {"region": "den enda regionen", "kommun": "den enda kommunen", "lan": "det enda länet"}


@dataclass
class _Who:
    """Respondents by cell: surely, as coded, and at most."""

    least: dict[Cell, set[str]] = field(default_factory=dict)
    counted: dict[Cell, set[str]] = field(default_factory=dict)
    most: dict[Cell, set[str]] = field(default_factory=dict)


def find_gaps(
    said: Sequence[Said], categories: Sequence[str], actors: Sequence[str], logic: Logic
) -> tuple[Gap, ...]:
    """Count the rows of the table; their sentences are still empty.

    What is missing is counted among the respondents with an initiative in the category (or in any,
    for ALL); what is noted, among those with any statement there.

    Parameters
    ----------
    said
        The statements of one area.
    actors
        ALL, then the kinds.
    """
    initiative = set(logic.initiative)

    def is_initiative(one: Said) -> bool:
        return bool(initiative & set(one.roles))

    having = _who(said, is_initiative, logic.initiative)
    anyone = _who(said, lambda one: True, ())
    out = []
    for kind in kinds_of(logic):
        those = _who(said, kind.told, (kind.role,))
        base, concerned = (having, is_initiative) if kind.lacking else (anyone, kind.told)
        counts, ids = {}, set()
        overall: tuple[str, ...] = ()
        for cell in product((ALL, *categories), actors):
            least, counted, most = (
                (
                    _at(base.least, cell) - _at(those.most, cell),
                    _at(base.counted, cell) - _at(those.counted, cell),
                    _at(base.most, cell) - _at(those.least, cell),
                )
                if kind.lacking
                else (_at(part, cell) for part in (those.least, those.counted, those.most))
            )
            mine = [
                one.id
                for one in said
                if one.who in counted and concerned(one) and cell in _cells(one, one.categories)
            ]
            ids.update(mine)
            if cell == (ALL, ALL):
                overall = tuple(mine)
            of = len(_at(base.counted, cell))
            counts[cell] = Count(len(counted), len(least), len(most), of, len(mine))
        shown = tuple(one.id for one in said if one.id in ids)
        out.append(Gap(kind.key, kind.name, kind.explanation, counts, "", shown, overall))
    return tuple(out)


def _who(said: Iterable[Said], told: Callable[[Said], bool], roles: Sequence[str]) -> _Who:
    """Find who made statements of a sort; of those under review, also who might have.

    Parameters
    ----------
    roles
        A statement that might turn out to have one of them might be of the sort.
    """
    out = _Who()
    for one in said:
        sort = told(one)
        if sort:
            for cell in _cells(one, one.categories):
                out.counted.setdefault(cell, set()).add(one.who)
                if not one.open:
                    out.least.setdefault(cell, set()).add(one.who)
        if sort or (one.open and set(roles) & set(one.may_roles)):
            for cell in _cells(one, one.may_categories):
                out.most.setdefault(cell, set()).add(one.who)
    return out


def _cells(one: Said, categories: Sequence[str]) -> list[Cell]:
    kinds = (ALL, one.actor) if one.actor else (ALL,)
    return list(product((ALL, *categories), kinds))


def _at(part: Mapping[Cell, set[str]], cell: Cell) -> set[str]:
    return part.get(cell, set())


def with_sentences(
    gaps: Iterable[Gap],
    logic: Logic,
    categories: Sequence[tuple[str, str]],
    actors: Sequence[str],
) -> tuple[Gap, ...]:
    """Write each row's sentence from its counts, which may be hidden by now."""
    kinds = {kind.key: kind for kind in kinds_of(logic)}
    return tuple(
        replace(gap, sentence=_sentence(gap.counts, kinds[gap.key], categories, actors))
        for gap in gaps
    )


def _sentence(
    counts: Mapping[Cell, Count],
    kind: Kind,
    categories: Sequence[tuple[str, str]],
    actors: Sequence[str],
) -> str:
    named = [actor for actor in actors if actor != ALL] or [ALL]
    some = [a for a in named if counts[ALL, a].counted or counts[ALL, a].hidden]
    top = _foremost(counts, categories)
    if not some and top and kind.lacking:
        code, name = top
        where = joined(_of(a, counts[code, a]) for a in named if counts[code, a].counted)
        return (
            f"{kind.name} förekommer inte om man ser till området som helhet, men inom "
            f"{lowered(name)} gäller det {where}."
        )
    if not some:
        return f"{kind.name} förekommer inte." if kind.lacking else f"Ingen {kind.verb}."
    text = sentence(f"{joined(_of(a, counts[ALL, a]) for a in some)} {kind.verb}.")
    if top and not counts[ALL, ALL].hidden:
        code, name = top
        share = counts[code, ALL].counted / counts[code, ALL].of
        overall = counts[ALL, ALL].counted / counts[ALL, ALL].of
        if counts[code, ALL].counted >= _SOME and share >= overall + _MORE:
            text += f" Andelen är störst inom {lowered(name)} ({percent(share)})."
    return text


def _foremost(
    counts: Mapping[Cell, Count], categories: Sequence[tuple[str, str]]
) -> tuple[str, str] | None:
    """Find the category where the share is greatest, of those large enough to tell."""
    told = [
        (code, name)
        for code, name in categories
        if counts[code, ALL].of >= _ENOUGH
        and counts[code, ALL].counted
        and not counts[code, ALL].hidden
    ]

    def share(category: tuple[str, str]) -> float:
        count = counts[category[0], ALL]
        return count.counted / count.of

    return max(told, key=share, default=None)


def _of(actor: str, count: Count) -> str:
    """Write `7 av 18 regioner`."""
    _, many, _ = ACTOR_NOUNS.get(actor, ACTOR_NOUNS[ALL])
    if count.hidden and not count.of:
        return f"{few_or_some(count)} {many}"
    if count.hidden:
        return f"{few_or_some(count)} av {number(count.of)} {many}"
    if count.of == 1:
        return _THE_ONE.get(actor, "den enda respondenten")
    if count.counted == count.of:
        if count.of == 2:
            return f"båda {_BOTH.get(actor, 'respondenterna')}"
        return f"samtliga {in_words(count.of)} {many}"
    return f"{number(count.counted)} av {number(count.of)} {many}"
