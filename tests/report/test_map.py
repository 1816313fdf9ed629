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


@pytest.mark.parametrize("rows", [0, 3])
def test_a_group_may_be_empty(rows: int) -> None:
    summary = [*SUMMARY, {"id": "C03", "name": "Tom", "size": 0}]
    figure = draw_map(TABLE.iloc[:rows], LAYOUT[:rows], summary)
    assert len(figure.data) == 3
