"""All statements as the page lists them: by area, category and role, each of them once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textmine.report.findings.model import ALL, Area, Evidence, Group, Report
from textmine.report.page.anchors import UNCODED, cell_anchor, statement_anchor


@dataclass(frozen=True)
class Line:
    """A statement.

    Attributes
    ----------
    id
        One that has several categories stands in each; only the first place has an id.
    marks
        In Swedish: how it is coded.
    gaps
        What it is the base of, as `gap_mark` writes it.
    effect
        The number of the effect in its area that it was joined under.
    """

    id: str
    said: Evidence
    marks: tuple[str, ...]
    gaps: tuple[str, ...]
    effect: int | None


@dataclass(frozen=True)
class Leaf:
    """The statements of one category in one role."""

    id: str
    name: str
    role: str
    lines: tuple[Line, ...]
    respondents: int  # 0 if they are not named


@dataclass(frozen=True)
class Bundle:
    """Roles that are counted together; `id` is empty where a role stands alone."""

    id: str
    name: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Category:
    """One category's statements."""

    id: str
    name: str
    bundles: tuple[Bundle, ...]


@dataclass(frozen=True)
class Across:
    """A choice that an area's list begins with: one group of roles in all categories."""

    id: str
    name: str
    codes: tuple[str, ...]
    statements: int


@dataclass(frozen=True)
class AreaList:
    """One area's statements."""

    id: str
    name: str
    statements: int
    gaps: tuple[str, ...]  # names, by number
    across: tuple[Across, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Listed:
    """The whole list, and what on it can be pointed at."""

    areas: tuple[AreaList, ...]
    targets: frozenset[str]

    def target(self, area: str, category: str = ALL, group: Group | None = None) -> str:
        """Give the place of a number's statements, '' if none of them is listed."""
        roles = group is not None and any(group.codes)  # a codebook may know no roles
        wanted = cell_anchor(area, category, group.key if group and roles else ALL)
        return wanted if wanted in self.targets else ""

    def statement(self, statement_id: str) -> str:
        """Give the place of a statement, '' if it is not listed."""
        wanted = statement_anchor(statement_id)
        return wanted if wanted in self.targets else ""


def gap_mark(at: int, category: str) -> str:
    """Name the gap that stands `at` in its area: in one category, or in the area as a whole."""
    return f"{at}t" if category == ALL else str(at)


def list_evidence(report: Report) -> Listed:
    """Arrange a report's statements for the page."""
    known = {area.key: area for area in report.areas}
    by_area: dict[str, list[Evidence]] = {key: [] for key in known}
    for said in report.evidence:
        by_area.setdefault(said.area, []).append(said)
    names = _Names(report)
    areas = tuple(
        _list_area(key, known.get(key), statements, names)
        for key, statements in by_area.items()
        if statements
    )
    return Listed(areas, frozenset(_targets(areas)))


class _Names:
    """What roles, levels and flags are called: by the dimension that knows most of the codes."""

    def __init__(self, report: Report) -> None:
        self.roles = _names(report.code_names, {said.role for said in report.evidence})
        self.categories = _names(report.code_names, {said.category for said in report.evidence})
        self.levels = _names(report.code_names, {said.level for said in report.evidence})
        flags = {flag for said in report.evidence for flag in said.flags}
        self.flags = _names(report.code_names, flags)


def _names(code_names: Mapping[str, Mapping[str, str]], used: set[str]) -> Mapping[str, str]:
    return max(code_names.values(), key=lambda names: len(used & set(names)), default={})


def _list_area(
    key: str, area: Area | None, statements: Sequence[Evidence], names: _Names
) -> AreaList:
    groups = area.groups if area else ()
    gaps, effects = _bases(area)
    placed: set[str] = set()
    cells: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for said in statements:
        line = Line(
            id="" if said.statement_id in placed else statement_anchor(said.statement_id),
            said=said,
            marks=tuple(_marks(said, names)),
            gaps=tuple(gaps.get(said.statement_id, ())),
            effect=effects.get(said.statement_id),
        )
        cells[said.category][said.role].append(line)
        placed.add(said.statement_id)
    known = dict(area.categories) if area else {}
    order = [code for code in known if code in cells]
    order += sorted(code for code in cells if code and code not in known)
    categories = tuple(
        Category(
            id=cell_anchor(key, code or UNCODED),
            name=known.get(code) or names.categories.get(code, code) or "Utan kategori",
            bundles=tuple(_bundles(key, code or UNCODED, cells[code], groups, names)),
        )
        for code in [*order, *([""] if "" in cells else [])]
    )
    across = []
    for group in groups:
        n = len({said.statement_id for said in statements if said.role in group.codes})
        if n:
            across.append(Across(cell_anchor(key, ALL, group.key), group.name, group.codes, n))
    name = area.name if area else key
    return AreaList(
        id=cell_anchor(key),
        name=name or "Alla utsagor",
        statements=len(placed),
        gaps=tuple(gap.name for gap in area.gaps) if area else (),
        across=tuple(across),
        categories=categories,
    )


def _bases(area: Area | None) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Number an area's gaps, and its effects column by column, for each statement."""
    gaps: dict[str, list[str]] = defaultdict(list)
    effects: dict[str, int] = {}
    if area:
        for at, gap in enumerate(area.gaps):
            for statement in gap.statement_ids:
                gaps[statement].append(gap_mark(at, UNCODED))
            for statement in gap.overall:
                gaps[statement].append(gap_mark(at, ALL))
        joined = (effect for column in area.effects for effect in column.effects)
        for number, effect in enumerate(joined):
            for statement in effect.statement_ids:
                effects[statement] = number
    return gaps, effects


def _bundles(
    area: str,
    category: str,
    roles: Mapping[str, Sequence[Line]],
    groups: Sequence[Group],
    names: _Names,
) -> Iterable[Bundle]:
    """Put roles that are counted together under one head, then the others as they are counted."""
    plural = {group.codes[0]: group.name for group in groups if len(group.codes) == 1}
    placed: set[str] = set()

    def leaves(codes: Iterable[str]) -> tuple[Leaf, ...]:
        found = [code for code in dict.fromkeys(codes) if code in roles and code not in placed]
        placed.update(found)
        return tuple(
            Leaf(
                id=cell_anchor(area, category, code or UNCODED),
                name=plural.get(code) or names.roles.get(code, code) or "Utsagor",
                role=code,
                lines=tuple(sorted(roles[code], key=_by_respondent)),
                respondents=len({line.said.respondent for line in roles[code]} - {""}),
            )
            for code in found
        )

    for group in groups:
        several = len(group.codes) > 1
        if several and (inside := leaves(group.codes)):
            yield Bundle(cell_anchor(area, category, group.key), group.name, inside)
    rest = leaves([*(code for group in groups for code in group.codes), *sorted(roles)])
    if rest:
        yield Bundle("", "", rest)


def _by_respondent(line: Line) -> tuple[str, str, str]:
    return (line.said.actor, line.said.respondent, line.said.statement_id)


def _marks(said: Evidence, names: _Names) -> Iterable[str]:
    if said.level:
        yield names.levels.get(said.level, said.level)
    yield from (names.flags.get(flag, flag) for flag in said.flags)
    if said.source == "human":
        yield "kodad av människa"
    if said.source == "agreed":
        yield "bekräftad av människa"


def _targets(areas: Iterable[AreaList]) -> Iterable[str]:
    for area in areas:
        yield area.id
        yield from (choice.id for choice in area.across)
        for category in area.categories:
            yield category.id
            for bundle in category.bundles:
                yield bundle.id
                for leaf in bundle.leaves:
                    yield leaf.id
                    yield from (line.id for line in leaf.lines)
