"""What the page and the workbook say of the mended series."""

from typing import Any

from textmine.coding.agreement import Figure
from textmine.comparing.comparison import Comparison
from textmine.comparing.crosswalk import Step
from textmine.comparing.mending import BY_BRIDGE, Mended, single_cells
from textmine.comparing.wording import interval, signed
from textmine.report.swedish import decimal, in_words, number, percent

_MOST_ROWS = 60


def describe(comparison: Comparison) -> dict[str, Any]:
    """Give all that the section shows."""
    mended = comparison.mended
    assert mended is not None
    walk = mended.crosswalk
    return {
        "title": "Serien med brygga" if mended.how == BY_BRIDGE else "Serien med samma modell",
        "texts": _texts(comparison, mended),
        "agreement": [
            (
                comparison.later.codebook.dimensions[name].name,
                _figure(found["accuracy"], share=True),
                _figure(found["kappa"], share=False),
            )
            for name, found in (walk.agreement if walk else {}).items()
        ],
        "steps": [step_row(step, comparison) for step in _moves(walk.steps() if walk else [])],
        "caption": "Antal respondenter, som kodat och omräknat"
        + (" (rutorna som ändras mest)" if len(mended_rows(comparison)) > _MOST_ROWS else ""),
        "rows": [_shown(row) for row in mended_rows(comparison)[:_MOST_ROWS]],
    }


def _moves(steps: list[Step]) -> list[Step]:
    """Choose the codes that did not stay what they were in the whole sample."""
    moved = {(s.dimension, s.area, s.earlier) for s in steps if s.earlier != s.later}
    return [step for step in steps if (step.dimension, step.area, step.earlier) in moved]


def _texts(comparison: Comparison, mended: Mended) -> list[str]:
    one, two = comparison.names
    if mended.how == BY_BRIDGE and mended.crosswalk:
        how = (
            f"{in_words(mended.crosswalk.sampled).capitalize()} slumpvis valda utsagor från {one} "
            f"har kodats om av en människa efter kodboken för {two}. De visar vad {one} års koder "
            f"motsvarar {two}. Övriga utsagor från {one} har räknats om efter de andelarna, och "
            "intervallen tar hänsyn till hur litet provet är."
        )
    else:
        how = (
            f"Undersökningarna kodades av olika modeller, men koderna är desamma. Modellen för "
            f"{two} har därför också kodat utsagorna från {one}. Det som människor har beslutat "
            "står kvar."
        )
    share = abs(mended.gone)
    much = (
        f"{percent(share)} av förändringen som kodad försvinner"
        if mended.gone >= 0
        else f"Förändringen som kodad blir {percent(share)} större"
    )
    return [
        how,
        f"{much} med omräkningen: summan av rutornas förändringar går från "
        f"{number(round(mended.before))} till {number(round(mended.after))} respondenter. Bara "
        "rutor som finns i båda kodböckerna ingår i jämförelsen.",
    ]


def mended_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Cells of the later codebook, those where mending changes most first."""
    mended = comparison.mended
    assert mended is not None
    rows = []
    for cell in single_cells(mended.changes.cells):
        if not cell.filled:
            continue
        raw = comparison.changes.cell(cell.area, cell.category, cell.group)
        only = comparison.changes.only.get((cell.area, cell.category)) == "later"
        known = raw is not None and not only
        rows.append(
            {
                "area": comparison.area_names.get(cell.area, cell.area),
                "category": dict(mended.changes.categories[cell.area])[cell.category],
                "group": comparison.group_name(cell.group),
                "earlier": raw.earlier.counted if raw and known else None,
                "mended": cell.earlier,
                "later": cell.later.counted,
                "change": raw.counted if raw and known else None,
                "mended_change": cell,
            }
        )
    return sorted(rows, key=lambda row: -abs(row["mended"].counted - (row["earlier"] or 0)))


def step_row(step: Step, comparison: Comparison) -> list[str]:
    """A step of the crosswalk as people read it."""
    before, after = comparison.earlier.codebook, comparison.later.codebook
    none = "(ingen kod)"

    def name(book: Any, code: str) -> str:
        known = book.dimensions.get(step.dimension)
        return known.code_name(code, step.area) if code and known else none

    share = f"{percent(step.share)} ({percent(step.low)}–{percent(step.high)})"
    return [
        after.dimensions[step.dimension].name,
        comparison.area_names.get(step.area, step.area),
        name(before, step.earlier),
        name(after, step.later),
        f"{number(step.n)} av {number(step.of)}",
        share,
    ]


def _shown(row: dict[str, Any]) -> list[str]:
    earlier, cell = row["mended"], row["mended_change"]
    return [
        row["area"],
        row["category"],
        row["group"],
        "–" if row["earlier"] is None else number(row["earlier"]),
        number(earlier.counted),
        f"{number(round(earlier.low))}–{number(round(earlier.high))}",
        number(row["later"]),
        "–" if row["change"] is None else signed(row["change"]),
        signed(cell.counted),
        interval(cell.respondents),
    ]


def _figure(figure: Figure, *, share: bool) -> str:
    write = percent if share else (lambda x: decimal(x, 2))
    return f"{write(figure.value)} ({write(figure.low)}–{write(figure.high)})"
