"""An empty Word document in Swedish: styles, paper, and the same bytes for the same content."""

import datetime
import io
import zipfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.section import Section
from docx.shared import Cm, Length

# Names of styles in template.xml, beside those that every Word knows.
TABLE = "Rapporttabell"
CELL, NUMBER_CELL, ITEM_CELL = "Tabelltext", "Tabelltal", "Tabellpunkt"
HEAD, NUMBER_HEAD = "Tabellhuvud", "Tabellhuvud tal"
NOTE, FIGURE = "Tabellnot", "Figurrad"
# Parts of python-docx's own template that a report has no use for: a picture of an empty page,
# a claim to have been written with Word, a copy of the styles for Word 2010, a list of literature.
_BALLAST = ("/thumbnail", "/extended-properties", "/stylesWithEffects", "/customXml")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip file can hold


@dataclass(frozen=True)
class Paper:
    """Size and margins of a kind of page; an A4 by all means."""

    width: Length
    height: Length
    side: Length  # left and right
    top: Length
    bottom: Length
    footer: Length

    @property
    def text_width(self) -> Length:
        """What is left between the margins."""
        return Length(self.width - 2 * self.side)

    @property
    def text_height(self) -> Length:
        """What is left between the margins."""
        return Length(self.height - self.top - self.bottom)

    def apply(self, section: Section) -> None:
        """Make a section's pages such ones."""
        wide = self.width > self.height
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = self.width, self.height
        section.left_margin = section.right_margin = self.side
        section.top_margin, section.bottom_margin = self.top, self.bottom
        section.header_distance = section.footer_distance = self.footer


PORTRAIT = Paper(Cm(21), Cm(29.7), Cm(2.5), Cm(2.5), Cm(2.5), Cm(1.2))
LANDSCAPE = Paper(Cm(29.7), Cm(21), Cm(2), Cm(2), Cm(2), Cm(1))
# A diagram is drawn for a whole A4: as much of it as a printer can reach.
FOR_FIGURE = Paper(Cm(29.7), Cm(21), Cm(0.7), Cm(0.6), Cm(1.1), Cm(0.5))


def new_document(title: str) -> WordDocument:
    """Make an empty document that has the report's styles and no content."""
    document = Document()
    package = document.part.package
    for rels in (package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_BALLAST)]:
            del rels[key]
    text = resources.files("textmine.report.word").joinpath("template.xml").read_bytes()
    parts = document.styles.element, document.part.numbering_part.element, document.settings.element
    for ours, theirs in zip(parse_xml(text), parts, strict=True):
        theirs[:] = list(ours)
    PORTRAIT.apply(document.sections[0])
    properties = document.core_properties
    properties.title, properties.language = title, "sv-SE"
    properties.author = properties.last_modified_by = "textmine"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime.datetime(2000, 1, 1)
    return document


def save(document: WordDocument, path: Path) -> None:
    """Write a document without the time of day that a zip file takes down."""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w") as out:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o600 << 16
            out.writestr(entry, made.read(name), zipfile.ZIP_DEFLATED)
