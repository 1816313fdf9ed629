"""The report of a coded survey: a page, a workbook, a Word document and figures."""

import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.errors import TextmineError
from textmine.evaluation import EVALUATION
from textmine.files import staged_folder
from textmine.record import Record
from textmine.report.drawing.flow_diagram import draw_flow
from textmine.report.drawing.picture import write_png
from textmine.report.findings.build import build_report
from textmine.report.findings.model import Flow, Report
from textmine.report.page.build import write_page
from textmine.report.sheets.workbook import write_report_workbook
from textmine.report.word.document import write_word
from textmine.results import Results
from textmine.review.apply import COUNTS

PAGE, WORKBOOK, WORD, FIGURES = "report.html", "report.xlsx", "report.docx", "figures"
FORMATS = {"html": PAGE, "xlsx": WORKBOOK, "docx": WORD}
RECORD = "report.json"  # what was written, to tell whether anybody has edited it since


def read_report(
    folder: Path, *, evaluation: Path | None = None, smallest: int | None = None
) -> Report:
    """Find all that is to be said of a coded survey.

    Parameters
    ----------
    folder
        Written by `textmine code`; reviewed (and applied) or not.
    evaluation
        What `textmine evaluate` wrote, its folder or `evaluation.json`; by default the one in the
        folder, if there is one.
    smallest
        Counts below this are not shown, nor what would give them away.

    Raises
    ------
    TextmineError
        If there are no results, their model is gone, or the evaluation is not one.
    """
    results = Results.load(folder)
    counts = folder / COUNTS
    return build_report(
        results.statements,
        results.answers,
        results.codebook,
        results.run,
        evaluation=_read_evaluation(folder, evaluation),
        estimates=pd.read_parquet(counts) if counts.is_file() else None,
        smallest=smallest,
    )


def publish(report: Report, folder: Path, formats: Collection[str] = tuple(FORMATS)) -> list[Path]:
    """Write a report into the folder of results, with its figures.

    Returns
    -------
    list of Path
        What was written, the folder of figures last.

    Raises
    ------
    TextmineError
        If somebody has edited a file that would be replaced, or nothing can be written.
    """
    record = Record(folder, RECORD)
    wanted = [name for kind, name in FORMATS.items() if kind in formats]
    record.refuse_edited([*wanted, FIGURES])
    with staged_folder(folder) as stage:
        figures = stage / FIGURES
        figures.mkdir()
        pictures = {
            (flow.area, flow.actor): _draw(flow, figures)
            for area in report.areas
            for flow in area.flows
        }
        write: dict[str, Callable[[Path], None]] = {
            PAGE: lambda path: write_page(report, path),
            WORKBOOK: lambda path: write_report_workbook(report, path),
            WORD: lambda path: write_word(report, path, pictures),
        }
        for name in wanted:
            write[name](stage / name)
        if not pictures:
            figures.rmdir()
        written = [*wanted, *([FIGURES] if pictures else [])]
        record.save(stage, written)
    return [folder / name for name in written]


def _draw(flow: Flow, folder: Path) -> Path:
    """Draw a flow diagram, for the screen and for print."""
    # An area that the codebook does not know is called what the respondents called it.
    parts = (re.sub(r"[^\w-]+", "_", part) for part in ("flow", flow.area, flow.actor) if part)
    name = "-".join(parts)
    svg = draw_flow(flow)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    write_png(svg, folder / f"{name}.png")
    return folder / f"{name}.png"


def _read_evaluation(folder: Path, given: Path | None) -> dict[str, Any] | None:
    path = given or folder
    path = path / EVALUATION if path.is_dir() else path
    if given is None and not path.is_file():
        return None
    try:
        evaluation: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TextmineError(
            f"{path} cannot be read as an evaluation ({error}); give the folder that "
            "'textmine evaluate' wrote."
        ) from error
    return evaluation
