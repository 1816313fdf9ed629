"""The report as a Word document that an evaluator can paste from."""

from collections.abc import Mapping
from pathlib import Path

from textmine.report.cells import cell_text
from textmine.report.findings.logic import EFFECT, INITIATIVE
from textmine.report.findings.model import ALL, Area, Quality, Report
from textmine.report.printed import kinds_in, numbers, numbers_of
from textmine.report.swedish import joined, number
from textmine.report.word.area import write_area
from textmine.report.word.template import NUMBER_CELL, PORTRAIT, new_document, save
from textmine.report.word.writer import Column, Writer

_EVIDENCE = (
    "Dokumentet återger inte alla utsagor. Varje siffra kan följas till utsagorna bakom den i "
    "webbrapporten (report.html) och i arbetsboken (report.xlsx, bladet Underlag)."
)
_UNKNOWN = "–"
_QUALITY = (
    ("dimension", "Kod", 2.2),
    ("by_people", "Avgjort av människor", 1.6),
    ("expected_error", "Förväntat fel utan granskning", 1.6),
    ("audited_error", "Fel i kvalitetsprovet", 2.2),
    ("agreement", "Överensstämmelse med handkodning", 2.4),
    ("kappa", "Kappa", 1.4),
    ("people", "Överensstämmelse mellan två personer", 2.4),
)


def write_word(report: Report, path: Path, figures: Mapping[tuple[str, str], Path]) -> None:
    """Write `report.docx`; the same report and figures give the same bytes.

    Parameters
    ----------
    figures
        Pictures of the flow diagrams by (area, actor).
    """
    document = new_document(cell_text(report.title))
    writer = Writer(document)
    writer.number_pages()
    writer.paragraph(report.title, "Title")
    writer.paragraph(report.subtitle, "Subtitle")
    writer.paragraph("Innehåll", "TOC Heading")
    contents = writer.paragraph("")
    _write_summary(writer, report)
    for area in report.areas:
        if area.statements:
            write_area(writer, area, report, figures)
    writer.turn(PORTRAIT)
    _write_method(writer, report)
    writer.contents(contents)
    save(document, path)


def _write_summary(writer: Writer, report: Report) -> None:
    """Write what is told of the whole survey: who reports initiatives and effects, by area."""
    writer.heading("Sammanfattning", 1)
    areas = [area for area in report.areas if area.statements]
    silent = [area.name for area in report.areas if not area.statements]
    if areas:
        counted = [
            group
            for group in areas[0].groups
            if group.key in (INITIATIVE, EFFECT) and any(area.name for area in areas)
        ]
        columns = [Column(("Område",), 2.6), Column(("Har svarat",), 2.4)]
        columns += [Column((f"Redovisar {group.name.lower()}",), 2.8) for group in counted]
        columns += [Column(("Utsagor",), 1.2, NUMBER_CELL)]
        writer.caption("Tabell", "Vilka som har svarat och vad de redovisar, efter område")
        writer.table(
            columns,
            [
                [
                    area.name or report.title,
                    [numbers(area.respondents.get(a, 0), a) for a in kinds_in(area)],
                    *(_reporting(area, group.key) for group in counted),
                    number(area.statements),
                ]
                for area in areas
            ],
            "Varje aktör räknas en gång i varje ruta. En aktör kan ha svarat inom flera områden.",
        )
    if silent:
        writer.paragraph(f"Inga utsagor finns om {joined(silent)}.")
    if report.notes:
        writer.heading("Så ska siffrorna läsas", 2)
        writer.paragraphs(report.notes, "List Bullet")


def _reporting(area: Area, group: str) -> list[str]:
    return [
        numbers_of(area.counts[ALL, group, actor], actor)
        for actor in kinds_in(area)
        if (ALL, group, actor) in area.counts
    ]


def _write_method(writer: Writer, report: Report) -> None:
    writer.heading("Metod och kvalitet", 1)
    if report.method:
        writer.heading("Metod", 2)
        writer.paragraphs(report.method)
    if report.quality:
        writer.heading("Kvalitet", 2)
        _write_quality(writer, report.quality)
    writer.heading("Underlag", 2)
    writer.paragraph(_EVIDENCE)
    if report.sources:
        writer.caption("Tabell", "Vad rapporten bygger på")
        columns = [Column(("Uppgift",), 1), Column(("Värde",), 2)]
        writer.table(columns, report.sources)


def _write_quality(writer: Writer, quality: tuple[Quality, ...]) -> None:
    """Write the quality table without the columns that nothing is known of."""
    known = [
        (field, head, width)
        for field, head, width in _QUALITY
        if any(getattr(row, field) for row in quality)
    ]
    rows = [[getattr(row, field) or _UNKNOWN for field, _, _ in known] for row in quality]
    texts = [text for row in rows for text in row]
    notes = [
        *(["Inom parentes: 95-procentigt konfidensintervall."] if "(" in "".join(texts) else []),
        *([f"{_UNKNOWN} betyder att uppgift saknas."] if _UNKNOWN in texts else []),
    ]
    writer.caption("Tabell", "Kodningens kvalitet")
    writer.table([Column((head,), width) for _, head, width in known], rows, " ".join(notes))
