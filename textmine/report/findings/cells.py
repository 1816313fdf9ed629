"""Who is in which cell of an area: each respondent counted once, surely and at most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import pandas as pd

from textmine.report.findings.model import ALL, Count, Group
from textmine.report.findings.said import Said

Key = tuple[str, str, str]  # category or ALL, group, actor or ALL


@dataclass
class _Cell:
    counted: set[str] = field(default_factory=set)
    least: set[str] = field(default_factory=set)
    most: set[str] = field(default_factory=set)
    statements: int = 0


def count_cells(
    said: Iterable[Said],
    categories: Sequence[str],
    groups: Sequence[Group],
    respondents: Mapping[str, int],
) -> dict[Key, Count]:
    """Count the respondents of every category, group and kind of actor.

    Parameters
    ----------
    said
        The statements of one area.
    categories, groups
        Of the area; in a group without codes are all statements. Those for ALL categories count
        whoever is in the group, also by statements without a category.
    respondents
        How many there are of each kind of actor, ALL included.
    """
    cells: dict[Key, _Cell] = {
        key: _Cell() for key in product((ALL, *categories), (g.key for g in groups), respondents)
    }
    for one in said:
        kinds = (ALL, one.actor) if one.actor else (ALL,)
        now = list(product((ALL, *one.categories), _in(groups, one.roles), kinds))
        for key in now:
            if key in cells:
                cell = cells[key]
                cell.statements += 1
                cell.counted.add(one.who)
                cell.most.add(one.who)
                if not one.open:
                    cell.least.add(one.who)
        if one.open:
            for key in product((ALL, *one.may_categories), _in(groups, one.may_roles), kinds):
                if key in cells:
                    cells[key].most.add(one.who)
    return {
        key: Count(
            counted=len(cell.counted),
            least=len(cell.least),
            most=len(cell.most),
            of=respondents[key[2]],
            statements=cell.statements,
        )
        for key, cell in cells.items()
    }


def estimates_by_cell(
    estimates: pd.DataFrame | None, area: str, groups: Sequence[Group]
) -> dict[Key, tuple[float, float, float]]:
    """Find what a review's estimates say of an area: estimate, low and high of its cells.

    They are of all kinds of actors together, by category, and of one role at a time.
    """
    if estimates is None:
        return {}
    here = estimates[(estimates["context"] == area) & (estimates["unit"] == "respondents")]
    named = {group.codes[0] if group.codes else "": group.key for group in groups
             if len(group.codes) < 2}  # fmt: skip
    return {
        (row, named[column], ALL): (float(estimate), float(low), float(high))
        for row, column, estimate, low, high in zip(
            *(here[name] for name in ("row", "column", "estimate", "low", "high")), strict=True
        )
        if row and column in named
    }


def _in(groups: Sequence[Group], roles: Sequence[str]) -> list[str]:
    return [g.key for g in groups if not g.codes or set(g.codes) & set(roles)]
