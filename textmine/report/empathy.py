"""The empathy map: one page with what people say, think, do and feel, their pains and gains."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.errors import TextmineError
from textmine.files import staged_file

_PAGE = (11.69, 8.27)  # inches: A4, lying
# Where each field lies (left, bottom, width, height, as shares of the page) and its colour.
_FIELDS = {
    ("ruta", "tanker"): ("Tänker", (0.02, 0.655, 0.475, 0.265), "#e8f0f7"),
    ("ruta", "kanner"): ("Känner", (0.505, 0.655, 0.475, 0.265), "#f7ece8"),
    ("ruta", "sager"): ("Säger", (0.02, 0.375, 0.475, 0.265), "#eef5ea"),
    ("ruta", "gor"): ("Gör", (0.505, 0.375, 0.475, 0.265), "#f6f2e2"),
    ("utfall", "smarta"): ("Smärtor", (0.02, 0.045, 0.475, 0.315), "#f3dede"),
    ("utfall", "vinst"): ("Vinster", (0.505, 0.045, 0.475, 0.315), "#dff0e4"),
}
_COLUMNS = 80  # characters in a line of a note
_LINE, _GAP = 0.0195, 0.004  # height of a line and of the gap between notes, shares of the page
_HEAD = 0.062  # what a field's title takes up
_LONGEST = 2  # lines of a note


def draw_empathy_map(coded: pd.DataFrame, to: str | Path, title: str = "Empatikarta") -> None:
    """Draw the map, with how many notes each field has and those that most surely belong there.

    Parameters
    ----------
    coded
        Notes coded by `empatikarta`: `text`, `ruta`, `utfall`, and their probabilities if there
        are any. Among equally sure notes the first come first; a text is shown once.
    to
        A `.png`, `.svg` or `.pdf` file.
    title
        Stands above the map.

    Raises
    ------
    TextmineError
        If a column is missing or the file is of another kind.
    """
    to = Path(to)
    if to.suffix not in (".png", ".svg", ".pdf"):
        raise TextmineError(f"{to}: the map can be a .png, .svg or .pdf file.")
    missing = [name for name in ("text", "ruta", "utfall") if name not in coded]
    if missing:
        raise TextmineError(
            f"The notes have no column '{missing[0]}'; code them with the model 'empatikarta'."
        )
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "textmine", "svg.fonttype": "none", "font.size": 8.5}):
        figure = Figure(figsize=_PAGE)
        figure.text(0.02, 0.955, title, fontsize=15, weight="bold", va="center")
        figure.text(0.98, 0.955, f"{len(coded)} anteckningar", fontsize=9, ha="right", va="center")
        for (dimension, code), (name, place, colour) in _FIELDS.items():
            rows = coded[coded[dimension].astype(object) == code]
            room = int((place[3] - _HEAD) / (_LINE + _GAP))
            notes = _shown(rows, dimension, room)
            _draw_field(figure, f"{name} · {len(rows)}", place, colour, notes)
        with staged_file(to) as stage:
            figure.savefig(stage, dpi=200, metadata=_METADATA[to.suffix])


# No date, so that the same notes give the same file.
_METADATA: Mapping[str, dict[str, Any]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


def _shown(rows: pd.DataFrame, dimension: str, room: int) -> list[list[str]]:
    """The notes that most surely belong to a field, in lines; `room` is for so many lines."""
    probability = f"{dimension}_prob"
    if probability in rows:
        rows = rows.sort_values(probability, ascending=False, kind="stable")
    shown: list[list[str]] = []
    for text in dict.fromkeys(" ".join(str(text).split()) for text in rows["text"]):
        lines = textwrap.wrap(text, _COLUMNS, max_lines=_LONGEST, placeholder=" …")
        if len(lines) > room:
            break
        shown.append(lines)
        room -= len(lines)
    return shown


def _draw_field(
    figure: Any,
    title: str,
    place: tuple[float, float, float, float],
    colour: str,
    notes: list[list[str]],
) -> None:
    """Draw one field: its title and notes."""
    from matplotlib.patches import FancyBboxPatch

    left, bottom, width, height = place
    figure.add_artist(
        FancyBboxPatch(
            (left, bottom), width, height, boxstyle="round,pad=0,rounding_size=0.008",
            transform=figure.transFigure, facecolor=colour, edgecolor="0.75", linewidth=0.8,
        )
    )  # fmt: skip
    top = bottom + height - 0.022
    figure.text(left + 0.012, top, title, fontsize=11, weight="bold", va="center")
    at = top - 0.034
    for lines in notes:
        figure.text(left + 0.012, at, "•", va="center")
        for line in lines:
            # A dollar sign would begin a formula.
            figure.text(left + 0.024, at, line.replace("$", r"\$"), va="center")
            at -= _LINE
        at -= _GAP
