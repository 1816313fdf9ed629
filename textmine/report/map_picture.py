"""The map of notes as a picture for a printed report: points, and the groups' names beside them."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.errors import TextmineError
from textmine.report.labels import LINE, Placed, measure, place, wrap
from textmine.report.map import NO_GROUP, colour
from textmine.tables import CLUSTER

# In typographic points: as wide as an A4, and lower, for a caption to have room.
_MARGIN = 6.0
_FRAME = (595.0 - 2 * _MARGIN, 520.0)
_FONT = 9.0
_DOWN = 0.36 * _FONT  # from the middle of a line to its baseline
_INK = "#222222"


def write_map_picture(
    table: pd.DataFrame,
    layout: npt.NDArray[np.float32],
    summary: Sequence[Mapping[str, Any]],
    path: Path,
) -> None:
    """Draw the map with a label a group; the same input gives the same bytes.

    Parameters
    ----------
    table
        Notes with `cluster`.
    layout
        (notes, 2).
    summary
        As `Clusters.summary` gives it.
    path
        A `.png` or `.svg` file, as wide as an A4; wider if there are too many labels for that.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    kind = path.suffix.lower()
    if kind not in (".png", ".svg"):
        raise TextmineError(f"{path.name}: a picture ends on .png or .svg.")
    of = table[CLUSTER].fillna("").to_numpy(object)
    members = [np.flatnonzero(of == group["id"]) for group in summary]
    shown = [number for number, rows in enumerate(members) if len(rows)]
    labels = [wrap(str(summary[n]["name"]), f" · {summary[n]['size']}") for n in shown]
    placed = place(
        layout, [members[n] for n in shown], [measure(lines, _FONT) for lines in labels], _FRAME
    )
    with (
        mpl.rc_context(
            {"svg.hashsalt": "textmine", "svg.fonttype": "none", "font.family": "DejaVu Sans"}
        ),
        warnings.catch_warnings(),
    ):
        # A sign that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        width, height = placed.frame
        figure = Figure(figsize=((width + 2 * _MARGIN) / 72, (height + 2 * _MARGIN) / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-_MARGIN, width + _MARGIN), ylim=(-_MARGIN, height + _MARGIN))
        axes.set_axis_off()
        _draw_points(axes, placed.points[of == ""], NO_GROUP)
        for number in shown:
            _draw_points(axes, placed.points[members[number]], colour(number))
        for at, number in enumerate(shown):
            _draw_label(axes, placed, at, labels[at], colour(number))
        figure.savefig(path, dpi=300, metadata={"Date": None} if kind == ".svg" else {})


def _draw_points(axes: Any, points: npt.NDArray[np.float64], colour: str) -> None:
    axes.scatter(points[:, 0], points[:, 1], s=20, color=colour, alpha=0.85, linewidths=0, zorder=1)


def _draw_label(axes: Any, placed: Placed, at: int, lines: Sequence[str], colour: str) -> None:
    """A box with a name, and a line to the group's midst where the box does not cover that."""
    from matplotlib.patches import Rectangle

    (x, y), (width, height) = placed.centres[at], placed.sizes[at]
    start, anchor = placed.leader(at), placed.anchors[at]
    if start is not None:
        axes.plot(*zip(start, anchor, strict=True), color=colour, linewidth=0.8, zorder=2)
        axes.plot(*anchor, "o", color=colour, markersize=3.5, mec="white", mew=0.8, zorder=2)
    axes.add_patch(
        Rectangle(
            (x - width / 2, y - height / 2), width, height,
            facecolor=(1, 1, 1, 0.88), edgecolor=colour, linewidth=0.9, zorder=3,
        )
    )  # fmt: skip
    for number, line in enumerate(lines):
        # A text a line: they stay centred when a viewer of the SVG takes another font.
        axes.text(
            x, y + ((len(lines) - 1) / 2 - number) * LINE * _FONT - _DOWN, line,
            fontsize=_FONT, color=_INK, ha="center", va="baseline", parse_math=False, zorder=4,
        )  # fmt: skip
