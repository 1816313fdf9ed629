import dataclasses
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm
from docx.table import Table
from lxml import etree
from page_sample import HOSTILE, small_report
from PIL import Image

from textmine.report.findings.model import ALL, Area, Count, Evidence, Group, Quote, Report
from textmine.report.word.document import write_word

FIGURE = ("barn-unga", "region")
GOLDEN = Path(__file__).parent / "golden" / "report-word.txt"


@pytest.fixture
def figure(tmp_path: Path) -> Path:
    path = tmp_path / "flow.png"
    Image.new("RGB", (1754, 1240), "white").save(path, dpi=(150, 150))
    return path


def written(report: Report, folder: Path, figure: Path | None = None) -> WordDocument:
    write_word(report, folder / "report.docx", {FIGURE: figure} if figure else {})
    return Document(str(folder / "report.docx"))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(document: WordDocument) -> Iterator[str]:
    """The document as text: paragraphs with their styles, tables a line a row."""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(cell.text.replace("\n", " ¶ ") for cell in row.cells)
        else:
            yield f"[{block.style.name if block.style else ''}] {block.text}"


def width(section: Section) -> int:
    """What is left between the margins."""
    taken = (section.left_margin or 0) + (section.right_margin or 0)
    return (section.page_width or 0) - taken


def test_says_what_the_golden_file_says(tmp_path: Path, figure: Path) -> None:
    found = "\n".join(lines(written(small_report(), tmp_path, figure))) + "\n"
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_same_report_same_bytes(tmp_path: Path, figure: Path) -> None:
    written(small_report(), tmp_path, figure)
    first = (tmp_path / "report.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:  # no time of day either
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    written(small_report(), tmp_path, figure)
    assert (tmp_path / "report.docx").read_bytes() == first


def test_contents_link_to_every_heading(tmp_path: Path, figure: Path) -> None:
    document = written(small_report(), tmp_path, figure)
    body = document.element.body
    marks = {mark.get(qn("w:name")): mark.getparent() for mark in body.iter(qn("w:bookmarkStart"))}
    links = list(body.iter(qn("w:hyperlink")))
    said = [link.text for link in links]
    headings = [p for p in document.paragraphs if re.match(r"Heading [12]$", p.style.name)]  # type: ignore[union-attr, arg-type]
    assert said == [heading.text for heading in headings]
    targets = [marks[link.get(qn("w:anchor"))] for link in links]
    assert targets == [heading._p for heading in headings]
    codes = "".join(code.text for code in body.iter(qn("w:instrText")))
    assert 'TOC \\o "1-2"' in codes
    assert codes.count("SEQ Tabell") == len(document.tables)
    # Nothing that makes Word ask questions when it opens the file.
    settings = parts(tmp_path / "report.docx")["word/settings.xml"]
    assert b"updateFields" not in settings
    assert not body.xpath("//@w:dirty")


def test_every_field_is_closed(tmp_path: Path, figure: Path) -> None:
    body = written(small_report(), tmp_path, figure).element.body
    depth = 0
    for mark in body.iter(qn("w:fldChar")):
        kind = mark.get(qn("w:fldCharType"))
        depth += {"begin": 1, "separate": 0, "end": -1}[kind]
        assert depth in (0, 1)
    assert depth == 0


def test_every_table_repeats_its_head_and_fits_the_page(tmp_path: Path) -> None:
    document = written(small_report(), tmp_path)
    assert document.tables
    for table in document.tables:
        assert table.style is not None
        assert table.style.name == "Rapporttabell"
        first, *others = table.rows
        assert first._tr.trPr is not None
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(
            row._tr.trPr.find(qn("w:tblHeader")) is None
            for row in others
            if row._tr.trPr is not None
        )
        section = document.sections[0]
        room = width(section)
        assert sum(cell.width or 0 for cell in first.cells) <= room
        # No cell holds another table or is joined with its neighbour.
        assert not table._tbl.xpath(".//w:tc//w:tbl | .//w:gridSpan | .//w:vMerge")


def test_looks_come_from_styles_alone(tmp_path: Path, figure: Path) -> None:
    document = written(small_report(), tmp_path, figure)
    for run in document.element.body.iter(qn("w:rPr")):
        assert not len(run)
    for paragraph in document.element.body.iter(qn("w:pPr")):
        assert {child.tag for child in paragraph} <= {qn("w:pStyle"), qn("w:sectPr")}
    used = set(document.element.body.xpath("//w:pStyle/@w:val | //w:tblStyle/@w:val"))
    assert used <= {style.style_id for style in document.styles}


def test_is_swedish_and_titled(tmp_path: Path) -> None:
    document = written(small_report(), tmp_path)
    assert document.core_properties.title == "Psykisk hälsa 2020"
    assert document.core_properties.language == "sv-SE"
    assert document.styles.element.xpath("//w:docDefaults//w:lang/@w:val") == ["sv-SE"]


def test_diagrams_have_a_page_on_its_side(tmp_path: Path, figure: Path) -> None:
    document = written(small_report(), tmp_path, figure)
    turned = [section.orientation for section in document.sections]
    assert WD_ORIENT.LANDSCAPE in turned
    assert turned[0] == turned[-1] == WD_ORIENT.PORTRAIT
    wide = document.sections[turned.index(WD_ORIENT.LANDSCAPE)]
    (picture,) = document.inline_shapes
    assert wide.page_width == pytest.approx(Cm(29.7), rel=0.001)
    assert picture.width <= width(wide)
    assert picture.height < Cm(21) - (wide.top_margin or 0) - (wide.bottom_margin or 0)
    assert picture.width / picture.height == pytest.approx(1754 / 1240, rel=0.001)
    assert picture._inline.docPr.get("descr") == "Två regioner redovisar effekter."
    for section in document.sections[1:]:
        assert section.footer.is_linked_to_previous


def test_a_diagram_without_a_picture_is_described(tmp_path: Path) -> None:
    document = written(small_report(), tmp_path)
    assert "[Normal] Två regioner redovisar effekter." in list(lines(document))
    assert not document.inline_shapes


def test_wide_tables_of_effects_have_a_page_on_its_side(tmp_path: Path) -> None:
    report = small_report()
    area = report.areas[0]
    wide = dataclasses.replace(area, effects=area.effects * 2, flows=())
    document = written(dataclasses.replace(report, areas=(wide,)), tmp_path)
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


def effects_table(document: WordDocument) -> list[list[str]]:
    table = next(t for t in document.tables if "Ej identifierat" in str(t._tbl.xpath("string(.)")))
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_effects_stand_by_level_with_numbers_in_the_head(tmp_path: Path) -> None:
    assert effects_table(written(small_report(), tmp_path)) == [
        ["Nivå", "Kompetens\n2 regioner\n0 kommuner", "Uppföljning\n0 regioner\n1 kommun"],
        ["Verksamhet", "Ökad kunskap hos personalen\xa0(2)", "Ej identifierat"],
        ["Individ", "Ej identifierat", "Barnen väntar kortare tid"],
    ]


def test_effects_of_no_known_level_have_a_row_of_their_own(tmp_path: Path) -> None:
    report = small_report()
    area = report.areas[0]
    knows, waits = area.effects
    lost = dataclasses.replace(waits.effects[0], level="")
    effects = (knows, dataclasses.replace(waits, effects=(lost,)))
    changed = dataclasses.replace(report, areas=(dataclasses.replace(area, effects=effects),))
    assert effects_table(written(changed, tmp_path))[-1] == [
        "Ej angiven",
        "Ej identifierat",
        "Barnen väntar kortare tid",
    ]


def test_effects_too_few_to_be_shown_are_not_said_to_be_missing(tmp_path: Path) -> None:
    report = small_report()
    area = report.areas[0]
    knows, waits = area.effects
    hidden = Count(0, 0, 0, 0, 0, hidden=True, label="färre än 5")
    secret = Count(0, 0, 0, 0, 0, hidden=True, label="visas inte")
    counts = {ALL: hidden, "region": secret, "kommun": hidden}
    effects = (knows, dataclasses.replace(waits, counts=counts, effects=()))
    changed = dataclasses.replace(report, areas=(dataclasses.replace(area, effects=effects),))
    document = written(changed, tmp_path)
    table = next(t for t in document.tables if t.cell(0, 0).text == "Nivå")
    assert [row.cells[2].text for row in table.rows] == [
        "Uppföljning\nregioner: visas inte\nfärre än 5 kommuner",
        "färre än 5",
        "färre än 5",
    ]
    told = "”färre än 5” och ”visas inte” står i stället för antal som är för små"
    assert told in "\n".join(lines(document))


def test_bounds_stand_beside_uncertain_counts_only(tmp_path: Path) -> None:
    text = "\n".join(lines(written(small_report(), tmp_path)))
    assert "Uppföljning | 0 | 1\xa0(0–1) | 0 | 1" in text
    assert "det lägsta och det högsta antal" in text


def test_hidden_counts_are_in_no_part_of_the_file(tmp_path: Path) -> None:
    hidden = Count(8111, 8112, 8113, 8114, 8115, 8116.5, 8117.5, 8118.5, hidden=True, label="<5")
    report = small_report()
    area = report.areas[0]
    secret = dataclasses.replace(
        area,
        counts=dict.fromkeys(area.counts, hidden),
        effects=tuple(
            dataclasses.replace(
                column,
                counts=dict.fromkeys(column.counts, hidden),
                effects=tuple(
                    dataclasses.replace(e, respondents=8119, label="<5") for e in column.effects
                ),
            )
            for column in area.effects
        ),
        gaps=tuple(
            dataclasses.replace(g, counts=dict.fromkeys(g.counts, hidden)) for g in area.gaps
        ),
    )
    document = written(dataclasses.replace(report, areas=(secret,)), tmp_path)
    assert not [n for n, data in parts(tmp_path / "report.docx").items() if b"811" in data]
    text = "\n".join(lines(document))
    assert "Kompetens | <5 | <5 | <5 | <5" in text
    assert "”<5” står i stället för antal som är för små" in text
    assert "Verksamhet | Ökad kunskap hos personalen |" in text
    assert "Små tal är utelämnade." in text


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    report = small_report()
    evil = f"=cmd|' /C calc'!A0 {HOSTILE} \x0b\ud800"
    area = dataclasses.replace(
        report.areas[0],
        name=evil,
        sentences=(evil,),
        quotes={("kompetens", "aktivitet"): (Quote("b-1", evil, "region"),)},
    )
    document = written(
        dataclasses.replace(report, title=evil, areas=(area,), notes=(evil,)), tmp_path
    )
    assert "<script>alert('hej')</script> & \"citat\"" in "\n".join(lines(document))
    for name, data in parts(tmp_path / "report.docx").items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(data)


def test_nothing_to_tell_still_makes_a_document(tmp_path: Path) -> None:
    empty = Report("Tom", "", (), {}, "Kod", "", (), (), (), ())
    text = "\n".join(lines(written(empty, tmp_path)))
    assert "[Heading 1] Sammanfattning" in text
    assert "[Heading 1] Metod och kvalitet" in text


def plain_report() -> Report:
    """A codebook with one dimension: no areas, no actors, no roles."""
    count = Count(2, 2, 2, 3, 4)
    group = Group("alla", "Alla", ())
    area = Area(
        key="", name="", respondents={ALL: 3}, answers=3, statements=4,
        categories=(("glad", "Glad"), ("ledsen", "Ledsen")), groups=(group,),
        counts={(code, "alla", ALL): count for code in ("glad", "ledsen", ALL)},
        sentences=("Två respondenter är glada.",), effects=(), effects_sentence="", levels=(),
        gaps=(), quotes={("glad", ""): (Quote("1-1", "Fin dag", ""),)}, flows=(),
    )  # fmt: skip
    evidence = Evidence("1-1", "", "", "", "glad", "", "", (), "Fin dag", "machine", open=False)
    names = {"ton": {"glad": "Glad", "ledsen": "Ledsen"}}
    return Report("Ton", "", (area,), names, "Ton", "", (), (), (evidence,), ())


def test_a_codebook_of_another_kind(tmp_path: Path) -> None:
    text = list(lines(written(plain_report(), tmp_path)))
    assert "[Caption] Tabell 2. Antal respondenter efter ton" in text
    assert "Glad | 2" in text
    assert "[List Bullet] ”Fin dag”" in text
    assert not any("Verksamhetslogik" in line or "effekt" in line.lower() for line in text)


def test_only_areas_with_statements_have_a_chapter(tmp_path: Path) -> None:
    text = list(lines(written(small_report(), tmp_path)))
    assert "[Normal] Inga utsagor finns om Traumavård." in text
    assert "[Heading 1] Traumavård" not in text
