"""The flow diagram: what it shows, and that all of it can be read on an A4."""

import os
import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawing_sample import (
    LONG,
    SHORT,
    SVG,
    Drawn,
    box,
    edges,
    extent,
    flow_of,
    full_flow,
    meet,
    small_flow,
)  # fmt: skip
from hypothesis import given
from hypothesis import strategies as st

from textmine.report.drawing.flow_diagram import draw_flow
from textmine.report.findings.model import Flow, Link

A4 = (297 / 25.4 * 72, 210 / 25.4 * 72)
GOLDEN = Path(__file__).parent / "golden" / "flow.svg"
HOSTILE = (
    "<script>alert('x')</script> & \"citat\" ]]> \u202eomvänt\u202c שלום \x00\x0b😀👩‍👩‍👧 "
    + "samverkansöverenskommelsearbetsgruppsmöte" * 3
)
FLOWS = {
    "small": small_flow(),
    "full": full_flow(),
    "four categories": full_flow(4, n=3),
    "many actors": full_flow(3, n=290),
    "short texts": full_flow(5, text=SHORT),
    "hostile": full_flow(4, text=HOSTILE),
    "one box": flow_of([box("team", "mal", 1, LONG)]),
    "no box": flow_of([]),
    "no category": flow_of([], categories=()),
}  # fmt: skip
each_flow = pytest.mark.parametrize("name", FLOWS)


@cache
def drawn_of(name: str) -> Drawn:
    return Drawn.of(draw_flow(FLOWS[name]))


def test_golden_figure() -> None:
    drawn = draw_flow(small_flow())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(drawn, encoding="utf-8")
    assert drawn == GOLDEN.read_text(encoding="utf-8")


def test_numbers_names_and_quotes_are_shown() -> None:
    texts = Drawn.of(draw_flow(small_flow())).texts
    for shown in (
        "Mobila lösningar, regioner", "Underlag: 21\u00a0regioner", "Mobila team", "Resurser",
        "12\u00a0regioner", "1\u00a0region", "Färre än 5 regioner", f"”{SHORT}”",
    ):  # fmt: skip
        assert shown in " ".join(texts) or shown in texts, shown
    assert texts.count("Ej identifierat") == 5


@each_flow
def test_nothing_leaves_the_page_or_lies_on_something_else(name: str) -> None:
    drawn = drawn_of(name)
    assert drawn.width == pytest.approx(A4[0], abs=0.01)
    assert drawn.height <= A4[1] + 0.01
    for left, top, right, bottom in drawn.boxes + [extent(line) for line in drawn.lines]:
        assert left >= 10
        assert top >= 10
        assert right <= drawn.width - 10
        assert bottom <= drawn.height - 10
    assert len(drawn.boxes) == len(FLOWS[name].boxes)
    assert not any(meet(one, other) for one, other in combinations(drawn.boxes, 2))
    lines = [extent(line) for line in drawn.lines]
    assert not any(meet(one, other) for one, other in combinations(lines, 2))


@each_flow
def test_a_line_is_in_a_box_or_outside_all(name: str) -> None:
    drawn = drawn_of(name)
    for line in drawn.lines:
        left, top, right, bottom = extent(line)
        for edge in drawn.boxes:
            if meet(edge, (left, top, right, bottom)):
                assert edge[0] + 2 <= left, line.text
                assert right <= edge[2] - 2, line.text
                assert edge[1] + 2 <= top, line.text
                assert bottom <= edge[3] - 1, line.text


@each_flow
def test_the_smallest_print_can_be_read(name: str) -> None:
    assert min(float(line.attrib["font-size"]) for line in drawn_of(name).lines) >= 7


@each_flow
def test_links_pass_no_box_and_no_text_but_their_numbers(name: str) -> None:
    """Between its ends a link keeps to the gaps, and under the boxes."""
    drawn = drawn_of(name)
    spoken = [extent(line) for line in drawn.lines if not re.fullmatch(r"\d+", line.text or "")]
    for link in drawn.links:
        half = float(link.attrib["stroke-width"]) / 2
        for x, y in points(link.attrib["d"]):
            spot = (x - 0.01, y - half, x + 0.01, y + half)
            assert not any(
                meet(spot, (left + 0.1, top, right - 0.1, bottom))
                for left, top, right, bottom in [*drawn.boxes, *spoken]
            )


def points(way: str) -> list[tuple[float, float]]:
    """Points all along a path of curves and horizontal lines."""
    spots: list[tuple[float, float]] = []
    for step, numbers in re.findall(r"([MCH]) ([^MCH]*)", way):
        given_ = [float(number) for number in numbers.split()]
        if step == "M":
            spots.append((given_[0], given_[1]))
        elif step == "H":
            (x, y), to = spots[-1], given_[0]
            spots += [(x + (to - x) * t / 20, y) for t in range(1, 21)]
        else:
            ends = [spots[-1], *zip(given_[::2], given_[1::2], strict=True)]
            for t in (t / 20 for t in range(1, 21)):
                shares = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
                spots.append(
                    (
                        sum(a * end[0] for a, end in zip(shares, ends, strict=True)),
                        sum(a * end[1] for a, end in zip(shares, ends, strict=True)),
                    )
                )
    return spots


def test_links_are_as_wide_as_their_numbers() -> None:
    drawn = Drawn.of(draw_flow(small_flow()))
    widths = sorted(float(link.attrib["stroke-width"]) for link in drawn.links)
    assert [wide / widths[0] * 2 for wide in widths] == pytest.approx([2, 4, 5, 10], rel=0.01)


def test_the_larger_links_have_their_numbers_and_the_smaller_have_none() -> None:
    boxes = [box("team", role, 300, SHORT) for role in ("aktivitet", "mal", "prestation")]
    links = (
        Link(("team", "aktivitet"), ("team", "mal"), 290, 300),
        Link(("team", "mal"), ("team", "prestation"), 40, 40),
    )
    texts = Drawn.of(draw_flow(flow_of(boxes, links))).texts
    assert "290" in texts
    assert "40" not in texts


def test_links_too_thin_to_be_seen_are_left_out_and_that_is_said() -> None:
    boxes = [box("team", role, 300, SHORT) for role in ("aktivitet", "mal", "prestation")]
    links = (
        Link(("team", "aktivitet"), ("team", "mal"), 290, 300),
        Link(("team", "mal"), ("team", "prestation"), 1, 1),
    )
    drawn = Drawn.of(draw_flow(flow_of(boxes, links)))
    assert len(drawn.links) == 1
    assert any(
        "Band för färre än 13\u00a0regioner är inte utritade." in text for text in drawn.texts
    )
    assert not any("inte utritade" in text for text in Drawn.of(draw_flow(small_flow())).texts)


def test_the_foot_tells_of_what_is_there_only() -> None:
    def foot(flow: Flow) -> str:
        return " ".join(Drawn.of(draw_flow(flow)).texts[-6:])

    assert "inte att det ena har lett till det andra" in foot(small_flow())
    assert "Små antal" in foot(small_flow())
    plain = flow_of([box("team", "mal", 3, SHORT)])
    assert "Rutorna visar hur många regioner" in foot(plain)
    assert "Banden" not in foot(plain)
    assert "Små antal" not in foot(plain)


def test_quotation_marks_within_a_quote() -> None:
    flow = flow_of([box("team", "mal", 3, '"Mitt möte" är ”tryckt”', "")])
    texts = Drawn.of(draw_flow(flow)).texts
    assert "”’Mitt möte’ är ’tryckt’”" in texts
    assert "””" not in texts


def test_a_hidden_number_stands_nowhere() -> None:
    flow = flow_of([box("team", "mal", 3, SHORT, hidden=True)])
    drawn = draw_flow(flow)
    assert "Färre än 5 regioner" in drawn
    assert "3\u00a0region" not in drawn


def test_a_number_withheld_to_protect_another_is_said_to_be_so() -> None:
    one = box("team", "mal", 30, SHORT)
    withheld = replace(one.count, hidden=True, label="visas inte")
    assert "Visas inte" in Drawn.of(draw_flow(flow_of([replace(one, count=withheld)]))).texts


def test_it_has_a_name_and_a_description_of_its_own() -> None:
    one, other = small_flow(), replace(small_flow(), actor="kommun")
    root, second = (ElementTree.fromstring(draw_flow(flow)) for flow in (one, other))
    assert root.attrib["role"] == "img"
    named = {child.attrib["id"]: child.text for child in root if "id" in child.attrib}
    assert root.attrib["aria-labelledby"].split() == list(named)
    assert list(named.values()) == [one.title, one.description]
    assert not set(named) & set(second.attrib["aria-labelledby"].split())


def test_it_asks_for_nothing_from_outside() -> None:
    drawn = draw_flow(full_flow()).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|url\(|<image|<use|href|@import|<style", drawn)


def test_hostile_texts_are_texts() -> None:
    flow = flow_of([box("team", "mal", 2, HOSTILE)], title=HOSTILE)
    root = ElementTree.fromstring(draw_flow(flow))
    assert not [child for child in root.iter() if "script" in child.tag]
    assert "<script>alert('x')</script> & \"citat\"" in (root.findtext(f"{SVG}title") or "")
    assert not re.search("[\u202a-\u202e\x00-\x08\x0b]", draw_flow(flow))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["team", "kurs"]),
            st.sampled_from(["resurs", "aktivitet", "mal", "prestation", "effekt"]),
            st.integers(1, 290),
            st.lists(st.text(max_size=90), max_size=4),
        ),
        max_size=10,
        unique_by=lambda one: one[:2],
    ),
    st.text(max_size=60),
)
def test_any_text_keeps_to_its_box(
    given_: list[tuple[str, str, int, list[str]]], title: str
) -> None:
    flow = flow_of([box(a, b, n, *texts) for a, b, n, texts in given_], title=title)
    drawn = Drawn.of(draw_flow(flow))
    for line in drawn.lines:
        found = extent(line)
        assert found[2] <= drawn.width - 10
        for edge in drawn.boxes:
            assert not meet(edge, found) or (edge[0] <= found[0] and found[2] <= edge[2])


def test_the_same_flow_gives_the_same_figure() -> None:
    assert draw_flow(full_flow()) == draw_flow(full_flow())


def test_more_categories_than_a_page_holds_make_it_higher() -> None:
    drawn = Drawn.of(draw_flow(full_flow(12)))
    assert drawn.height > A4[1]
    assert not any(meet(one, other) for one, other in combinations(drawn.boxes, 2))


def test_large_type_where_there_is_little_to_say() -> None:
    def size(flow: Flow) -> float:
        lines = Drawn.of(draw_flow(flow)).lines
        return max(float(x.attrib["font-size"]) for x in lines if (x.text or "").startswith("”"))

    assert size(full_flow(3, text=SHORT)) > size(full_flow(5, text=LONG)) == 7


def test_whole_statements_come_before_cut_ones() -> None:
    texts = (LONG + LONG, SHORT, "Bussen står vid torget")
    few = flow_of([box(f"k{row}", "mal", 9, *texts) for row in range(5)], (),
                  tuple((f"k{row}", f"Kategori {row}") for row in range(5)))  # fmt: skip
    shown = " ".join(Drawn.of(draw_flow(few)).texts)
    assert shown.count(f"”{SHORT}”") == 5
    assert shown.count("”Bussen står vid torget”") == 5


def test_bands_lie_behind_what_they_belong_to() -> None:
    drawn = draw_flow(small_flow())
    root = ElementTree.fromstring(drawn)
    bands = [edges(one) for one in root.iter(f"{SVG}rect") if one.attrib["fill"] == "#f3f2ee"]
    assert len(bands) == 2
    for edge in Drawn.of(drawn).boxes:
        assert sum(meet(edge, band) for band in bands) == 1
