"""One area's chapter of the Word report: counts, diagrams, effects, gaps, typical statements."""

from collections.abc import Mapping
from pathlib import Path

from textmine.report.findings.logic import EFFECT, INITIATIVE
from textmine.report.findings.model import ALL, Area, Effect, EffectColumn, Group, Report
from textmine.report.printed import (
    NOT_FOUND,
    figure,
    kinds_in,
    legend,
    no_effects,
    numbers_of,
    part_of,
    plural,
    quoted_cells,
    respondents,
    singular,
)
from textmine.report.swedish import in_words, joined, number, sentence
from textmine.report.word.template import FOR_FIGURE, ITEM_CELL, LANDSCAPE, NUMBER_CELL, PORTRAIT
from textmine.report.word.writer import Column, Writer

_MOST_QUOTES = 3  # for a category and role; workbook and page show all
_WIDE = 4  # columns of effects that need a page on its side
_ONCE = (
    "Varje aktör räknas en gång i varje ruta, även på raden Totalt. En aktör kan finnas i flera "
    "kategorier; raderna går därför inte att summera."
)
_FLOWS = (
    "visar vad som redovisas i varje led från resurser till effekter, med antal aktörer och "
    "typiska utsagor. Banden går mellan sådant som tas upp i samma svar. De visar inte att det ena "
    "har lett till det andra."
)


def write_area(
    writer: Writer, area: Area, report: Report, figures: Mapping[tuple[str, str], Path]
) -> None:
    """Write the chapter; parts that the area has nothing for are left out."""
    writer.turn(PORTRAIT)
    writer.heading(area.name or "Resultat", 1)
    writer.paragraph(
        f"{sentence(respondents(area))} har svarat. Svaren innehåller "
        f"{in_words(area.statements)} {'utsaga' if area.statements == 1 else 'utsagor'}."
    )
    _write_counts(writer, area, report)
    if area.flows:
        _write_flows(writer, area, figures)
    if area.effects:
        _write_effects(writer, area)
    writer.turn(PORTRAIT)
    if area.gaps:
        _write_gaps(writer, area)
    if any(area.quotes.values()):
        _write_quotes(writer, area)


def _about(area: Area, text: str) -> str:
    """Begin a caption with what it is about."""
    return f"{area.name}: {text}" if area.name else sentence(text)


def _write_counts(writer: Writer, area: Area, report: Report) -> None:
    kinds = kinds_in(area)
    logic = [group for group in area.groups if group.key in (INITIATIVE, EFFECT)]
    groups = logic or list(area.groups)
    who = joined(plural(actor) for actor in kinds)
    writer.heading(f"Antal {who}", 2)
    writer.paragraphs(area.sentences, "List Bullet")
    cells = [(group, actor) for group in groups for actor in kinds]
    rows = [*area.categories, (ALL, "Totalt")]
    if logic:
        what = f"som redovisar {joined(group.name.lower() for group in groups)}"
    else:
        crossed = [report.row_name, *([report.column_name] if len(groups) > 1 else [])]
        what = f"efter {joined(name.lower() for name in crossed)}"
    writer.caption("Tabell", _about(area, f"antal {who} {what}"))
    shown = [area.counts[code, g.key, a] for code, _ in rows for g, a in cells]
    writer.table(
        [
            Column((sentence(report.row_name),), 2.5),
            *(Column((_head(group, actor, kinds),), 1.2, NUMBER_CELL) for group, actor in cells),
        ],
        [
            [name, *(figure(area.counts[code, group.key, actor]) for group, actor in cells)]
            for code, name in rows
        ],
        f"{_ONCE} {legend(shown)}".strip(),
    )


def _head(group: Group, actor: str, kinds: tuple[str, ...]) -> str:
    if not group.codes:
        return sentence(plural(actor))
    return f"{group.name}, {plural(actor)}" if len(kinds) > 1 else group.name


def _write_effects(writer: Writer, area: Area) -> None:
    """Write the table of effects: a column a category, a row a level."""
    some = any(column.effects for column in area.effects)
    writer.turn(LANDSCAPE if some and len(area.effects) >= _WIDE else PORTRAIT)
    writer.heading("Identifierade effekter", 2)
    if area.effects_sentence:
        writer.paragraph(area.effects_sentence)
    if not some:
        missing = {no_effects(column) for column in area.effects}
        if not area.effects_sentence and missing == {NOT_FOUND}:
            writer.paragraph("Inga effekter har identifierats.")
        return
    kinds = kinds_in(area)
    known = dict(area.levels)
    found = {_level(effect, known) for column in area.effects for effect in column.effects}
    levels = [*known.items(), *([("", "Ej angiven")] if "" in found else [])]
    most = max(len(column.effects) for column in area.effects)
    columns = [  # a full column is wider than an empty one
        Column(_effect_head(column, kinds), 1.5 + (len(column.effects) / most) ** 0.5, ITEM_CELL)
        for column in area.effects
    ]
    rows: list[list[str | list[str]]] = [
        [
            [_effect(effect) for effect in column.effects if _level(effect, known) == code]
            or no_effects(column)
            for column in area.effects
        ]
        for code, _ in levels
    ]
    if len(levels) > 1:
        columns.insert(0, Column(("Nivå",), 1))
        rows = [[name, *cells] for (_, name), cells in zip(levels, rows, strict=True)]
    writer.caption("Tabell", _about(area, "identifierade effekter av insatserna"))
    writer.table(columns, rows, _note_on_effects(area, kinds))


def _level(effect: Effect, known: Mapping[str, str]) -> str:
    return effect.level if effect.level in known else ""


def _note_on_effects(area: Area, kinds: tuple[str, ...]) -> str:
    counts = [column.counts[a] for column in area.effects for a in kinds if a in column.counts]
    joint = [effect for column in area.effects for effect in column.effects]
    parts = ["Talen i tabellhuvudet visar hur många som redovisar effekter.", legend(counts)]
    if any(effect.respondents > 1 for effect in joint):
        hidden = any(effect.label for effect in joint)
        parts.append(
            "Effekter med nästan samma ordalydelse är sammanförda. Talet inom parentes efter en "
            "effekt visar hur många som redovisar den. "
            + ("Små tal är utelämnade." if hidden else "Effekter utan tal redovisas av en aktör.")
        )
    return " ".join(part for part in parts if part)


def _effect_head(column: EffectColumn, kinds: tuple[str, ...]) -> tuple[str, ...]:
    numbers = [numbers_of(column.counts[a], a) for a in kinds if a in column.counts]
    return (column.name, *numbers)


def _effect(effect: Effect) -> str:
    many = effect.respondents > 1 and not effect.label
    return f"{effect.text}\u00a0({number(effect.respondents)})" if many else effect.text


def _write_flows(writer: Writer, area: Area, figures: Mapping[tuple[str, str], Path]) -> None:
    """Write a page a diagram; a diagram without a picture is described in words."""
    writer.heading("Verksamhetslogik", 2)
    drawn = [flow for flow in area.flows if (area.key, flow.actor) in figures]
    writer.paragraphs(f.description for f in area.flows if f not in drawn)
    if drawn:
        where = (
            "Flödesschemat på nästa sida" if len(drawn) == 1 else "Flödesschemana på följande sidor"
        )
        writer.paragraph(f"{where} {_FLOWS}")
        writer.turn(FOR_FIGURE)
    for flow in drawn:
        writer.caption("Figur", f"Verksamhetslogik: {flow.title}")
        writer.picture(figures[area.key, flow.actor], flow.description)


def _write_gaps(writer: Writer, area: Area) -> None:
    kinds = kinds_in(area)
    writer.heading("Vad som saknas", 2)
    writer.paragraphs((gap.sentence for gap in area.gaps if gap.sentence), "List Bullet")
    writer.caption("Tabell", _about(area, "vad som saknas eller bör uppmärksammas"))
    shown = [gap.counts[ALL, a] for gap in area.gaps for a in kinds if (ALL, a) in gap.counts]
    writer.table(
        [
            Column(("Iakttagelse",), 2.2),
            Column(("Vad som räknas",), 4),
            *(Column((sentence(plural(actor)),), 1.4, NUMBER_CELL) for actor in kinds),
        ],
        [
            [
                gap.name,
                gap.explanation,
                *(part_of(gap.counts[ALL, a]) if (ALL, a) in gap.counts else "–" for a in kinds),
            ]
            for gap in area.gaps
        ],
        legend(shown),
    )


def _write_quotes(writer: Writer, area: Area) -> None:
    writer.heading("Typiska utsagor", 2)
    writer.paragraph(
        "Utsagorna är valda för att vara typiska och ändå visa bredden i svaren. Utsagor där "
        "personuppgifter har hittats återges inte, och den svarandes eget namn är ersatt. Ortnamn "
        "och andra namn kan finnas kvar."
    )
    names = {group.codes[0]: group.name for group in area.groups if len(group.codes) == 1}
    above = ""
    for category, name, role in quoted_cells(area):
        if category != above:
            writer.heading(name, 3)
            above = category
        if role:
            writer.heading(names[role], 4)
        for quote in area.quotes[category, role][:_MOST_QUOTES]:
            told = len(kinds_in(area)) > 1 and quote.actor
            actor = f" ({singular(quote.actor)})" if told else ""
            writer.paragraph(f"”{quote.text}”{actor}", "List Bullet")
