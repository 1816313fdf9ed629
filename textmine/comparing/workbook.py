"""The comparison's workbook: every cell with its figures, and what came and went."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from textmine.comparing.cell import Change
from textmine.comparing.comparison import Comparison
from textmine.comparing.mended_words import mended_rows, step_row
from textmine.comparing.respondents import only_in
from textmine.comparing.told import facts, method, sources
from textmine.comparing.wording import overview
from textmine.report.cells import cell_text
from textmine.report.names import ACTORS
from textmine.report.styles import Styles
from textmine.review.counts.drawn import ALL

_ROWS = 1_048_000  # Excel's, less some for the header
_CHANGES, _RESPONDENTS, _THEMES = "Förändringar", "Respondenter", "Nya teman"


def write_workbook(comparison: Comparison, path: Path) -> None:
    """Write `compare.xlsx`."""
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Jämförelse", "created": datetime.datetime(2000, 1, 1)})
    sheets = _Sheets(workbook, comparison)
    sheets.overview()
    sheets.changes()
    sheets.news()
    sheets.respondents()
    sheets.themes()
    sheets.mended()
    workbook.close()


class _Sheets:
    """Writes the sheets."""

    def __init__(self, workbook: Any, comparison: Comparison) -> None:
        self.workbook, self.comparison = workbook, comparison
        self.styles = Styles(workbook)
        self.rate = workbook.add_format({"num_format": "0.0", "align": "left", "valign": "top"})
        self.one, self.two = comparison.names
        self.areas = any(name for _, name in comparison.changes.areas)

    def overview(self) -> None:
        """What is compared, what breaks the series, and how to read."""
        sheet = self.workbook.add_worksheet("Översikt")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 2, 24)
        row = 0
        sheet.write_string(
            row, 0, f"Jämförelse mellan {self.one} och {self.two}", self.styles.title
        )
        row += 2
        for what, one, two in [("", self.one, self.two), *facts(self.comparison)]:
            for at, value in enumerate((what, one, two)):
                sheet.write_string(row, at, cell_text(value), self.styles.plain)
            row += 1
        blocks: list[tuple[str, Iterable[tuple[str, str]]]] = [
            ("Brott i serien", [(b.title, b.text) for b in self.comparison.breaks]),
            ("Resultat", [("", overview(self.comparison))]),
            ("Så är jämförelsen gjord", [("", text) for text in method(self.comparison)]),
            ("Källor", sources(self.comparison)),
        ]
        wide = self.styles.wrapped
        for head, lines in blocks:
            if not lines:
                continue
            row += 1
            sheet.write_string(row, 0, head, self.styles.bold)
            for what, text in lines:
                row += 1
                sheet.write_string(row, 0, cell_text(what), wide)
                sheet.merge_range(row, 1, row, 6, cell_text(text), wide)
                sheet.set_row(row, 15 * (1 + len(text) // 100))

    def changes(self) -> None:
        """Every cell."""
        rows = [self._change(cell) for cell in self.comparison.changes.cells if cell.filled]
        heads = [
            *self._keys(actor=True),
            *[f"{name}: {what}" for name in (self.one, self.two) for what in
              ("respondenter", "säkra", "av", "andel (%)", "skattning", "95 % från", "95 % till",
               "utsagor")],
            "Förändring: respondenter", "Rättad förändring", "95 % från", "95 % till",
            "Förändring: procentenheter", "95 % från", "95 % till",
            "Förändring: utsagor (rättad)", "95 % från", "95 % till",
            f"I båda: {self.one}", f"I båda: {self.two}", "I båda: av", "I båda: rättad förändring",
            "95 % från", "95 % till", "Antalet ändrat mer än kodningsfelet",
            "Andelen ändrad mer än kodningsfelet",
        ]  # fmt: skip
        self._table(_CHANGES, heads, rows)

    def news(self) -> None:
        """Cells and areas of one survey alone."""
        news = self.comparison.news
        names = self.comparison.area_names
        rows: list[list[Any]] = []
        for what, areas, cells in (
            (f"Bara {self.two}", news.areas_new, news.cells_new),
            (f"Bara {self.one}", news.areas_gone, news.cells_gone),
        ):
            blank = [""] * (1 + self.areas)
            rows += [[what, names.get(a, a), *blank[1:], "(hela området)", None] for a in areas]
            rows += [
                [what, *self._named(c), max(c.earlier.counted, c.later.counted)] for c in cells
            ]
        self._table("Tillkommit och fallit bort", ["Vad", *self._keys(), "Respondenter"], rows)

    def respondents(self) -> None:
        """Respondents that changed, the surest first; then those of one survey alone."""
        comparison = self.comparison
        rows: list[list[Any]] = [
            [
                turn.respondent,
                ACTORS.get(turn.actor, turn.actor),
                *([comparison.area_names.get(turn.area, turn.area)] if self.areas else []),
                comparison.category_name(turn.area, turn.category),
                comparison.group_name(turn.group),
                turn.what,
                round(100 * turn.certainty),
                turn.text,
                turn.statement_id,
            ]
            for turn in comparison.turns
        ]
        heads = ["Respondent", "Aktör", *self._keys(), "Vad", "Säkerhet (%)", "Utsaga",
                 "Utsagans id"]  # fmt: skip
        self._table(_RESPONDENTS, heads, rows, wide="Utsaga")
        drawn = comparison.changes
        if not (comparison.earlier.has_respondents and comparison.later.has_respondents):
            return
        alone = [
            [year.names.get(who, who), comparison.area_names.get(area, area), label]
            for year, label, pair in (
                (comparison.earlier, f"bara {self.one}", (drawn.earlier, drawn.later)),
                (comparison.later, f"bara {self.two}", (drawn.later, drawn.earlier)),
            )
            for area, who in only_in(*pair)
        ]
        self._table("Svarade en gång", ["Respondent", "Område", "Svarade"], alone)

    def themes(self) -> None:
        """Unusual statements of the later survey."""
        names = self.comparison.area_names
        rows = [
            [t.text, t.respondent, names.get(t.area, t.area), round(100 * t.novelty, 1),
             t.statement_id]
            for t in self.comparison.news.themes
        ]  # fmt: skip
        heads = ["Utsaga", "Respondent", "Område", "Ovanlighet (%)", "Utsagans id"]
        self._table(_THEMES, heads, rows, wide="Utsaga")

    def mended(self) -> None:
        """The mended series and the crosswalk."""
        mended = self.comparison.mended
        if mended is None:
            return
        rows = []
        for row in mended_rows(self.comparison):
            earlier, cell = row["mended"], row["mended_change"]
            rows.append(
                [
                    *([row["area"]] if self.areas else []), row["category"], row["group"],
                    row["earlier"], earlier.counted, earlier.low, earlier.high, row["later"],
                    row["change"], cell.counted, cell.respondents.low, cell.respondents.high,
                    "Ja" if cell.marked else "Nej",
                ]
            )  # fmt: skip
        heads = [
            *self._keys(), f"{self.one} som kodat", f"{self.one} omräknat", "95 % från",
            "95 % till", self.two, "Förändring som kodat", "Förändring omräknad", "95 % från",
            "95 % till", "Antalet ändrat mer än kodningsfelet",
        ]  # fmt: skip
        self._table("Omräknat", heads, rows)
        if mended.crosswalk is not None:
            heads = ["Dimension", "Område", f"Kod {self.one}", f"Kod {self.two}", "I provet",
                     "Andel (95-procentigt intervall)"]  # fmt: skip
            steps = [step_row(step, self.comparison) for step in mended.crosswalk.steps()]
            self._table("Brygga", heads, steps)

    def _keys(self, *, actor: bool = False) -> list[str]:
        comparison = self.comparison
        rows = comparison.later.codebook.dimensions[comparison.later.layout.rows].name
        kinds = ["Aktör"] if actor and comparison.changes.actors else []
        return [*(["Område"] if self.areas else []), rows, "Grupp", *kinds]

    def _named(self, cell: Change) -> list[str]:
        comparison = self.comparison
        category = comparison.category_name(cell.area, cell.category)
        return [
            *([comparison.area_names.get(cell.area, cell.area)] if self.areas else []),
            category if cell.category != ALL else "(någon kategori)",
            comparison.group_name(cell.group),
        ]

    def _change(self, cell: Change) -> list[Any]:
        kinds = [ACTORS.get(cell.actor, cell.actor) or "Alla"]
        sides = [
            value
            for side in (cell.earlier, cell.later)
            for value in (
                side.counted, side.certain, side.of,
                None if side.share is None else 100 * side.share,
                side.estimate, side.low, side.high, side.statements,
            )
        ]  # fmt: skip
        share, panel = cell.share, cell.panel
        points = (
            [None] * 3 if share is None else [100 * x for x in (share.value, share.low, share.high)]
        )
        both: list[Any] = [None] * 6
        if panel is not None:
            span = panel.respondents
            both = [panel.earlier, panel.later, panel.of, span.value, span.low, span.high]
        spans = [
            value
            for span in (cell.respondents, cell.statements)
            for value in (span.value, span.low, span.high)
        ]
        return [
            *self._named(cell), *(kinds if self.comparison.changes.actors else []), *sides,
            cell.counted, *spans[:3], *points, *spans[3:], *both,
            "Ja" if cell.marked else "Nej",
            "" if share is None else ("Ja" if share.sure else "Nej"),
        ]  # fmt: skip

    def _table(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, wide: str = ""
    ) -> None:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_row(0, 45)
        for at, head in enumerate(heads):
            texts = [row[at] for row in rows[:200] if isinstance(row[at], str)]
            longest = max((len(text) for text in texts), default=0)
            sheet.set_column(at, at, 60 if head == wide else min(40, max(12, longest + 2)))
            sheet.write_string(0, at, head, self.styles.header)
        for number, row in enumerate(rows[:_ROWS], start=1):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    style = self.styles.wrapped if heads[at] == wide else self.styles.plain
                    sheet.write_string(number, at, cell_text(value), style)
                elif isinstance(value, int):
                    sheet.write_number(number, at, value, self.styles.number)
                elif value is not None:
                    sheet.write_number(number, at, value, self.rate)
        fixed = heads.index("Grupp") + 1 if "Grupp" in heads else 1
        sheet.freeze_panes(1, min(fixed, 4))
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
