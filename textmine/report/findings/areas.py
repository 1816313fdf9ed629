"""All that is said of one area."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.findings.cells import count_cells, estimates_by_cell
from textmine.report.findings.counts import count_sentences
from textmine.report.findings.effects import effect_columns, effects_sentence
from textmine.report.findings.flows import flow_of
from textmine.report.findings.gaps import find_gaps, with_sentences
from textmine.report.findings.hiding import hide_small
from textmine.report.findings.logic import Logic, groups_of
from textmine.report.findings.material import respondents_of
from textmine.report.findings.model import ALL, Area
from textmine.report.findings.said import Said
from textmine.report.findings.typical import Typical, quotes_by_cell
from textmine.report.summary import Layout


@dataclass(frozen=True)
class Survey:
    """What all areas share."""

    codebook: Codebook
    layout: Layout
    logic: Logic | None
    estimates: pd.DataFrame | None
    smallest: int | None


def area_of(
    survey: Survey, said: Sequence[Said], key: str, name: str, answers: int
) -> tuple[Area, Sequence[Said]]:
    """Find all that is said of an area, and the statements that may be shown.

    Parameters
    ----------
    said
        Its statements.
    key, name
        Its code and what it is called.
    answers
        How many there are.
    """
    codebook, logic = survey.codebook, survey.logic
    groups = groups_of(codebook, logic)
    dimension = codebook.dimensions[survey.layout.rows]
    codes = dimension.allowed(key) if key else list(dimension.codes)
    categories = [(code, dimension.code_name(code, key)) for code in codes]
    respondents = respondents_of(said)
    actors = list(respondents)
    kinds = actors[1:]
    counts = count_cells(said, codes, groups, respondents)
    for cell, (estimate, low, high) in estimates_by_cell(survey.estimates, key, groups).items():
        if cell in counts:
            counts[cell] = replace(counts[cell], estimate=estimate, low=low, high=high)
    gaps = find_gaps(said, codes, actors, logic) if logic else ()
    smallest = survey.smallest
    if smallest and said:
        shown = hide_small(said, codes, groups, counts, gaps, smallest)
        counts, gaps, said = shown.counts, shown.gaps, shown.said
    columns = survey.layout.columns
    roles = list(codebook.dimensions[columns].codes) if columns else []
    typical = Typical(said)
    area = Area(
        key=key,
        name=name,
        respondents=respondents,
        answers=answers,
        statements=len(said),
        categories=tuple(categories),
        groups=groups,
        counts=counts,
        sentences=count_sentences(categories, groups, counts, kinds),
        effects=(),
        effects_sentence="",
        levels=(),
        gaps=(),
        quotes=quotes_by_cell(_by_cell(said, codes, roles), typical),
        flows=(),
    )
    if logic is None:
        return area, said
    found = codebook.dimensions[logic.level].codes if logic.level else {}
    levels = [(code, body.name) for code, body in found.items()]
    area = replace(
        area,
        effects=effect_columns(
            said, categories, [code for code, _ in levels], counts, actors, smallest=smallest
        ),
        effects_sentence=effects_sentence(
            said, categories, levels, counts, kinds, by_level=not smallest
        ),
        levels=tuple(levels),
        gaps=with_sentences(gaps, logic, categories, actors),
        flows=tuple(
            flow_of(
                [one for one in said if kind in (ALL, one.actor)],
                (key, name),
                kind,
                categories,
                counts,
                logic,
                typical,
                smallest=smallest or 0,
            )
            for kind in kinds or [ALL]
            if said
        ),
    )
    return area, said


def _by_cell(
    said: Sequence[Said], categories: Sequence[str], roles: Sequence[str]
) -> dict[tuple[str, str], list[Said]]:
    """Part the statements by category and role, in the codebook's order."""
    cells: dict[tuple[str, str], list[Said]] = {c: [] for c in product(categories, roles or [""])}
    for one in said:
        for category in one.categories:
            for role in one.roles or ("",):
                cells.setdefault((category, role), []).append(one)
    return cells
