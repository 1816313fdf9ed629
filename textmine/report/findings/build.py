"""From a folder of results to all that a report says."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.findings.areas import Survey, area_of
from textmine.report.findings.evidence import evidence_of
from textmine.report.findings.logic import Logic
from textmine.report.findings.material import Material
from textmine.report.findings.method import method_of
from textmine.report.findings.model import Area, Evidence, Report
from textmine.report.findings.notes import notes_of, sources_of
from textmine.report.findings.quality import quality_of
from textmine.report.findings.said import anonymous, areas_of, by_area, read_said
from textmine.report.summary import Layout


def build_report(
    statements: pd.DataFrame,
    answers: pd.DataFrame,
    codebook: Codebook,
    run: Mapping[str, Any],
    *,
    evaluation: Mapping[str, Any] | None = None,
    estimates: pd.DataFrame | None = None,
    smallest: int | None = None,
) -> Report:
    """Find all that the report of a coded survey says.

    Parameters
    ----------
    statements, answers
        As in `statements.parquet` (personal data masked) and `answers.parquet`.
    run, evaluation
        What `run.json` and, if there is one, `evaluation.json` say.
    estimates
        From `estimate_counts`, after a review.
    smallest
        Counts below this are not shown, nor what would give them away; None shows all.
    """
    logic = Logic.of(codebook)
    layout = Layout.of(codebook)
    said = read_said(
        statements,
        codebook,
        level=logic.level if logic else "",
        flags=logic.flags if logic else "",
    )
    material = Material.of(said, answers)
    survey = Survey(codebook, layout, logic, estimates, smallest)
    parts = by_area(anonymous(said) if smallest else said)
    n_answers = Counter(areas_of(answers, codebook))
    areas: list[Area] = []
    evidence: list[Evidence] = []
    for key, name in _areas(codebook, layout, parts, n_answers):
        area, shown = area_of(survey, parts.get(key, []), key, name, n_answers[key])
        areas.append(area)
        roles = list(codebook.dimensions[layout.columns].codes) if layout.columns else []
        codes = [code for code, _ in area.categories]
        evidence += evidence_of(shown, codes, roles, unnamed=bool(smallest))
    return Report(
        title=material.title(codebook),
        subtitle=material.subtitle(has_effects=logic is not None),
        areas=tuple(areas),
        code_names={
            name: {code: body.name for code, body in dimension.codes.items()}
            for name, dimension in codebook.dimensions.items()
        },
        row_name=codebook.dimensions[layout.rows].name,
        column_name=codebook.dimensions[layout.columns].name if layout.columns else "",
        method=method_of(
            material,
            codebook,
            run,
            evaluation,
            logic=logic is not None,
            estimated=estimates is not None,
        ),
        quality=quality_of(codebook, run, evaluation),
        evidence=tuple(evidence),
        notes=tuple(notes_of(material, run, smallest)),
        sources=sources_of(run),
    )


def _areas(
    codebook: Codebook, layout: Layout, parts: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Codes and names of the areas: the codebook's, then unknown ones that somebody answered."""
    found = {*parts, *answers}
    if not layout.context or set(found) == {""}:
        return [("", codebook.title or codebook.name)]
    known = codebook.columns[layout.context]
    return [
        *((key, item.name or key) for key, item in known.items()),
        *((key, key or "Område saknas") for key in sorted(found - set(known))),
    ]
