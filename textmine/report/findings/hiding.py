"""Small counts of an area are hidden, and with them the statements they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from textmine.report.findings.cells import Key as Cell
from textmine.report.findings.gap_kinds import WITHOUT_EFFECT, WITHOUT_GOAL
from textmine.report.findings.logic import (
    EFFECT,
    ENABLED,
    EVERYTHING,
    GOAL,
    HINDERED,
    INITIATIVE,
    PAID_ELSEWHERE,
)
from textmine.report.findings.model import ALL, Count, Gap, Group
from textmine.report.findings.reckoning import Cover, Rule, Sum, Within
from textmine.report.findings.said import Said
from textmine.report.findings.suppression import conceal

_NOTED = (PAID_ELSEWHERE, HINDERED, ENABLED)
_TOLD_BY_ROLE = {WITHOUT_GOAL: GOAL, WITHOUT_EFFECT: EFFECT}

Figure = tuple[str, ...]  # "in", "gap" or "any", and of which cell


@dataclass(frozen=True)
class Shown:
    """What may be shown of an area."""

    counts: dict[Cell, Count]
    gaps: tuple[Gap, ...]
    said: list[Said]


def hide_small(
    said: Sequence[Said],
    categories: Sequence[str],
    groups: Sequence[Group],
    counts: Mapping[Cell, Count],
    gaps: Sequence[Gap],
    smallest: int,
) -> Shown:
    """Hide the small counts of an area, those that give them away, and what both rest on.

    Numbers of statements are then of those that are shown, or they would tell of the others.

    Parameters
    ----------
    said
        All its statements.
    groups
        Whose counts are in `counts`.
    """
    actors = list(dict.fromkeys(actor for _, _, actor in counts))
    figures: dict[Figure, Count] = {("in", *cell): c for cell, c in counts.items()}
    for gap in gaps:
        figures |= {("gap", gap.key, *cell): count for cell, count in gap.counts.items()}
        if gap.key in _NOTED:  # these are shares of all who said anything in the category
            figures |= {
                ("any", *cell): Count(count.of, count.of, count.of, count.of, 0)
                for cell, count in gap.counts.items()
            }
    tiny = {a for a in actors if 0 < counts[ALL, groups[0].key, a].of < smallest}
    kinds = [actor for actor in actors if actor != ALL]
    names = [gap.key for gap in gaps]
    concealed = conceal(
        figures,
        [
            *_sums(said, figures, kinds),
            *_unions(categories, groups, actors),
            *_lacks(categories, names, actors),
            *_notes(categories, groups, names, actors),
        ],
        smallest,
        withheld={key for key in figures if key[-1] in tiny},
        precious={("in", *cell) for cell in counts if cell[1] in (INITIATIVE, EFFECT)},
    )
    shown = {cell: concealed["in", *cell] for cell in counts}
    kept = [one for one in said if _is_kept(one, groups, shown)]
    for cell, count in shown.items():
        if not count.hidden:
            shown[cell] = replace(count, statements=_statements(kept, groups, cell))
    return Shown(shown, tuple(_gap(gap, concealed) for gap in gaps), kept)


def _sums(said: Sequence[Said], figures: Iterable[Figure], kinds: Sequence[str]) -> Iterable[Rule]:
    """All actors are the sum of their kinds."""
    twice, outside = _overlap(said, kinds)
    for key in figures:
        if kinds and key[-1] == ALL:
            yield Sum(key, tuple((*key[:-1], kind) for kind in kinds), twice, outside)


def _unions(
    categories: Sequence[str], groups: Sequence[Group], actors: Sequence[str]
) -> Iterable[Rule]:
    """Whoever is in any category is in one of them; whoever is in a group has one of its roles."""
    single = _single(groups)
    for group, actor in product(groups, actors):
        parts = [("in", code, group.key, actor) for code in categories]
        yield from _union(("in", ALL, group.key, actor), parts)
        for category in (ALL, *categories):
            whole = ("in", category, group.key, actor)
            roles = [("in", category, single[code], actor) for code in group.codes]
            if roles != [whole]:
                yield from _union(whole, roles)


def _union(whole: Figure, parts: Sequence[Figure], *, bounds_too: bool = True) -> Iterable[Rule]:
    if parts:
        yield Cover(whole, tuple(parts), bounds_too)
        yield from (Within(part, whole, bounds_too) for part in parts)


def _lacks(categories: Sequence[str], gaps: Iterable[str], actors: Sequence[str]) -> Iterable[Rule]:
    """Whoever lacks something has an initiative; who has one lacks a goal or has told it."""
    for key, actor in product([key for key in gaps if key not in _NOTED], actors):
        for category in (ALL, *categories):
            base, lack = ("in", category, INITIATIVE, actor), ("gap", key, category, actor)
            yield Within(lack, base, bounds_too=False)
            if key in _TOLD_BY_ROLE:
                told = ("in", category, _TOLD_BY_ROLE[key], actor)
                yield Cover(base, (lack, told), bounds_too=False)
        # Who lacks it in the area lacks it in a category; not the other way round.
        parts = tuple(("gap", key, code, actor) for code in categories)
        yield Cover(("gap", key, ALL, actor), parts, bounds_too=False)


def _notes(
    categories: Sequence[str], groups: Sequence[Group], gaps: Iterable[str], actors: Sequence[str]
) -> Iterable[Rule]:
    """Whoever notes something said something; whoever did so has one of the roles."""
    noted = [key for key in gaps if key in _NOTED]
    for category, actor in product((ALL, *categories) if noted else (), actors):
        anyone = ("any", category, actor)
        roles = [("in", category, key, actor) for key in _single(groups).values()]
        if category != ALL:  # in the area some said only what has no category
            yield from _union(anyone, roles)
        for key in noted:
            note = ("gap", key, category, actor)
            yield Within(note, anyone, bounds_too=False)
            if category != ALL:
                yield Within(note, ("gap", key, ALL, actor), bounds_too=False)


def _single(groups: Sequence[Group]) -> dict[str, str]:
    """The group of each role alone."""
    return {group.codes[0]: group.key for group in groups if len(group.codes) == 1}


def _overlap(said: Sequence[Said], kinds: Sequence[str]) -> tuple[int, int]:
    """How many respondents are of several kinds, and how many of none."""
    everybody = {one.who for one in said}
    of_kind = [{one.who for one in said if one.actor == kind} for kind in kinds]
    known = set().union(*of_kind)
    return sum(map(len, of_kind)) - len(known), len(everybody - known)


def _is_kept(one: Said, groups: Sequence[Group], counts: Mapping[Cell, Count]) -> bool:
    """Whether a statement's cells may all be shown; not so if it is in none."""
    keys = [
        group.key
        for group in groups
        if group.key == EVERYTHING or (len(group.codes) == 1 and group.codes[0] in one.roles)
    ]
    cells = [cell for cell in product(one.categories, keys, (one.actor,)) if cell in counts]
    return bool(cells) and not any(counts[cell].hidden for cell in cells)


def _statements(kept: Iterable[Said], groups: Sequence[Group], cell: Cell) -> int:
    category, key, actor = cell
    codes = next(set(group.codes) for group in groups if group.key == key)
    return sum(
        (category == ALL or category in one.categories)
        and (not codes or bool(codes & set(one.roles)))
        and actor in (ALL, one.actor)
        for one in kept
    )


def _gap(gap: Gap, concealed: Mapping[Figure, Count]) -> Gap:
    """Hide a row's counts, also where that which they are a share of is hidden."""
    counts = {}
    for cell, count in gap.counts.items():
        category, actor = cell
        base = concealed[
            ("any", category, actor) if gap.key in _NOTED else ("in", category, INITIATIVE, actor)
        ]
        mine = concealed["gap", gap.key, category, actor]
        if base.hidden:
            counts[cell] = Count(0, 0, 0, 0, 0, hidden=True, label=mine.label or base.label)
        else:
            counts[cell] = replace(mine, of=count.of, statements=0)
    hidden = any(count.hidden for count in counts.values())
    if hidden:
        return replace(gap, counts=counts, statement_ids=(), overall=())
    return replace(gap, counts=counts)
