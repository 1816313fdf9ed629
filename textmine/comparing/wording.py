"""How changes are told in Swedish."""

from collections.abc import Iterable

from textmine.comparing.cell import Change, Span
from textmine.comparing.comparison import Comparison
from textmine.report.swedish import (
    ACTOR_NOUNS,
    decimal,
    in_words,
    joined,
    number,
    percent,
    sentence,
)
from textmine.review.counts.drawn import ALL

_MOST = 15  # sentences of the summary
_VERBS = {"insats": "redovisar insatser", "resurs": "redovisar resurser", "mal": "redovisar mål",
          "aktivitet": "redovisar aktiviteter", "prestation": "redovisar prestationer",
          "effekt": "redovisar effekter"}  # fmt: skip
_ALL_KINDS = {"region": "Regioner", "kommun": "Kommuner", "lan": "Län", ALL: "Alla"}


def kind_name(actor: str) -> str:
    """Head for a kind of respondents."""
    return _ALL_KINDS.get(actor, sentence(actor))


def signed(value: float, digits: int = 0) -> str:
    """Write a change with its sign: `+13`, `−4`, `0`."""
    text = decimal(value, digits)
    return text if text.startswith("−") or not float(f"{value:.{digits}f}") else f"+{text}"


def points(value: float) -> str:
    """Write a change of a share in percentage points, without the unit."""
    return signed(100 * value)


def interval(span: Span) -> str:
    """Write an interval: `+8 till +17`."""
    return f"{signed(span.low)} till {signed(span.high)}"


def points_interval(span: Span) -> str:
    """Write the interval of a share's change in percentage points."""
    return f"{points(span.low)} till {points(span.high)}"


def share_text(counted: int, of: int) -> str:
    """Write a share; nothing where there is nobody."""
    return percent(counted / of) if of else "–"


def change_sentence(change: Change, comparison: Comparison) -> str:
    """Tell one change: `Antalet kommuner som redovisar … steg från 39 till 52 (+13; …)`."""
    many = ACTOR_NOUNS.get(change.actor, ACTOR_NOUNS[ALL])[1]
    what = _VERBS.get(change.group)
    group = comparison.group_name(change.group)
    category = comparison.category_name(change.area, change.category)
    about = f"”{category}”" if category else ""
    told = f"{what} i kategorin {about}" if what else f"har ”{group}”, {about}"
    if not what and change.group == "alla":
        told = f"har svar om {about}"
    area = comparison.area_names.get(change.area, "")
    where = f" inom {area}" if area else ""
    one, two = change.earlier, change.later
    verb = "steg" if change.counted > 0 else "sjönk" if change.counted < 0 else "var oförändrat"
    numbers = (
        f"från {number(one.counted)} till {number(two.counted)}"
        if change.counted
        else f"{number(one.counted)}"
    )
    corrected = change.respondents
    same = round(corrected.value) == change.counted
    estimate = "" if same else f"{signed(corrected.value)} efter rättning för kodningsfel, "
    out = (
        f"Antalet {many} som {told}{where} {verb} {numbers} ({signed(change.counted)}; {estimate}"
        f"95-procentigt intervall {interval(corrected)})."
    )
    if change.share is not None and one.of != two.of:
        out += f" {_shares(change)}"
    return out


def _shares(change: Change) -> str:
    """Tell how the share changed: `Andelen ökade från 40 % till 52 %.`"""
    one, two = change.earlier, change.later
    before, after = share_text(one.counted, one.of), share_text(two.counted, two.of)
    if before == after:
        return f"Andelen var oförändrad, {before}."
    verb = "ökade" if two.counted * one.of > one.counted * two.of else "minskade"
    return f"Andelen {verb} från {before} till {after}."


def summary_sentences(comparison: Comparison) -> list[str]:
    """Tell the clearest changes: initiatives and effects, a kind of actors at a time."""
    chosen = sorted(_telling(comparison), key=lambda c: -_size(c))[:_MOST]
    order = {id(cell): at for at, cell in enumerate(comparison.changes.cells)}
    return [change_sentence(c, comparison) for c in sorted(chosen, key=lambda c: order[id(c)])]


def _telling(comparison: Comparison) -> Iterable[Change]:
    """Choose cells that are told in words: of one kind of actors, where there are kinds."""
    changes = comparison.changes
    keys = {group.key for group in changes.groups}
    shown = {"insats", "effekt"} & keys or keys
    for cell in changes.cells:
        kinds = cell.actor != ALL if changes.actors else cell.actor == ALL
        known = (cell.area, cell.category) not in changes.only
        if kinds and known and cell.category != ALL and cell.group in shown and cell.clear:
            yield cell


def _size(change: Change) -> float:
    """How many respondents a cell changed by, had as many answered both times."""
    share = change.share.value if change.share else 0.0
    return abs(share) * min(change.earlier.of, change.later.of)


def overview(comparison: Comparison) -> str:
    """Say how many cells changed more than errors of coding explain, and how many may by chance."""
    cells = [c for c in comparison.changes.cells if c.filled and c.category != ALL]
    marked, clear = sum(c.marked for c in cells), sum(c.clear for c in cells)
    if not cells:
        return "Ingen ruta är ifylld."
    if not marked:
        return (
            f"I ingen av de {number(len(cells))} rutorna har antalet ändrats mer än vad "
            "kodningsfel kan förklara."
        )
    chance = max(1, round(0.05 * len(cells)))
    share = f"i {in_words(clear)} av dem även andelen av de svarande"
    if clear in (0, marked):
        share = f"{'liksom' if clear else 'men inte'} andelen av de svarande"
    return (
        f"I {in_words(marked)} av {number(len(cells))} rutor har antalet ändrats mer än vad "
        f"kodningsfel kan förklara, {share}. Omkring {in_words(chance)} "
        f"{'ruta' if chance == 1 else 'rutor'} kan väntas ha fått ett sådant utslag av en slump, "
        "eftersom intervallen är 95-procentiga."
    )


def areas_sentence(keys: Iterable[str], comparison: Comparison, what: str) -> str:
    """List areas of one survey alone: `Nya områden: …`."""
    names = [comparison.area_names.get(key) or key for key in keys]
    return f"{what}: {joined(names)}." if names else ""
