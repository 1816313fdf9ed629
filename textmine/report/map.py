"""The map of notes: a page that opens offline, and the figure in it."""

import html
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.report.labels import measure, place, wrap
from textmine.tables import CLUSTER, CLUSTER_REASON

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Colours that people with any colour vision can tell apart, as far as there are any; then again.
_COLOURS = (
    "#1f77b4", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7b4ea3", "#8c564b",
    "#2f4f4f", "#b5bd00", "#c22bd9", "#1c1c96",
)  # fmt: skip
NO_GROUP = "#b8b8b8"
_LINE = 60  # characters of a note in a line of its box
# Pixels of the window that labels are placed for, beside the legend on a small screen: in a larger
# one they lie farther apart. A name is bold, and so wider than it is measured.
_VIEW, _FONT, _BOLD = (900.0, 500.0), 12, 1.12

_PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Karta över anteckningar</title>
<style>
body {{ font-family: system-ui, sans-serif; margin: 0; color: #222; }}
header {{ display: flex; gap: 1rem; align-items: baseline; padding: .6rem 1rem; }}
h1 {{ font-size: 1.1rem; margin: 0; }}
input {{ font: inherit; padding: .3rem .5rem; width: 18rem; }}
</style></head><body>
<header><h1>Karta över anteckningar</h1>
<label>Sök <input id="search" type="search" placeholder="ord i anteckningen"></label>
<span id="hits" role="status"></span></header>
{figure}
<script>
const map = document.getElementById("map");
const sizes = map.data.map(trace => trace.marker.size);
document.getElementById("search").addEventListener("input", event => {{
  const wanted = event.target.value.trim().toLocaleLowerCase("sv");
  let hits = 0;
  map.data.forEach((trace, i) => {{
    const found = trace.customdata.map(row => row[1].toLocaleLowerCase("sv").includes(wanted));
    hits += found.filter(Boolean).length;
    Plotly.restyle(map, {{
      "marker.opacity": [wanted ? found.map(hit => hit ? 1 : .06) : .85],
      "marker.size": [wanted ? found.map(hit => hit ? 11 : 6) : sizes[i]],
    }}, [i]);
  }});
  document.getElementById("hits").textContent = wanted ? hits + " träffar" : "";
}});
</script></body></html>
"""


def colour(number: int) -> str:
    """The colour of a group, by its place in the summary."""
    return _COLOURS[number % len(_COLOURS)]


def draw_map(
    table: pd.DataFrame,
    layout: npt.NDArray[np.float32],
    summary: Sequence[Mapping[str, Any]],
) -> "Figure":
    """Draw the map.

    Parameters
    ----------
    table
        Notes with `cluster` and `cluster_reason`.
    layout
        (notes, 2).
    summary
        As `Clusters.summary` gives it.
    """
    from plotly import graph_objects

    figure = graph_objects.Figure()
    of = table[CLUSTER].fillna("").to_numpy(object)
    for number, group in enumerate(summary):
        rows = np.flatnonzero(of == group["id"])
        title = f"{group['id']} {group['name']} ({group['size']})"
        figure.add_trace(_points(table, layout, rows, title, colour(number), str(group["name"])))
    without = np.flatnonzero(of == "")
    if len(without):
        name = f"Utan grupp ({len(without)})"
        figure.add_trace(_points(table, layout, without, name, NO_GROUP, None))
    low, high = _label(figure, layout, of, summary)
    figure.update_layout(
        template="plotly_white",
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={
            "title": "Grupper (klicka: göm, dubbelklicka: visa bara den)",
            "itemsizing": "constant",
        },
        xaxis={"visible": False, "range": [low[0], high[0]]},
        yaxis={"visible": False, "scaleanchor": "x", "range": [low[1], high[1]]},
        hoverlabel={"align": "left"},
        dragmode="pan",
    )
    return figure


def _label(
    figure: "Figure",
    layout: npt.NDArray[np.float32],
    of: npt.NDArray[np.object_],
    summary: Sequence[Mapping[str, Any]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Name the groups on the map, and give the corners of the view that shows it all."""
    members = [np.flatnonzero(of == group["id"]) for group in summary]
    shown = [number for number, rows in enumerate(members) if len(rows)]
    labels = [wrap(str(summary[number]["name"])) for number in shown]
    sizes = [measure(lines, _FONT * _BOLD) for lines in labels]
    placed = place(layout, [members[number] for number in shown], sizes, _VIEW)
    anchors, centres = placed.in_layout(placed.anchors), placed.in_layout(placed.centres)
    for at, (number, lines) in enumerate(zip(shown, labels, strict=True)):
        led = placed.leader(at) is not None
        to = anchors[at] if led else centres[at]
        figure.add_annotation(
            x=to[0],
            y=to[1],
            ax=centres[at][0],
            ay=centres[at][1],
            axref="x",
            ayref="y",
            showarrow=led,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=colour(number),
            text="<b>" + "<br>".join(_shown(line) for line in lines) + "</b>",
            bgcolor="rgba(255,255,255,.8)",
            bordercolor=colour(number),
            font={"size": _FONT},
        )
    low, high = placed.in_layout(np.array([(0.0, 0.0), placed.frame]))
    return low, high


def _shown(text: str) -> str:
    """Escape text for the little HTML that plotly reads; it does not know quotation marks."""
    return html.escape(text, quote=False)


def _points(
    table: pd.DataFrame,
    layout: npt.NDArray[np.float32],
    rows: npt.NDArray[np.intp],
    title: str,
    colour: str,
    group: str | None,
) -> Any:
    """One group's points, with the note in the box that hovering opens."""
    from plotly import graph_objects

    texts = table["text"].astype(str).iloc[rows].tolist()
    heads = [group] * len(rows) if group else table[CLUSTER_REASON].iloc[rows].tolist()
    boxes = ["<br>".join(map(_shown, textwrap.wrap(text, _LINE)[:12])) for text in texts]
    return graph_objects.Scatter(
        x=layout[rows, 0].tolist(),
        y=layout[rows, 1].tolist(),
        mode="markers",
        name=_shown(textwrap.shorten(title, 48, placeholder="…")),
        marker={"size": 8, "color": colour, "opacity": 0.85},
        customdata=list(zip(boxes, texts, [_shown(str(h)) for h in heads], strict=True)),
        hovertemplate="%{customdata[0]}<br><i>%{customdata[2]}</i><extra></extra>",
    )


def write_map(figure: "Figure", path: Path) -> None:
    """Write a page with the map, a search field and everything that it needs."""
    inner = figure.to_html(
        full_html=False,
        include_plotlyjs=True,
        div_id="map",
        default_height="calc(100vh - 4rem)",
        config={"displayModeBar": False, "scrollZoom": True, "responsive": True},
    )
    path.write_text(_PAGE.format(figure=inner), encoding="utf-8")
