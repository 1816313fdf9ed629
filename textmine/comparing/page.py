"""The comparison's page: one file that asks nothing of any network."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from textmine.comparing import mended_words, told
from textmine.comparing.cell import Change
from textmine.comparing.comparison import Comparison
from textmine.comparing.figures import Picture
from textmine.comparing.wording import (
    areas_sentence,
    interval,
    kind_name,
    overview,
    points,
    points_interval,
    share_text,
    signed,
    summary_sentences,
)
from textmine.report.findings.logic import EFFECT, INITIATIVE
from textmine.report.findings.model import Group
from textmine.report.swedish import in_words, number
from textmine.review.counts.drawn import ALL

_HERE = Path(__file__).parent
_REPORT = _HERE.parent / "report" / "page" / "static"  # the report's looks are ours
_MOST_CELLS, _MOST_THEMES, _MOST_TURNED = 30, 20, 100
# Signs that no page may hold; they come with answers pasted from elsewhere.
_CONTROLS = {at: None for at in (*range(0x20), *range(0x7F, 0xA0)) if at not in (0x09, 0x0A)}


def write_page(comparison: Comparison, pictures: Sequence[Picture], path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    pictures
        The figures, to stand with what they are about.
    """
    path.write_text(render_page(comparison, pictures), encoding="utf-8", newline="\n")


def render_page(comparison: Comparison, pictures: Sequence[Picture]) -> str:
    """Give the page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (_REPORT / "copy.js").read_text(encoding="utf-8")
    styles = [_REPORT / "page.css", _REPORT / "print.css", _HERE / "templates" / "compare.css"]
    style = "".join(file.read_text(encoding="utf-8") for file in styles)
    changes, news = comparison.changes, comparison.news
    mended = comparison.mended
    page = environment.get_template("compare.html").render(
        title=f"Jämförelse mellan {comparison.names[0]} och {comparison.names[1]}",
        lead=told.lead(comparison),
        names=comparison.names,
        breaks=comparison.breaks,
        breaks_title="Serien är bruten"
        if any(found.grave for found in comparison.breaks)
        else "Att tänka på",
        breaks_number=_points_number(len(comparison.breaks)),
        bridge_hint=told.bridge_hint(comparison),
        overview=overview(comparison),
        facts=told.facts(comparison),
        sentences=summary_sentences(comparison),
        areas=[_area(comparison, area, name, pictures) for area, name in changes.areas],
        pictures=[_picture(p) for p in pictures if p.area is None],
        kinds=bool(changes.actors),
        with_panel=any(cell.panel for cell in changes.cells),
        row_name=comparison.later.codebook.dimensions[comparison.later.layout.rows].name,
        areas_known=any(name for _, name in changes.areas),
        area_news=[
            sentence
            for keys, what in ((news.areas_new, "Nya områden"), (news.areas_gone, "Områden borta"))
            if (sentence := areas_sentence(keys, comparison, what))
        ],
        cell_news=[
            (
                _news_caption(cells, f"Redovisat {there} men inte {lacking}"),
                there,
                _news_rows(cells, comparison),
            )
            for cells, there, lacking in (
                (news.cells_new, comparison.names[1], comparison.names[0]),
                (news.cells_gone, *comparison.names),
            )
        ],
        themes_sentence=told.themes(comparison),
        themes=[
            {
                "text": t.text,
                "by": ", ".join(filter(None, (t.respondent, _area_name(comparison, t.area)))),
            }
            for t in news.themes[:_MOST_THEMES]
        ],
        themes_left=_left(len(news.themes), _MOST_THEMES, "Nya teman"),
        turned=_turned(comparison),
        mended=mended_words.describe(comparison) if mended else None,
        method=told.method(comparison),
        sources=told.sources(comparison),
        numbered=_numbering(),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(script),
    )
    return page.translate(_CONTROLS)


def _policy(script: str) -> str:
    """Allow what is on the page and nothing else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _numbering() -> Callable[[str], str]:
    numbers: dict[str, Any] = {}
    return lambda kind: f"{kind} {next(numbers.setdefault(kind, count(1)))}"


def _points_number(n: int) -> str:
    return f"{in_words(n)} {'punkt' if n == 1 else 'punkter'}"


def _area(
    comparison: Comparison, area: str, name: str, pictures: Sequence[Picture]
) -> dict[str, Any]:
    return {
        "anchor": f"omrade-{area}" if area else "resultat",
        "name": name,
        "lead": told.area_lead(comparison, area),
        "pictures": [_picture(p) for p in pictures if p.area == area],
        "tables": [
            {
                "caption": f"{group.name}: antal {told.counted_kinds(comparison, area)}, "
                f"{comparison.names[0]} och {comparison.names[1]}",
                "blocks": blocks,
            }
            for group in shown_groups(comparison)
            if (blocks := _blocks(comparison, area, group))
        ],
    }


def shown_groups(comparison: Comparison) -> list[Group]:
    """Choose what the page shows; the workbook has all."""
    groups = list(comparison.changes.groups)
    main = [group for group in groups if group.key in (INITIATIVE, EFFECT)]
    return main or groups


def _blocks(comparison: Comparison, area: str, group: Group) -> list[dict[str, Any]]:
    changes = comparison.changes
    out = []
    for category, name in (*changes.categories[area], (ALL, "Någon kategori")):
        cells = [
            {"kind": kind_name(kind), **_figures(cell)}
            for kind in (changes.actors or (ALL,))
            if (cell := changes.cell(area, category, group.key, kind)) is not None and cell.filled
        ]
        only = changes.only.get((area, category))
        names = comparison.names
        note = f"bara i kodboken {names[only == 'later']}" if only else ""
        if cells:
            out.append({"name": name, "note": note, "cells": cells})
    return out


def _figures(cell: Change) -> dict[str, Any]:
    panel = cell.panel
    return {
        "earlier": number(cell.earlier.counted),
        "earlier_share": share_text(cell.earlier.counted, cell.earlier.of),
        "later": number(cell.later.counted),
        "later_share": share_text(cell.later.counted, cell.later.of),
        "change": signed(cell.counted),
        "interval": interval(cell.respondents),
        "mark": _mark(cell),
        "mark_told": "Större än kodningsfelet"
        if cell.clear
        else "Antalet, men inte andelen, har ändrats mer än kodningsfelet",
        "points": points(cell.share.value) if cell.share else "–",
        "points_interval": points_interval(cell.share) if cell.share else "",
        "panel": f"{number(panel.earlier)} → {number(panel.later)} av {number(panel.of)}"
        if panel and panel.of
        else "–",
        "panel_interval": interval(panel.respondents) if panel and panel.of else "",
    }


def _mark(cell: Change) -> str:
    """Show what changed for sure: filled if their share did so too."""
    if not cell.marked:
        return ""
    up = cell.respondents.value > 0
    return ("▲" if up else "▼") if cell.clear else ("△" if up else "▽")


def _picture(picture: Picture) -> dict[str, Any]:
    return {"svg": Markup(picture.svg), "title": picture.title}


def _area_name(comparison: Comparison, area: str) -> str:
    return comparison.area_names.get(area, area)


def _news_caption(cells: Sequence[Change], head: str) -> str:
    return f"{head} (de {in_words(_MOST_CELLS)} största)" if len(cells) > _MOST_CELLS else head


def _news_rows(cells: Sequence[Change], comparison: Comparison) -> list[list[str]]:
    return [
        [
            _area_name(comparison, cell.area),
            comparison.category_name(cell.area, cell.category),
            comparison.group_name(cell.group),
            number(max(cell.earlier.counted, cell.later.counted)),
            f"{signed(cell.counted)} ({interval(cell.respondents)})",
        ]
        for cell in cells[:_MOST_CELLS]
    ]


def _left(n: int, shown: int, sheet: str) -> str:
    if n <= shown:
        return ""
    return f"Ytterligare {number(n - shown)} finns i arbetsbokens blad {sheet}."


def _turned(comparison: Comparison) -> dict[str, Any] | None:
    """Respondents with what came and went for sure, those with most first."""
    if not (comparison.earlier.has_respondents and comparison.later.has_respondents):
        return None
    rows = told.turned_rows(comparison, [group.key for group in shown_groups(comparison)])
    return {
        "sentence": told.turned(comparison),
        "caption": "Förändringar större än kodningsfelet hos dem som svarade båda gångerna",
        "rows": _joined(rows[:_MOST_TURNED]),
        "left": _left(len(rows), _MOST_TURNED, "Respondenter"),
    }


def _joined(rows: Iterable[tuple[str, str, list[str], list[str]]]) -> list[list[str]]:
    return [[who, area, "; ".join(came), "; ".join(went)] for who, area, came, went in rows]
