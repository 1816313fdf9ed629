"""The report's page as a file: its tables, its links, what it lets a browser do."""

import base64
import hashlib
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.page_sample import HOSTILE, small_report

from textmine.codebook import Codebook
from textmine.report.findings.build import build_report
from textmine.report.findings.model import ALL, Evidence, Report
from textmine.report.page.anchors import UNCODED, area_anchor, cell_anchor, statement_anchor
from textmine.report.page.build import render_page, write_page

GOLDEN = Path(__file__).parent / "golden" / "report-page-tables.txt"
LARGEST = 5_000_000  # bytes

TON = """
name: ton
version: "1.0"
title: Tonläge
description: Om svaret är glatt eller ledset.
dimensions:
  ton:
    name: Ton
    codes:
      glad: {name: Glad, definition: Någon är glad., include: [Vi är nöjda], exclude: []}
      ledsen: {name: Ledsen, definition: Någon är ledsen., include: [Vi saknar tid], exclude: []}
"""


class Tables(HTMLParser):
    """Reads a page's tables as text: a line a row, cells apart by bars; links as [text](place)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.cells: list[str] | None = None
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.inside = True
        if not self.inside:
            return
        if tag in ("tr", "caption"):
            self.cells = []
        if self.cells is None:
            return
        if tag in ("th", "td", "caption"):
            span = given.get("rowspan")
            self.cells.append(f"({span} rader) " if span else "")
        elif tag in ("li", "small"):
            self.cells[-1] += " / "
        elif tag == "a":
            only = given.get("data-show")
            self.cells[-1] += f"[{given['href']}{'?' + only if only else ''}] "

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.replace("\n", " ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "caption") and self.cells is not None:
            texts = (re.sub(r"[ \n]+", " ", cell).strip() for cell in self.cells)
            self.lines.append(" | ".join(texts))
            self.cells = None
        if tag == "table":
            self.inside = False
            self.lines.append("")


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(small_report())


def ids_of(page: str) -> list[str]:
    return re.findall(r'(?<=\s)id="([^"]+)"', page)


def test_golden_tables(page: str) -> None:
    found = "\n".join(Tables(page).lines)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_every_link_leads_somewhere_on_the_page(page: str) -> None:
    ids = ids_of(page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="([^"]*)"', page))
    assert links
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_every_statement_stands_once(page: str) -> None:
    evidence = page[page.index('id="underlag"') :]
    for said in small_report().evidence:
        assert evidence.count(f'id="{statement_anchor(said.statement_id)}"') == 1
    assert len(re.findall(r"<li id=", evidence)) == len(small_report().evidence)


def test_a_statement_with_two_categories_stands_in_both_and_is_one_target() -> None:
    report = small_report()
    twice = replace(report.evidence[0], category="uppfoljning")
    page = render_page(replace(report, evidence=(*report.evidence, twice)))
    assert len(ids_of(page)) == len(set(ids_of(page)))
    assert page.count("<p>Utbildning i TF-KBT</p>") == 2
    assert "8&nbsp;utsagor" in page[page.index('id="underlag.barn-unga"') :][:300]


def test_the_page_asks_for_nothing_and_runs_only_its_own_scripts(page: str) -> None:
    addresses = set(re.findall(r"https?://[^\"'\s<>]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"<(?:link|iframe|object|embed|base)\b|\bsrc=|@import|url\(", page)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src &#39;none&#39;" in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.S)
    assert len(scripts) == page.count("<script") == 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    assert policy.count("sha256-") == len(scripts)


def test_what_people_wrote_cannot_become_part_of_the_page(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;hej&#39;)&lt;/script&gt; &amp; &#34;citat&#34;" in page
    assert "\u0000" in HOSTILE
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


def test_hidden_counts_are_shown_as_their_label_alone(page: str) -> None:
    rows = [line for line in Tables(page).lines if "färre än 5" in line]
    assert rows
    for row in rows:
        hidden = [cell for cell in row.split(" | ") if "färre än 5" in cell]
        assert set(hidden) == {"färre än 5"}


def test_that_nothing_was_found_is_said_only_where_it_is_known() -> None:
    report = small_report()
    area = report.areas[1]
    (column,) = area.effects
    hidden = replace(column.counts[ALL], hidden=True, label="visas inte")
    column = replace(column, counts={ALL: hidden, "lan": hidden})
    area = replace(area, effects=(column,))
    lines = Tables(render_page(replace(report, areas=(area,)))).lines
    assert "Handlingsplaner / visas inte län" in lines
    assert "visas inte" in lines
    assert not any("Ej identifierat" in line for line in lines)


def test_the_gaps_of_an_area_as_a_whole_have_statements_of_their_own() -> None:
    report = small_report()
    (gap,) = report.areas[0].gaps
    gap = replace(gap, overall=("b-5",))
    area = replace(report.areas[0], gaps=(gap,))
    page = render_page(replace(report, areas=(area, *report.areas[1:])))
    assert 'data-show="aktor=kommun&amp;brist=0t">' in page
    assert 'data-show="aktor=kommun&amp;brist=0">' in page
    assert '<li id="u.b-1" data-a="region" data-g="0">' in page
    assert '<li id="u.b-5" data-a="kommun" data-g="0 0t">' in page


def test_silent_areas_are_named_and_left_out(page: str) -> None:
    assert "Inga svar finns om Traumavård." in page
    assert area_anchor("traumavard") not in page


def test_same_report_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_page(small_report(), tmp_path / f"{name}.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_nobody_is_named_where_names_are_left_out() -> None:
    report = small_report()
    nameless = tuple(replace(said, respondent="") for said in report.evidence)
    page = render_page(replace(report, evidence=nameless))
    assert "utsagor från" not in page
    assert "Region Skåne" not in page


def test_numbers_without_listed_statements_are_no_links() -> None:
    page = render_page(replace(small_report(), evidence=()))
    assert "data-show" not in "".join(re.findall(r"<td.*?</td>", page, flags=re.S))
    assert 'href="#underlag' not in page
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids_of(page))


def test_a_codebook_without_areas_roles_and_actors(tmp_path: Path) -> None:
    path = tmp_path / "ton.yaml"
    path.write_text(TON, encoding="utf-8")
    codebook = Codebook.load(path)
    statements = pd.DataFrame(
        {
            "statement_id": ["1-1", "1-2", "2-1"],
            "answer_id": ["1", "1", "2"],
            "text": ["Vi är nöjda", "men saknar tid", "Bra"],
            "ton": ["glad", "ledsen", "glad"],
            "ton_prob": [0.9, 0.8, 0.9],
            "ton_second": ["ledsen", "glad", "ledsen"],
            "ton_second_prob": [0.1, 0.2, 0.1],
            "review": [False, True, False],
        }
    )
    answers = pd.DataFrame({"answer_id": ["1", "2"], "text": ["Vi är nöjda men saknar tid", "Bra"]})
    page = render_page(build_report(statements, answers, codebook, {}))
    (glad,) = [line for line in Tables(page).lines if line.startswith("Glad")]
    assert re.search(r"\[#underlag\.~\.glad\] 2 /", glad)
    ids = ids_of(page)
    assert {"underlag.~.glad", "underlag.~.ledsen"} <= set(ids)
    assert len(ids) == len(set(ids))


def many_statements(n: int) -> Report:
    report = small_report()
    text = "Vi har utbildat personalen i suicidprevention och tagit fram en ny rutin för det"
    areas = tuple(
        replace(report.areas[0], key=f"omrade-{at}", name=f"Område {at}") for at in range(8)
    )
    roles = ("aktivitet", "mal", "prestation", "effekt")
    evidence = tuple(
        Evidence(
            statement_id=f"svar-{at // 4:05}-{at % 4}",
            respondent=f"Kommun nummer {at % 300}",
            actor="kommun",
            area=f"omrade-{at % 8}",
            category=("kompetens", "uppfoljning")[at // 8 % 2],
            role=roles[at // 16 % 4],
            level="verksamhet",
            flags=(),
            text=f"{text} {at}",
            source="machine",
            open=False,
        )
        for at in range(n)
    )
    return replace(report, areas=areas, evidence=evidence)


def test_ten_thousand_statements_fit() -> None:
    size = len(render_page(many_statements(10_000)).encode())
    # Half is left for the figures of a report with many kinds of actors.
    assert 1_000_000 < size < LARGEST / 2


keys = st.text(min_size=1, max_size=8).filter(lambda key: key != UNCODED)


@given(st.tuples(keys, keys, keys), st.tuples(keys, keys, keys))
def test_places_have_names_of_their_own(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert re.fullmatch(r"underlag(\.[\w~-]*){3}", cell_anchor(*one), flags=re.ASCII)
    assert (cell_anchor(*one) == cell_anchor(*other)) == (one == other)
    assert (statement_anchor(one[0]) == statement_anchor(other[0])) == (one[0] == other[0])


def test_places_keep_readable_names() -> None:
    assert cell_anchor("barn-unga", "kompetens", "insats") == "underlag.barn-unga.kompetens.insats"
    assert cell_anchor("barn-unga", ALL, "insats") == "underlag.barn-unga..insats"
    assert cell_anchor("barn-unga", UNCODED) == "underlag.barn-unga.~"
    assert cell_anchor("barn-unga") == "underlag.barn-unga"
    assert statement_anchor("r20-1 å") == "u.r20-1~20~e5"
