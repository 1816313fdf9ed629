"""The report as a workbook: tidy tables for further work, each number linked to its statements."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from textmine.report.cells import cell_text
from textmine.report.findings.logic import EFFECT, INITIATIVE
from textmine.report.findings.model import ALL, Area, Count, Group, Report
from textmine.report.names import ACTORS, SOURCES
from textmine.report.printed import no_effects, plural, quoted_cells
from textmine.report.sheets.evidence import EvidenceOrder
from textmine.report.sheets.sheets import Cell, Column, Kind, Sheets
from textmine.report.swedish import sentence

_TOTAL, _EVERYBODY = "Totalt", "Alla"
_UNDERLAG = "Underlag"
_CONTENTS = (
    ("Sammanfattning", "Vilka som har svarat, och hur siffrorna ska läsas"),
    (
        "Antal aktörer",
        "Alla antal, en rad för varje ruta: till filter och pivottabeller",
    ),
    ("Korstabell", "De viktigaste antalen, en tabell för varje område"),
    ("Effekter", "Identifierade effekter, de vanligaste först"),
    ("Vad som saknas", "Insatser utan mål, utan effekt och annat att uppmärksamma"),
    ("Typiska utsagor", "Utsagor som visar bredden i svaren"),
    ("Metod och kvalitet", "Hur kodningen är gjord och hur säker den är"),
    (_UNDERLAG, "Alla utsagor bakom siffrorna; siffrorna i de andra bladen länkar hit"),
)
_COUNTED_ONCE = (
    "Varje aktör räknas en gång i varje ruta. En aktör kan finnas i flera kategorier, och raderna "
    "Totalt och Alla räknar den en gång; antalen går därför inte att summera."
)
_COUNT_COLUMNS = (
    Column("Antal", 9, Kind.NUMBER),
    Column("Minst", 9, Kind.NUMBER),
    Column("Som mest", 9, Kind.NUMBER),
    Column("Av", 9, Kind.NUMBER),
    Column("Andel", 9, Kind.SHARE),
)
_QUALITY = (
    ("dimension", "Kod", 26),
    ("by_people", "Avgjort av människor", 18),
    ("expected_error", "Förväntat fel utan granskning", 18),
    ("audited_error", "Fel i kvalitetsprovet", 26),
    ("agreement", "Överensstämmelse med handkodning", 26),
    ("kappa", "Kappa", 14),
    ("people", "Överensstämmelse mellan två personer", 26),
)


def write_report_workbook(report: Report, path: Path) -> None:
    """Write `report.xlsx`; the same report gives the same bytes."""
    workbook = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)}
    )
    # A fixed date: the same input gives the same file.
    workbook.set_properties(
        {"title": cell_text(report.title), "created": datetime.datetime(2000, 1, 1)}
    )
    sheets = Sheets(workbook, _UNDERLAG)
    book = _Book(sheets, report)
    book.summary()
    book.counts()
    book.cross_tables()
    book.effects()
    book.gaps()
    book.quotes()
    book.method()
    book.evidence()
    try:
        workbook.close()
    except FileCreateError as error:  # a full disk, say; its cause is what the caller knows
        raise (error.args[0] if isinstance(error.args[0], OSError) else error) from error


class _Book:
    """Writes the sheets of one report."""

    def __init__(self, sheets: Sheets, report: Report) -> None:
        self.sheets, self.report = sheets, report
        self.areas = [area for area in report.areas if area.statements]
        self.order = EvidenceOrder(report)
        groups = (group for area in self.areas for group in area.groups)
        self.roles = self._code_names(g.codes[0] for g in groups if len(g.codes) == 1)

    def summary(self) -> None:
        """Write who answered and what they report, then what a reader should know."""
        sheet = self.sheets.add("Sammanfattning", [34, 16, 12, 20, 20, 12])
        sheet.line(self.report.title, "title")
        if self.report.subtitle:
            sheet.line(self.report.subtitle)
        sheet.gap()
        groups = _main_groups(self.areas[0].groups) if self.areas else []
        columns = [
            Column("Område", 34),
            Column("Aktör", 16),
            Column("Har svarat", 12, Kind.NUMBER),
            *(Column(f"Redovisar {group.name.lower()}", 20, Kind.NUMBER) for group in groups),
        ]
        rows = [
            [
                Cell(area.name or self.report.title),
                Cell(_actor(actor)),
                Cell(area.respondents.get(actor, 0)),
                *(self._figure(area, ALL, group, actor) for group in groups),
            ]
            for area in self.areas
            for actor in area.actors or (ALL,)
        ]
        sheet.table(columns, rows)
        sheet.gap()
        for note in (_COUNTED_ONCE, *self.report.notes):
            sheet.paragraph(note, width=114, columns=6)
        for area in self.report.areas:
            if not area.statements:
                sheet.line(f"Inga utsagor finns om {area.name}.")
        sheet.gap()
        sheet.line("Bladen i arbetsboken", "bold")
        for name, content in _CONTENTS:
            sheet.link(name, content)

    def counts(self) -> None:
        """Write every count: one row a cell."""
        rows = []
        for area, category, name in self._places():
            for group in area.groups:
                for actor in area.respondents:
                    count = area.counts[category, group.key, actor]
                    link = self._link(area, category, group, actor)
                    rows.append(
                        [
                            Cell(area.name),
                            Cell(name),
                            Cell(group.name),
                            Cell(_actor(actor)),
                            *_cells_of(count, link),
                            *_more_cells_of(count),
                        ]
                    )
        columns = [
            *self._heads(),
            Column(sentence(self.report.column_name) or "Grupp", 16),
            Column("Aktör", 12),
            *_COUNT_COLUMNS,
            Column("Utsagor", 9, Kind.NUMBER),
            Column("Skattning", 11, Kind.DECIMAL),
            Column("95 % från", 9, Kind.NUMBER),
            Column("95 % till", 9, Kind.NUMBER),
        ]
        self.sheets.add("Antal aktörer").whole(columns, rows)

    def cross_tables(self) -> None:
        """Write a table an area: categories by group and actor."""
        sheet = self.sheets.add("Korstabell", [40, *[13] * 20])
        sheet.line(_COUNTED_ONCE)
        sheet.gap()
        for area in self.areas:
            kinds = area.actors or (ALL,)
            sheet.line(area.name or self.report.title, "bold")
            rows = []
            for category, name in (*area.categories, (ALL, _TOTAL)):
                cells = [self._figure(area, category, g, a) for g in area.groups for a in kinds]
                rows.append([Cell(name), *cells])
            heads = [
                f"{g.name}, {plural(a)}" if len(kinds) > 1 else g.name
                for g in area.groups
                for a in kinds
            ]
            columns = [
                Column(sentence(self.report.row_name), 40),
                *(Column(head, 13, Kind.NUMBER) for head in heads),
            ]
            sheet.table(columns, rows)
            sheet.gap()

    def effects(self) -> None:
        """Write the effects, one a row, and where none was found."""
        rows = []
        for area in self.areas:
            levels = dict(area.levels)
            for column in area.effects:
                here = [Cell(area.name), Cell(column.name)]
                if not column.effects:
                    rows.append([*here, Cell(), Cell(no_effects(column)), Cell()])
                for effect in column.effects:
                    link = None if effect.label else self.order.of_ids(effect.statement_ids)
                    rows.append(
                        [
                            *here,
                            Cell(levels.get(effect.level, effect.level)),
                            Cell(effect.text),
                            Cell(effect.label or effect.respondents, link),
                        ]
                    )
        columns = [
            *self._heads(),
            Column("Nivå", 14),
            Column("Effekt", 80, wrap=True),
            Column("Antal aktörer", 12, Kind.NUMBER),
        ]
        self.sheets.add("Effekter").whole(columns, rows)

    def gaps(self) -> None:
        """Write what is missing, by category and actor."""
        rows = []
        for area in self.areas:
            names = {**dict(area.categories), ALL: _TOTAL}
            for gap in area.gaps:
                said = gap.sentence
                for (category, actor), count in gap.counts.items():
                    ids = gap.overall if category == ALL and gap.overall else gap.statement_ids
                    link = self.order.of_ids(ids, category, actor)
                    rows.append(
                        [
                            Cell(area.name),
                            Cell(gap.name),
                            Cell(names.get(category, category)),
                            Cell(_actor(actor)),
                            *_cells_of(count, link),
                            Cell(said),
                            Cell(gap.explanation),
                        ]
                    )
                    said = ""  # once is enough
        first, second = self._heads()
        columns = [
            first,
            Column("Iakttagelse", 30),
            second,
            Column("Aktör", 12),
            *_COUNT_COLUMNS,
            Column("I ord", 60),
            Column("Vad som räknas", 60),
        ]
        self.sheets.add("Vad som saknas").whole(columns, rows)

    def quotes(self) -> None:
        """Write the typical statements by category and role."""
        rows = []
        for area in self.areas:
            for category, name, role in quoted_cells(area):
                for quote in area.quotes[category, role]:
                    link = self.order.of_ids([quote.statement_id])
                    rows.append(
                        [
                            Cell(area.name),
                            Cell(name),
                            Cell(self.roles.get(role, role)),
                            Cell(_actor(quote.actor) if quote.actor else ""),
                            Cell(quote.text),
                            Cell(quote.statement_id, link),
                        ]
                    )
        columns = [
            *self._heads(),
            Column(sentence(self.report.column_name), 16),
            Column("Aktör", 12),
            Column("Utsaga", 90, wrap=True),
            Column("Utsagans id", 16),
        ]
        self.sheets.add("Typiska utsagor").whole(columns, rows)

    def method(self) -> None:
        """Write how it was done, how sure it is, and on what it rests."""
        sheet = self.sheets.add("Metod och kvalitet", [26, 18, 18, 26, 26, 14, 26])
        sheet.line("Metod", "title")
        for paragraph in self.report.method:
            sheet.paragraph(paragraph, width=154, columns=7)
        sheet.gap()
        if self.report.quality:
            sheet.line("Kvalitet", "title")
            columns = [Column(head, width, wrap=True) for _, head, width in _QUALITY]
            rows = [
                [Cell(getattr(row, field)) for field, _, _ in _QUALITY]
                for row in self.report.quality
            ]
            sheet.table(columns, rows)
            sheet.gap()
        if self.report.sources:
            sheet.line("Vad rapporten bygger på", "title")
            for what, value in self.report.sources:
                sheet.fact(what, value)

    def evidence(self) -> None:
        """Write the statements, each figure's together."""
        notes = self.order.notes(self.areas)
        areas = {area.key: area for area in self.report.areas}
        names = {key: dict(area.categories) for key, area in areas.items()}
        levels = {key: dict(area.levels) for key, area in areas.items()}
        flags = self._code_names(f for one in self.order.rows for f in one.flags)
        rows = [
            [
                Cell(one.statement_id),
                Cell(areas[one.area].name if one.area in areas else one.area),
                Cell(names.get(one.area, {}).get(one.category, one.category)),
                Cell(self.roles.get(one.role, one.role)),
                Cell(levels.get(one.area, {}).get(one.level, one.level)),
                Cell(_actor(one.actor) if one.actor else ""),
                Cell(one.respondent),
                Cell(one.text),
                Cell(", ".join(flags.get(flag, flag) for flag in one.flags)),
                Cell(SOURCES.get(one.source, one.source)),
                Cell("Ja" if one.open else "Nej"),
                Cell("; ".join(notes.get(at, ()))),
            ]
            for at, one in enumerate(self.order.rows)
        ]
        columns = [
            Column("Utsagans id", 15),
            *self._heads(),
            Column(sentence(self.report.column_name), 14),
            Column("Nivå", 12),
            Column("Aktör", 10),
            Column("Respondent", 26),
            Column("Utsaga", 80, wrap=True),
            Column("Flaggor", 24, wrap=True),
            Column("Kodad av", 11),
            Column("Återstår att granska", 11),
            Column("Iakttagelser", 36, wrap=True),
        ]
        self.sheets.add(_UNDERLAG).whole(columns, rows)

    def _heads(self) -> tuple[Column, Column]:
        return Column("Område", 26), Column(sentence(self.report.row_name), 34)

    def _places(self) -> Iterable[tuple[Area, str, str]]:
        """List the rows of every area's table of counts: area, category, its name."""
        for area in self.areas:
            for category, name in (*area.categories, (ALL, _TOTAL)):
                yield area, category, name

    def _figure(self, area: Area, category: str, group: Group, actor: str) -> Cell:
        count = area.counts[category, group.key, actor]
        return _cells_of(count, self._link(area, category, group, actor))[0]

    def _link(self, area: Area, category: str, group: Group, actor: str) -> int | None:
        return self.order.of_cell(area.key, category, group.codes, actor)

    def _code_names(self, codes: Iterable[str]) -> dict[str, str]:
        """Find the dimension that has all of some codes, and give its names."""
        wanted = set(codes)
        return next(
            (dict(names) for names in self.report.code_names.values() if wanted <= set(names)), {}
        )


def _main_groups(groups: Sequence[Group]) -> list[Group]:
    return [group for group in groups if group.key in (INITIATIVE, EFFECT)] or list(groups)


def _actor(actor: str) -> str:
    return ACTORS.get(actor, actor) if actor else _EVERYBODY


def _cells_of(count: Count, link: int | None) -> list[Cell]:
    """Show a count with its bounds and its share; of a hidden one nothing but its label."""
    if count.hidden:
        return [Cell(count.label), Cell(), Cell(), Cell(), Cell()]
    return [
        Cell(count.counted, link if count.counted else None),
        Cell(count.least),
        Cell(count.most),
        Cell(count.of),
        Cell(count.counted / count.of if count.of else None),
    ]


def _more_cells_of(count: Count) -> list[Cell]:
    """Show what else is known of a count: statements, and the estimate with its interval."""
    if count.hidden:
        return [Cell(), Cell(), Cell(), Cell()]
    return [Cell(v) for v in (count.statements, count.estimate, count.low, count.high)]
