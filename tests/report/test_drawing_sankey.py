"""The Sankey figure: all of it without script, more on demand, and ways to the statements."""

import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
from drawing_sample import SHORT, SVG, box, edges, flow_of, full_flow, meet, small_flow

from textmine.report.drawing.sankey import SANKEY_SCRIPT, draw_sankey
from textmine.report.findings.model import Flow
from textmine.report.page.anchors import cell_anchor

FLOWS = {"small": small_flow(), "full": full_flow(), "no box": flow_of([])}
each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


def parsed(flow: Flow) -> ElementTree.Element:
    return ElementTree.fromstring(draw_sankey(flow))


def nodes(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {node.attrib["href"]: node for node in root.iter(f"{SVG}a")}


def links(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [path for path in root.iter(f"{SVG}path") if "data-ends" in path.attrib]


def bars(root: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    return [edges(rect) for rect in root.iter(f"{SVG}rect")]


@each_flow
def test_each_box_is_a_way_to_its_statements(flow: Flow) -> None:
    wanted = {f"#{cell_anchor(flow.area, category, role)}" for category, role in flow.boxes}
    assert set(nodes(parsed(flow))) == wanted


def test_the_anchors_may_be_anyones() -> None:
    flow = flow_of([box("team", "mal", 2)])
    drawn = draw_sankey(flow, lambda area, category, role: f"{role}-{category}-{area}")
    assert 'href="#mal-team-mobila-losningar"' in drawn


def test_a_box_says_its_numbers_to_those_who_hear_it() -> None:
    found = nodes(parsed(small_flow()))
    node = found[f"#{cell_anchor('mobila-losningar', 'team', 'aktivitet')}"]
    assert node.attrib["aria-label"] == (
        "Aktiviteter inom Mobila team: 12\u00a0regioner. "
        "I samma svar: effekter 5; mål inom Utbildning 2."
    )
    assert [text.text for text in node.iter(f"{SVG}text")] == ["12\u00a0regioner", "Mobila team"]


def test_a_link_tells_its_number() -> None:
    told = [link.findtext(f"{SVG}title") for link in links(parsed(small_flow()))]
    assert told[0] == (
        "Aktiviteter inom Utbildning och mål inom Utbildning. I samma svar hos 10\u00a0regioner."
    )
    assert len(told) == 4


def test_a_hidden_number_stands_nowhere() -> None:
    drawn = draw_sankey(flow_of([box("team", "mal", 3, SHORT, hidden=True)]))
    assert "Färre än 5 regioner" in drawn
    assert "3\u00a0region" not in drawn


def test_links_are_as_wide_as_their_numbers_and_boxes_as_high() -> None:
    root = parsed(small_flow())
    widths = [float(link.attrib["stroke-width"]) for link in links(root)]
    one = widths[0] / 10
    assert widths == pytest.approx([10 * one, 5 * one, 4 * one, 2 * one], rel=0.01)
    found = nodes(root)
    node = found[f"#{cell_anchor('mobila-losningar', 'team', 'aktivitet')}"]
    (bar,) = bars(node)
    assert bar[3] - bar[1] == pytest.approx(12 * one, rel=0.01)


@each_flow
def test_bars_neither_meet_nor_leave_the_figure_nor_are_run_through(flow: Flow) -> None:
    root = parsed(flow)
    wide, high = map(float, root.attrib["viewBox"].split()[2:])
    assert not any(meet(one, other) for one, other in combinations(bars(root), 2))
    assert all(x >= 0 and y >= 0 and right <= wide and bottom <= high
               for x, y, right, bottom in bars(root))  # fmt: skip
    for link in links(root):
        half = float(link.attrib["stroke-width"]) / 2
        for x, to, y in straight(link.attrib["d"]):
            way = (x + 0.1, y - half + 0.1, to - 0.1, y + half - 0.1)
            assert not any(meet(way, bar) for bar in bars(root))


def straight(way: str) -> Iterator[tuple[float, float, float]]:
    """From where to where a path goes straight past a column, and how far down."""
    numbers = [float(one) for one in re.findall(r"-?[\d.]+", way)]
    assert re.fullmatch(r"M \S+ \S+ C( \S+){6}( H \S+ C( \S+){6})*", way)
    for at in range(8, len(numbers), 7):
        yield numbers[at - 2], numbers[at], numbers[at - 1]


def test_it_is_a_named_group_on_the_pages_own_ground() -> None:
    root = parsed(small_flow())
    assert root.attrib["role"] == "group"
    named = {child.attrib["id"]: child.text for child in root if "id" in child.attrib}
    assert root.attrib["aria-labelledby"].split() == list(named)
    assert list(named.values()) == [
        "Sankeydiagram: Mobila lösningar, regioner", small_flow().description,
    ]  # fmt: skip
    assert "#ffffff" not in draw_sankey(small_flow())


def test_hostile_names_are_names() -> None:
    hostile = "<script>\"'&😀\u202e" * 9
    flow = flow_of([box("team", "mal", 1)], (), (("team", hostile),), title=hostile)
    root = parsed(flow)
    assert not [child for child in root.iter() if "script" in child.tag]


def test_the_script_is_small_and_keeps_to_the_page() -> None:
    assert len(SANKEY_SCRIPT) < 3000
    assert not re.search(r"fetch|import|http|eval|innerHTML", SANKEY_SCRIPT)


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_content(
            f"<!doctype html><html lang=sv>{draw_sankey(small_flow())}"
            f"<script>{SANKEY_SCRIPT}</script>"
        )
        yield page
        chromium.close()


def lit(page: Any) -> list[str]:
    return page.eval_on_selector_all(
        "[data-ends]", "all => all.filter(one => one.style.strokeOpacity > .5)"
        ".map(one => one.dataset.ends)",
    )  # fmt: skip


def said(page: Any) -> str:
    return " ".join(page.locator("[data-said-here]").all_text_contents()).strip()


def test_pointing_at_a_box_lights_what_it_is_connected_with(page: Any) -> None:
    at_rest = said(page)
    assert at_rest.startswith("Banden visar")
    assert lit(page) == []
    page.hover("a[href$='team.aktivitet'] rect")
    assert sorted(lit(page)) == ["1-0 2-1", "1-0 4-0"]
    assert said(page).startswith("Aktiviteter inom Mobila team: 12\u00a0regioner I samma svar:")
    page.mouse.move(0, 0)
    assert lit(page) == []
    assert said(page) == at_rest


def test_pointing_at_a_link_says_its_number(page: Any) -> None:
    page.locator("[data-ends='1-1 2-1']").dispatch_event("pointerenter")
    assert lit(page) == ["1-1 2-1"]
    assert said(page).endswith("I samma svar hos 10\u00a0regioner")
    page.locator("[data-ends='1-1 2-1']").dispatch_event("pointerleave")
    assert lit(page) == []


def test_the_keyboard_reaches_every_box(page: Any) -> None:
    reached = []
    for _ in small_flow().boxes:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.node"))
        assert said(page).split(":")[0] == page.evaluate(
            "document.activeElement.ariaLabel.split(':')[0]"
        )
    assert sorted(reached) == ["0-1", "1-0", "1-1", "2-1", "4-0"]
    page.keyboard.press("Tab")
    assert said(page).startswith("Banden visar")
