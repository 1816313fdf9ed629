"""Writes a Word document from top to bottom: headings, tables, figures, pages and contents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Length, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from textmine.report.cells import cell_text
from textmine.report.word.template import (
    CELL,
    FIGURE,
    HEAD,
    ITEM_CELL,
    NOTE,
    NUMBER_CELL,
    NUMBER_HEAD,
    PORTRAIT,
    TABLE,
    Paper,
)

_CONTENTS_LEVELS = 2
_CAPTION = Pt(36)  # height of the caption over a picture, in one line
_HEADS = {NUMBER_CELL: NUMBER_HEAD}
_MANY_LINES = 4  # paragraphs in a cell; such a row may go on on the next page
_UPDATE = "Sidnumren visas när du högerklickar i innehållsförteckningen och väljer Uppdatera fält."


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    head
        Each text is a paragraph of its own.
    width
        In proportion to the others'.
    style
        Of its cells; figures stand to the right.
    """

    head: tuple[str, ...]
    width: float
    style: str = CELL


class Writer:
    """Fills a document; what is written goes on where the last ended."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self.paper = PORTRAIT
        self._numbers: dict[str, int] = {}  # of tables and of figures
        self._headings: list[tuple[int, str, str]] = []  # level, text, bookmark

    def turn(self, paper: Paper) -> None:
        """Go on on another kind of page, unless it is the same."""
        if paper == self.paper:
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        _end_section_in_last_paragraph(self.document)
        section.different_first_page_header_footer = False
        paper.apply(section)
        self.paper = paper

    def paragraph(self, text: str, style: str = "Normal") -> Paragraph:
        """Write a paragraph."""
        return self.document.add_paragraph(cell_text(text), style)

    def paragraphs(self, texts: Iterable[str], style: str = "Normal") -> None:
        """Write several paragraphs of a kind."""
        for text in texts:
            self.paragraph(text, style)

    def heading(self, text: str, level: int) -> None:
        """Write a heading; the upper levels go into the contents."""
        paragraph = self.paragraph(text, f"Heading {level}")
        if level <= _CONTENTS_LEVELS:
            number = len(self._headings) + 1
            bookmark = f"_Toc{number:08d}"  # named as Word itself does: hidden in its lists
            _surround(paragraph, number, bookmark)
            self._headings.append((level, cell_text(text), bookmark))

    def caption(self, kind: str, text: str) -> None:
        """Write `Tabell 3. …` over what follows, with a number that Word counts on."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        paragraph = self.paragraph(f"{kind} ", "Caption")
        _add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(cell_text(f". {text}"))

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str | Sequence[str]]],
        note: str = "",
    ) -> None:
        """Write a table whose head is repeated on each page; a list of texts is paragraphs."""
        table = self.document.add_table(len(rows) + 1, len(columns), TABLE)
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        whole = sum(column.width for column in columns)
        widths = [Length(int(self.paper.text_width * c.width / whole)) for c in columns]
        for grid, width in zip(table.columns, widths, strict=True):
            grid.width = width
        for at, row in enumerate(table.rows):
            shown = rows[at - 1] if at else [column.head for column in columns]
            for column, width, cell, text in zip(columns, widths, row.cells, shown, strict=True):
                cell.width = width
                _fill(cell, text, column.style if at else _HEADS.get(column.style, HEAD))
            if at == 0:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            elif all(isinstance(text, str) or len(text) < _MANY_LINES for text in shown):
                row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if note:
            self.paragraph(note, NOTE)

    def picture(self, path: Path, description: str) -> None:
        """Place a picture as large as the page allows.

        Parameters
        ----------
        description
            For those who cannot see the picture.
        """
        paragraph = self.document.add_paragraph(style=FIGURE)
        shape = paragraph.add_run().add_picture(str(path))
        scale = min(
            self.paper.text_width / shape.width, (self.paper.text_height - _CAPTION) / shape.height
        )
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape._inline.docPr.set("descr", cell_text(description))

    def contents(self, place: Paragraph) -> None:
        """Fill in the contents in place of a paragraph, once all headings are written.

        They stand ready, as links, and Word does not ask to update anything when it opens the
        file. Page numbers come with the first update; who reads the line that says so.
        """
        first = True
        for level, text, bookmark in self._headings:
            entry = place.insert_paragraph_before(style=f"toc {level}")
            if first:
                _begin_field(entry, f'TOC \\o "1-{_CONTENTS_LEVELS}" \\h \\z \\u')
                first = False
            _add_link(entry, text, bookmark)
        place.text, place.style = _UPDATE, self.document.styles[NOTE]
        if not first:
            place._p.append(_run(_mark("end")))

    def number_pages(self) -> None:
        """Number every page but the first, in the foot."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        foot = section.footer.paragraphs[0]
        foot.style = self.document.styles["Footer"]
        _add_field(foot, "PAGE", "2")


def _end_section_in_last_paragraph(document: WordDocument) -> None:
    """Do without the empty paragraph that ends a section, unless a table stands before it."""
    empty = document.paragraphs[-1]._p
    last = empty.getprevious()
    if last is not None and last.tag == qn("w:p") and last.find(f".//{qn('w:sectPr')}") is None:
        last.get_or_add_pPr().extend(empty.iter(qn("w:sectPr")))
        empty.getparent().remove(empty)


def _fill(cell: _Cell, text: str | Sequence[str], style: str) -> None:
    lines = [text] if isinstance(text, str) else text
    style = CELL if style == ITEM_CELL and isinstance(text, str) else style
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.style = style
        paragraph.add_run(cell_text(line))


def _surround(paragraph: Paragraph, number: int, name: str) -> None:
    """Put a bookmark around a paragraph's text."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.insert_element_before(start, "w:r")
    paragraph._p.append(end)


def _add_link(paragraph: Paragraph, text: str, bookmark: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)
    run = paragraph.add_run(text)
    link.append(run._r)


def _add_field(paragraph: Paragraph, instruction: str, result: str) -> None:
    _begin_field(paragraph, instruction)
    paragraph.add_run(result)
    paragraph._p.append(_run(_mark("end")))


def _begin_field(paragraph: Paragraph, instruction: str) -> None:
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    for part in (_mark("begin"), code, _mark("separate")):
        paragraph._p.append(_run(part))


def _mark(kind: str) -> BaseOxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _run(content: BaseOxmlElement) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    run.append(content)
    return run
