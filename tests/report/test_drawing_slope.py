"""Slope charts and small multiples: values, intervals and labels that keep apart."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from drawing_sample import SVG, Drawn, edges, extent, meet
from hypothesis import given
from hypothesis import strategies as st

from textmine.report.drawing.multiples import Panel, Point, draw_multiples
from textmine.report.drawing.slope import SlopeRow, draw_slope
from textmine.report.drawing.spread import spread
from textmine.report.swedish import percent

ROWS = (
    SlopeRow("Implementering av riktlinjer", 90, 121, 84, 95, 113, 128, marked=True),
    SlopeRow("Systematisk uppföljning", 96, 88, 90, 103, 80, 97),
    SlopeRow("Annat stöd till verksamhetsnära förbättringsarbete", 99, 91, 92, 104, 85, 99),
    SlopeRow("Ny", None, 12, None, None, 8, 15),
    SlopeRow("Borta", 33, None),
)
WIDE = 160 / 25.4 * 72


def slope(rows: tuple[SlopeRow, ...] = ROWS) -> str:
    return draw_slope(rows, "Insatser & effekter", "2020", "2021", unit="Antal kommuner")


def panels(rows: tuple[SlopeRow, ...] = ROWS) -> list[Panel]:
    return [
        Panel(
            group, row.name,
            (
                Point("2020", row.left, row.left_low, row.left_high),
                Point("2021", row.right, row.right_low, row.right_high),
            ),
            row.marked,
        )
        for group in ("Kunskapsbaserad vård", "Barn och unga")
        for row in rows
    ]  # fmt: skip


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(5, 40)), max_size=12),
    st.floats(0, 50),
    st.floats(300, 500),
)
def test_labels_keep_apart_and_in_order(
    labels: list[tuple[float, float]], low: float, high: float
) -> None:
    wanted, heights = [one[0] for one in labels], [one[1] for one in labels]
    middles = spread(wanted, heights, low, high)
    order = sorted(range(len(labels)), key=lambda at: (wanted[at], at))
    for one, other in pairwise(order):
        assert middles[other] - middles[one] >= (heights[one] + heights[other]) / 2 - 1e-6
    if order:
        assert middles[order[0]] - heights[order[0]] / 2 >= low - 1e-6
        if sum(heights) <= high - low:
            assert middles[order[-1]] + heights[order[-1]] / 2 <= high + 1e-6


@given(st.lists(st.floats(20, 380), min_size=1, max_size=8))
def test_labels_with_room_stay_where_they_belong(wanted: list[float]) -> None:
    apart = [at * 50 + 30 + one % 20 for at, one in enumerate(wanted)]
    assert spread(apart, [10] * len(apart), 0, 1000) == pytest.approx(apart)


def test_labels_that_meet_share_the_way() -> None:
    assert spread([50, 50], [10, 10], 0, 100) == pytest.approx([45, 55])
    assert spread([50, 49, 90], [10, 10, 10], 0, 100) == pytest.approx([54.5, 44.5, 90])


def test_values_and_changes_are_shown() -> None:
    texts = Drawn.of(slope()).texts
    for shown in ("2020", "2021", "90", "121", "+31", "−8", "Ny", "12", "Borta", "33", "–"):
        assert shown in texts, shown
    assert texts.count("−8") == 2


def test_a_line_goes_from_value_to_value() -> None:
    root = ElementTree.fromstring(slope())
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in root.iter(f"{SVG}circle")]
    assert len(dots) == 8
    lines = [one for one in root.iter(f"{SVG}line") if one.attrib["stroke-width"] in ("1.2", "2")]
    assert len(lines) == 3
    for line in lines:
        ends = [(float(line.attrib[f"x{n}"]), float(line.attrib[f"y{n}"])) for n in (1, 2)]
        assert set(ends) <= set(dots)
    highest = min(dots, key=lambda dot: dot[1])
    (strong,) = [line for line in lines if line.attrib["stroke-width"] == "2"]
    assert float(strong.attrib["y2"]) == highest[1]
    assert float(strong.attrib["y1"]) > highest[1]


def test_intervals_stand_apart_from_each_other() -> None:
    root = ElementTree.fromstring(slope())
    bars = [one for one in root.iter(f"{SVG}line") if one.attrib.get("class") == "interval"]
    assert len(bars) == 7
    assert len({bar.attrib["x1"] for bar in bars}) == 7


@given(
    st.lists(
        st.builds(
            SlopeRow,
            name=st.text(max_size=60),
            left=st.none() | st.floats(0, 290),
            right=st.none() | st.floats(0, 290),
            marked=st.booleans(),
        ),
        max_size=8,
    )
)
def test_any_values_give_labels_that_can_be_read(rows: list[SlopeRow]) -> None:
    drawn = Drawn.of(slope(tuple(rows)))
    lines = [extent(line) for line in drawn.lines if line.text]
    assert not any(meet(one, other) for one, other in combinations(lines, 2))
    assert all(
        left >= -0.5 and right <= WIDE + 0.5 and bottom <= drawn.height + 0.5
        for left, _, right, bottom in lines
    )


@pytest.mark.parametrize("svg", [slope(), draw_multiples(panels(), "Insatser", unit="Antal")])
def test_as_wide_as_a_column_and_legible(svg: str) -> None:
    drawn = Drawn.of(svg)
    assert drawn.width == pytest.approx(WIDE, abs=0.01)
    lines = [extent(line) for line in drawn.lines if line.text]
    assert not any(meet(one, other) for one, other in combinations(lines, 2))
    assert all(
        left >= -0.5 and right <= WIDE + 0.5 and top >= 0 and bottom <= drawn.height
        for left, top, right, bottom in lines
    )
    assert min(float(line.attrib["font-size"]) for line in drawn.lines) >= 7
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert "Implementering av riktlinjer" in (root.findtext(f"{SVG}desc") or "")


def test_described_in_words_unless_told_otherwise() -> None:
    root = ElementTree.fromstring(slope(ROWS[:1]))
    assert root.findtext(f"{SVG}desc") == (
        "Antal kommuner. Implementering av riktlinjer: 90 för 2020 och 121 för 2021."
    )
    svg = draw_multiples(panels(ROWS[3:4])[:1], "Insatser", description="Eget.", key="egen")
    assert ElementTree.fromstring(svg).findtext(f"{SVG}desc") == "Eget."
    assert 'id="egen-title"' in svg


def test_notes_tell_of_what_is_there_only() -> None:
    assert "Mörk linje" in slope()
    assert "intervall" in slope()
    plain = slope((SlopeRow("Kurs", 1, 2),))
    assert "Mörk" not in plain
    assert "intervall" not in plain
    assert "saknas" not in plain


def test_bars_of_all_panels_have_one_scale() -> None:
    root = ElementTree.fromstring(draw_multiples(panels(), "Insatser"))
    bars = [edges(one) for one in root.iter(f"{SVG}rect") if one.attrib.get("class") == "bar"]
    heights = [bottom - top for _, top, _, bottom in bars]
    values = [
        value for row in ROWS for value in (row.left, row.right) if value is not None
    ] * 2  # fmt: skip
    unit = heights[0] / values[0]
    assert heights == pytest.approx([value * unit for value in values], abs=0.02)
    assert not any(meet(one, other) for one, other in combinations(bars, 2))


def test_panels_stand_under_their_group() -> None:
    texts = Drawn.of(draw_multiples(panels(), "Insatser")).texts
    assert texts.index("Kunskapsbaserad vård") < texts.index("Ny") < texts.index("Barn och unga")
    assert texts.count("Barn och unga") == 1


def test_shares_are_written_as_the_caller_wants() -> None:
    svg = draw_slope([SlopeRow("Kurs", 0.25, 0.5)], "Andel", "2020", "2021", show=percent)
    assert {"25\u00a0%", "50\u00a0%", "+25"} <= set(Drawn.of(svg).texts)
    assert "förändringen i procentenheter" in svg
    assert "procentenheter" not in slope()


def test_long_values_have_room() -> None:
    rows = [SlopeRow("Kurs " * 9, 0.1234, 0.5, marked=True), SlopeRow("Team", 0.2, 0.1)]
    drawn = Drawn.of(draw_slope(rows, "A", "2020", "2021", show=lambda x: percent(x, 3)))
    lines = [extent(line) for line in drawn.lines]
    assert "12,340\u00a0%" in drawn.texts
    assert not any(meet(one, other) for one, other in combinations(lines, 2))
    assert max(right for _, _, right, _ in lines) <= WIDE


def test_strong_names_keep_to_the_figure() -> None:
    rows = [SlopeRow("m" * 16, 1, 2, marked=True)]
    drawn = Drawn.of(draw_slope(rows, "A", "2020", "2021"))
    assert min(extent(line)[0] for line in drawn.lines) >= -0.01


def test_nothing_to_show_is_no_error() -> None:
    assert Drawn.of(draw_slope([], "Tomt", "2020", "2021")).boxes == []
    assert Drawn.of(draw_multiples([], "Tomt")).boxes == []


def test_the_same_rows_give_the_same_figure() -> None:
    assert slope() == slope()
    assert draw_multiples(panels(), "x") == draw_multiples(panels(), "x")
