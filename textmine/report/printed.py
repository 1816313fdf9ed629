"""How a count is printed: with its bounds, or as too small to be shown."""

from collections.abc import Iterable

from textmine.report.findings.model import ALL, Area, Count, EffectColumn
from textmine.report.swedish import ACTOR_NOUNS, all_actors, joined, number

NOT_FOUND = "Ej identifierat"
_BLANK = "\u00a0"


def kinds_in(area: Area) -> tuple[str, ...]:
    """The kinds of actors that are counted apart; all together where no kind is known."""
    return area.actors or (ALL,)


def plural(actor: str) -> str:
    """What several actors of a kind are called: regioner."""
    return ACTOR_NOUNS[actor][1] if actor in ACTOR_NOUNS else actor


def singular(actor: str) -> str:
    """What one actor of a kind is called: region."""
    return ACTOR_NOUNS[actor][0] if actor in ACTOR_NOUNS else actor


def respondents(area: Area) -> str:
    """Say who answered in an area: `21 regioner och 107 kommuner`."""
    return all_actors({actor: area.respondents.get(actor, 0) for actor in kinds_in(area)})


def figure(count: Count) -> str:
    """Print a count: `18`, or `18 (16–19)` where it is not certain."""
    if count.hidden:
        return count.label
    if count.least == count.counted == count.most:
        return number(count.counted)
    return f"{number(count.counted)}{_BLANK}({number(count.least)}–{number(count.most)})"


def numbers_of(count: Count, actor: str) -> str:
    """Print a count of a kind of actors: `18 (16–19) regioner`."""
    if count.hidden and not count.label[-1:].isdigit():
        return f"{plural(actor)}: {count.label}"
    if not count.hidden and count.least == count.counted == count.most:
        return numbers(count.counted, actor)
    return f"{figure(count)} {plural(actor)}"


def numbers(n: int, actor: str) -> str:
    """Print a number of actors in a table: `18 regioner`, `1 kommun`."""
    return f"{number(n)} {singular(actor) if n == 1 else plural(actor)}"


def no_effects(column: EffectColumn) -> str:
    """Say why a place for effects is empty: none was found, or they are too few to be shown."""
    hidden = [count.label for count in column.counts.values() if count.hidden]
    if hidden:
        return hidden[0]
    found = any(count.counted for count in column.counts.values())
    return "–" if found and not column.effects else NOT_FOUND


def quoted_cells(area: Area) -> list[tuple[str, str, str]]:
    """List where there are typical statements: category, its name, and role, in order."""
    roles = [group.codes[0] for group in area.groups if len(group.codes) == 1]
    return [
        (category, name, role)
        for category, name in area.categories
        for role in (*roles, "")
        if area.quotes.get((category, role))
    ]


def part_of(count: Count) -> str:
    """Print a count and what it is a part of: `7 av 18`."""
    if count.hidden:
        return count.label
    return f"{figure(count)} av{_BLANK}{number(count.of)}" if count.of else "–"


def legend(counts: Iterable[Count]) -> str:
    """Explain what stands beside plain figures in a table, as far as it occurs there."""
    shown = list(counts)
    parts = []
    if any(not c.hidden and not c.least == c.counted == c.most for c in shown):
        parts.append(
            "Inom parentes står det lägsta och det högsta antal som den återstående granskningen "
            "kan ge."
        )
    labels = {c.label for c in shown if c.hidden}
    if labels:
        parts.append(_too_small(labels))
    return " ".join(parts)


def _too_small(labels: Iterable[str]) -> str:
    """Explain the labels that are printed instead of figures."""
    shown = joined(f"”{label}”" for label in sorted(labels))
    return (
        f"{shown} står i stället för antal som är för små för att redovisas eller som "
        "skulle röja sådana antal."
    )
