"""From two folders of results to a folder with their comparison."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from textmine.comparing.bridge_sample import draw_sample
from textmine.comparing.bridge_sheet import FILE, write_bridge
from textmine.comparing.comparison import Comparison, compare_surveys
from textmine.comparing.figures import draw_pictures
from textmine.comparing.page import write_page
from textmine.comparing.workbook import write_workbook
from textmine.comparing.year import SurveyYear
from textmine.errors import Attention, TextmineError
from textmine.files import staged_folder
from textmine.record import Record
from textmine.report.drawing.picture import write_png

PAGE, WORKBOOK, FIGURES = "compare.html", "compare.xlsx", "compare_figures"
RECORD = "compare.json"  # what was written, to tell whether anybody has edited it since


@dataclass(frozen=True)
class Compared:
    """What `compare_folders` did.

    Attributes
    ----------
    sampled
        Statements in a new bridge; 0 if none was drawn.
    """

    comparison: Comparison
    sampled: int


def compare_folders(
    earlier: Path,
    later: Path,
    out: Path,
    *,
    draw_bridge: int = 0,
    bridge: Path | None = None,
    seed: int = 0,
    draws: int = 400,
) -> Compared:
    """Compare two folders that `textmine code` wrote, reviewed or not.

    Parameters
    ----------
    earlier, later
        The folders.
    out
        Folder for `compare.html`, `compare.xlsx` and `compare_figures`.
    draw_bridge
        Also write a bridge of so many statements for a person to code.
    bridge
        Such a bridge, filled in.
    seed, draws
        Of the random draws behind intervals and the bridge.

    Raises
    ------
    TextmineError
        If somebody has edited a file that would be replaced, the folders cannot be compared, the
        bridge holds something that is not allowed, or the results cannot be written.
    """
    if draw_bridge and (out / FILE).exists():
        raise TextmineError(
            f"{out / FILE} is there already, perhaps with somebody's work in it. Move it away, or "
            "read it back with --bridge."
        )
    record = Record(out, RECORD)
    record.refuse_edited([PAGE, WORKBOOK, FIGURES])
    surveys = SurveyYear.load(earlier), SurveyYear.load(later)
    rows = draw_sample(surveys[0], draw_bridge, seed) if draw_bridge else []
    comparison = compare_surveys(*surveys, bridge=bridge, draws=draws, seed=seed)
    pictures = draw_pictures(comparison)
    with staged_folder(out) as stage:
        (stage / FIGURES).mkdir()
        for picture in pictures:
            file = stage / FIGURES / f"{picture.name}.svg"
            file.write_text(picture.svg, encoding="utf-8", newline="\n")
            write_png(picture.svg, file.with_suffix(".png"))
        write_page(comparison, pictures, stage / PAGE)
        write_workbook(comparison, stage / WORKBOOK)
        record.save(stage, [PAGE, WORKBOOK, FIGURES])
        if rows:
            write_bridge(stage / FILE, *surveys, rows)
    for found in comparison.breaks:
        what = "The series is broken" if found.grave else "Compare with care"
        warnings.warn(f"{what}: {found.note}.", Attention, stacklevel=2)
    return Compared(comparison, len(rows))
