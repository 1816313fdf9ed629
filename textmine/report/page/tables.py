"""The report's tables as the page prints them: rows, cells, and what their numbers point at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from textmine.report.findings.logic import EFFECT
from textmine.report.findings.model import (
    ALL,
    Area,
    Count,
    Effect,
    EffectColumn,
    Group,
    Quote,
    Report,
)
from textmine.report.page.evidence import Listed, gap_mark
from textmine.report.swedish import (
    ACTOR_NOUNS,
    decimal,
    in_words,
    joined,
    number,
    percent,
    sentence,
)

NOTHING = "–"  # as SCB writes what does not occur
_QUALITY = {
    "by_people": "Avgjort av människor",
    "expected_error": "Förväntat fel utan granskning",
    "audited_error": "Fel i kvalitetsprovet",
    "agreement": "Överensstämmelse med handkodning",
    "kappa": "Kappa",
    "people": "Överensstämmelse mellan två personer",
}


@dataclass(frozen=True)
class Cell:
    """A number, with its bounds and its share below it.

    Attributes
    ----------
    href
        Where its statements are listed, '' if it has none there.
    show
        What of that list belongs to the number, as the script reads it: `aktor=region&brist=2`.
    """

    number: str
    below: str = ""
    href: str = ""
    show: str = ""


@dataclass(frozen=True)
class Row:
    """A kind of actors' numbers."""

    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """Rows with a head in common: one a kind of actors."""

    head: str
    rows: tuple[Row, ...]
    total: bool = False


@dataclass(frozen=True)
class EffectCell:
    """One category's effects of one level; `effects` are numbered as the statements' marks are."""

    category: str
    effects: tuple[tuple[int, Effect], ...]
    empty: str  # printed where there are none


def kinds(area: Area) -> tuple[str, ...]:
    """Which kinds of actors get rows of their own: all together only where some are of no kind.

    Somebody may be of two kinds: Gotland is a region and a municipality.
    """
    named = area.actors
    everybody = sum(area.respondents[actor] for actor in named) >= area.respondents[ALL]
    return named if named and everybody else (*named, ALL)


def kind_name(actor: str, *, several: bool = False) -> str:
    """Name a kind of actors as the head of a row: `Regioner`, `Alla`."""
    if actor == ALL:
        return "Alla" if several else "Respondenter"
    return sentence(_nouns(actor)[1])


def count_blocks(area: Area, listed: Listed) -> list[Block]:
    """Count actors by category and group of roles."""
    blocks = []
    for code, name in _categories(area):
        there = [listed.target(area.key, code, group) for group in area.groups]
        rows = [
            Row(
                kind_name(actor, several=len(kinds(area)) > 1),
                tuple(
                    _cell(area.counts.get((code, group.key, actor)), href, actor)
                    for group, href in zip(area.groups, there, strict=True)
                ),
            )
            for actor in kinds(area)
        ]
        blocks.append(Block(name, tuple(rows), total=code == ALL))
    return blocks


def gap_blocks(area: Area, listed: Listed) -> list[Block]:
    """Count what is missing by category."""
    blocks = []
    for at, gap in enumerate(area.gaps):
        rows = [
            Row(
                kind_name(actor, several=len(kinds(area)) > 1),
                tuple(
                    _cell(
                        gap.counts.get((code, actor)),
                        listed.target(area.key, code) if gap.statement_ids else "",
                        actor,
                        brist=gap_mark(at, code),
                    )
                    for code, _ in gap_columns(area)
                ),
            )
            for actor in kinds(area)
        ]
        blocks.append(Block(gap.name, tuple(rows)))
    return blocks


def gap_columns(area: Area) -> list[tuple[str, str]]:
    """Give the columns of the table of gaps: those that any gap has numbers for."""
    counted = {code for gap in area.gaps for code, _ in gap.counts}
    return [(code, name) for code, name in _categories(area) if code in counted]


def effect_rows(area: Area) -> list[tuple[str, list[EffectCell]]]:
    """Lay effects out as rows of levels, with their names; levels without effects are left out."""
    numbers = iter(range(sum(len(column.effects) for column in area.effects)))
    columns = [
        (column, [(next(numbers), effect) for effect in column.effects]) for column in area.effects
    ]
    used = {effect.level for column in area.effects for effect in column.effects}
    levels = [(code, name) for code, name in area.levels if code in used]
    unknown = sorted(used - dict(levels).keys()) or ([] if levels else [""])
    levels += [(code, "Nivå okänd" if levels else "") for code in unknown]
    return [
        (
            name,
            [
                EffectCell(
                    column.name,
                    tuple(one for one in effects if one[1].level == code),
                    _no_effects(column),
                )
                for column, effects in columns
            ],
        )
        for code, name in levels
    ]


def _no_effects(column: EffectColumn) -> str:
    """Say that nothing was found only where that is known."""
    everybody = column.counts[ALL]
    if everybody.hidden:
        return everybody.label
    return NOTHING if everybody.counted else "Ej identifierat"


def effect_heads(area: Area, column: EffectColumn, listed: Listed) -> list[Cell]:
    """Count the actors of one column's effects: `7 regioner`, `7 kommuner`."""
    group = next((one for one in area.groups if one.codes == (EFFECT,)), None)
    href = listed.target(area.key, column.category, group) if group else ""
    cells = []
    for actor in kinds(area):
        found = column.counts.get(actor)
        if found and found.hidden:
            cells.append(Cell(f"{found.label} {_nouns(actor)[1]}"))
        elif found and found.counted:
            noun = _nouns(actor)[0 if found.counted == 1 else 1]
            name = f"{number(found.counted)}\u00a0{noun}"
            cells.append(Cell(name, href=href, show=only(actor)))
    return cells


def quotes_of(area: Area) -> list[tuple[str, list[tuple[str, tuple[Quote, ...]]]]]:
    """Give typical statements by category and role, with the names of both."""
    roles = {group.codes[0]: group.name for group in area.groups if len(group.codes) == 1}
    used = {role for _, role in area.quotes}
    roles |= {role: "" for role in sorted(used - roles.keys())}
    by_category = [
        (
            name,
            [(roles[role], quotes) for role in roles if (quotes := area.quotes.get((code, role)))],
        )
        for code, name in area.categories
    ]
    return [(name, quotes) for name, quotes in by_category if quotes]


def estimate_rows(area: Area, groups: Sequence[Group]) -> list[Row]:
    """Give the numbers corrected for the machine's error, where a review made that possible."""
    rows = []
    for code, name in _categories(area):
        counts = [area.counts.get((code, group.key, ALL)) for group in groups]
        if any(count and count.estimate is not None for count in counts):
            rows.append(Row(name, tuple(map(_estimate, counts))))
    return rows


def estimated_groups(area: Area) -> list[Group]:
    """Give the groups that are estimated anywhere in an area."""
    known = {key[1] for key, count in area.counts.items() if count.estimate is not None}
    return [group for group in area.groups if group.key in known]


def summary_rows(areas: Sequence[Area], groups: Sequence[Group], listed: Listed) -> list[Row]:
    """Count, an area a row, who reports anything at all in each group of roles."""
    return [
        Row(
            area.name,
            tuple(
                _cell(
                    area.counts.get((ALL, group.key, ALL)), listed.target(area.key, ALL, group), ALL
                )
                for group in groups
            ),
        )
        for area in areas
    ]


def gap_summary_rows(
    areas: Sequence[Area], gaps: Iterable[tuple[str, str]], listed: Listed
) -> list[Row]:
    """Count, an area a row, where something is missing."""
    rows = []
    for area in areas:
        by_key = {gap.key: (at, gap) for at, gap in enumerate(area.gaps)}
        cells = []
        for key, _ in gaps:
            at, gap = by_key.get(key, (0, None))
            there = listed.target(area.key) if gap and gap.statement_ids else ""
            count = gap.counts.get((ALL, ALL)) if gap else None
            cells.append(_cell(count, there, ALL, brist=gap_mark(at, ALL)))
        rows.append(Row(area.name, tuple(cells)))
    return rows


def shared_groups(report: Report) -> list[Group]:
    """Give the groups of roles of all areas, each once."""
    return list({group.key: group for area in report.areas for group in area.groups}.values())


def shared_gaps(report: Report) -> list[tuple[str, str]]:
    """Give the gaps of all areas, each once, with their names."""
    return list({gap.key: gap.name for area in report.areas for gap in area.gaps}.items())


def quality_columns(report: Report) -> list[tuple[str, str]]:
    """Give the columns of the quality table that anything is known for."""
    return [
        (key, name)
        for key, name in _QUALITY.items()
        if any(getattr(row, key) for row in report.quality)
    ]


def actors_of(area: Area, *, words: bool = False) -> str:
    """Say who answered in an area: `18 regioner och två kommuner`, in words up to twelve."""
    parts = []
    for actor in kinds(area):
        if n := area.respondents[actor]:
            one, many, neuter = ACTOR_NOUNS.get(actor, (actor, actor, False))
            many_of = in_words(n, neuter=neuter) if words else number(n)
            parts.append(f"{many_of}\u00a0{one if n == 1 else many}")
    return joined(parts)


def only(actor: str, **more: object) -> str:
    """Say which of a list's statements belong to a number, as the script reads it."""
    return urlencode({"aktor": actor, **more} if actor else more)


def actor_name(actor: str) -> str:
    """Name a kind of actors in the singular: `kommun`."""
    return _nouns(actor)[0] if actor else ""


def _nouns(actor: str) -> tuple[str, str]:
    one, many, _ = ACTOR_NOUNS.get(actor, (actor, actor, False))
    return one, many


def _categories(area: Area) -> list[tuple[str, str]]:
    """Give an area's categories, and all of them together where there are several."""
    if len(area.categories) == 1:
        return list(area.categories)
    return [*area.categories, (ALL, "Totalt")]


def _cell(count: Count | None, href: str, actor: str, **more: object) -> Cell:
    if count is None:
        return Cell(NOTHING)
    if count.hidden:
        return Cell(count.label)
    if not count.counted and not count.most:
        return Cell(NOTHING)
    certain = count.least == count.most == count.counted
    span = "" if certain else f"{number(count.least)}–{number(count.most)}"
    share = percent(count.counted / count.of) if count.counted and count.of else ""
    return Cell(
        number(count.counted),
        " · ".join(filter(None, (span, share))),
        href if count.counted else "",
        only(actor, **more),
    )


def _estimate(count: Count | None) -> Cell:
    if count is None or count.hidden or count.estimate is None:
        return Cell(NOTHING)
    span = ""
    if count.low is not None and count.high is not None:
        span = f"{decimal(count.low, 0)}–{decimal(count.high, 0)}"
    return Cell(decimal(count.estimate, 0), span)
