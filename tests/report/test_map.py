"""The map: one page with everything in it, that shows what it is given and no more."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textmine.report.map import draw_map, write_map

TABLE = pd.DataFrame(
    {
        "text": ["Mer tid", "<script>alert(1)</script> åäö", "Sekretess hindrar", "–"],
        "cluster": pd.Series(["C01", "C01", "C02", None], dtype="string"),
        "cluster_reason": pd.Series([None, None, None, "Säger för lite"], dtype="string"),
    }
)
SUMMARY = [{"id": "C01", "name": "Tid & <ro>", "size": 2}, {"id": "C02", "name": "Lag", "size": 1}]
LAYOUT = np.array([[0, 0], [0, 1], [5, 5], [9, 9]], np.float32)


def test_each_group_has_its_points_and_its_name() -> None:
    figure = draw_map(TABLE, LAYOUT, SUMMARY)
    assert [trace.name for trace in figure.data] == [
        "C01 Tid &amp; &lt;ro&gt; (2)", "C02 Lag (1)", "Utan grupp (1)",
    ]  # fmt: skip
    assert list(figure.data[0].y) == [0, 1]
    assert [note.text for note in figure.layout.annotations] == [
        "<b>Tid &amp; &lt;ro&gt;</b>",
        "<b>Lag</b>",
    ]
    assert len({trace.marker.color for trace in figure.data}) == 3


def test_the_page_needs_nothing_else_and_runs_nothing_that_a_note_says(tmp_path: Path) -> None:
    write_map(draw_map(TABLE, LAYOUT, SUMMARY), tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert 'src="http' not in page
    assert "<link" not in page
    assert 'lang="sv"' in page
    assert "{figure}" not in page


def test_names_do_not_overlap_in_the_view_that_opens() -> None:
    names = ["Nationell samordning mellan myndigheter", "Lag", "Barn och unga", 'Så kallad "tid"']
    table = pd.DataFrame({"text": "Så", "cluster": [f"C{n}" for n in range(4)] * 5})
    table["cluster_reason"] = None
    layout = np.random.default_rng(0).normal(0, 1, (20, 2)).astype(np.float32)
    summary = [{"id": f"C{n}", "name": name, "size": 5} for n, name in enumerate(names)]
    shown = draw_map(table, layout, summary).layout
    (left, right), (low, high) = shown.xaxis.range, shown.yaxis.range
    per_pixel = max((right - left) / 900, (high - low) / 500)
    boxes = []
    for note in shown.annotations:
        lines = note.text.removeprefix("<b>").removesuffix("</b>").split("<br>")
        width, height = 7 * max(map(len, lines)) * per_pixel, 16 * len(lines) * per_pixel
        boxes.append((note.ax - width / 2, note.ax + width / 2, note.ay - height / 2, height))
        assert left < boxes[-1][0] < boxes[-1][1] < right
        assert low < note.ay < high
    assert shown.annotations[0].text.count("<br>") == 1
    assert shown.annotations[3].text == '<b>Så kallad "tid"</b>'
    for number, (start, end, bottom, height) in enumerate(boxes):
        for start_2, end_2, bottom_2, height_2 in boxes[:number]:
            beside = start >= end_2 or start_2 >= end
            assert beside or bottom >= bottom_2 + height_2 or bottom_2 >= bottom + height


@pytest.mark.parametrize("rows", [0, 3])
def test_a_group_may_be_empty(rows: int) -> None:
    summary = [*SUMMARY, {"id": "C03", "name": "Tom", "size": 0}]
    figure = draw_map(TABLE.iloc[:rows], LAYOUT[:rows], summary)
    assert len(figure.data) == 3
